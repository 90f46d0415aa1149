import { describe, expect, it } from 'vitest';
import { isTrained, manifestSchema, parseManifest } from '../../../src/models/manifest.js';
import { affectManifestWith } from '../../support/affect-manifest.js';

describe('manifestSchema', () => {
  it.each([{ units: undefined }, { units: [] }, { units: ['1', '12', '12L', '12R', '45'] }])(
    'takes a trained model with action units $units',
    ({ units }) => {
      const manifest = manifestSchema.parse(affectManifestWith(units));
      expect(isTrained(manifest) && manifest.labels.actionUnits).toEqual(units);
    },
  );

  it.each([{ units: ['AU12'] }, { units: ['12l'] }, { units: ['12', '4', '12'] }])('refuses $units', ({ units }) => {
    expect(manifestSchema.safeParse(affectManifestWith(units)).success).toBe(false);
  });

  it.each([
    { count: 8, taken: true },
    { count: 7, taken: false },
  ])('a bias of $count emotions: taken $taken', ({ count, taken }) => {
    const calibration = { temperature: 1, bias: Array(count).fill(0.1), abstainBelow: 0.4 };
    expect(manifestSchema.safeParse({ ...affectManifestWith(['1']), calibration }).success).toBe(taken);
  });
});

describe('parseManifest', () => {
  const whole = affectManifestWith(['1']);

  it.each([
    ['a field that is missing', JSON.stringify({ ...whole, calibration: undefined }), 'not as expected: calibration'],
    [
      'a field deep inside',
      JSON.stringify({ ...whole, alignment: { ...whole.alignment, mouth: 'low' } }),
      ': alignment.mouth',
    ],
    ['an unknown field', JSON.stringify({ ...whole, colour: 1 }), 'has an unknown field: colour'],
    ['a list', '[]', 'is not an object'],
    ['nothing', 'null', 'is not an object'],
    ['half a file', '{"id": ', 'is not JSON'],
  ])('names %s in the house’s words', (_, text, words) => {
    const parse = () => parseManifest(text, 'models/x/manifest.json');
    expect(parse).toThrow(expect.objectContaining({ code: 'MODEL_INVALID' }));
    expect(parse).toThrow(words);
    expect(parse).not.toThrow(/Invalid|Unrecognized/);
  });
});
