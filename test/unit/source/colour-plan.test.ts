import { describe, expect, test } from 'vitest';
import { type ColourTags, colourPlan } from '../../../src/source/colour-plan.js';

const plain: ColourTags = {
  pixelFormat: 'yuv420p',
  range: null,
  matrix: null,
  transfer: null,
  widthPx: 1920,
  heightPx: 1080,
};

describe('ordinary pictures are not converted', () => {
  test.each([
    { tags: {}, matrix: 'bt709' },
    { tags: { widthPx: 640, heightPx: 480 }, matrix: 'bt601' },
    { tags: { widthPx: 480, heightPx: 640 }, matrix: 'bt601' },
    { tags: { matrix: 'smpte170m' }, matrix: 'bt601' },
    { tags: { matrix: 'bt470bg' }, matrix: 'bt601' },
    { tags: { widthPx: 320, heightPx: 240, matrix: 'bt709' }, matrix: 'bt709' },
    { tags: { pixelFormat: 'yuv422p10le', matrix: 'bt709', transfer: 'bt709' }, matrix: 'bt709' },
  ])('$tags: $matrix', ({ tags, matrix }) => {
    expect(colourPlan({ ...plain, ...tags })).toEqual({ scaleOptions: '', after: [], matrix, note: null });
  });
});

test.each([
  { what: 'full range by its mark', tags: { range: 'pc' }, options: ':out_range=tv', matrix: 'bt709' },
  { what: 'full range by its format', tags: { pixelFormat: 'yuvj420p' }, options: ':out_range=tv', matrix: 'bt709' },
  { what: 'RGB', tags: { pixelFormat: 'gbrp' }, options: ':out_color_matrix=bt709:out_range=tv', matrix: 'bt709' },
  {
    what: 'small RGB',
    tags: { pixelFormat: 'bgr0', widthPx: 64 },
    options: ':out_color_matrix=bt709:out_range=tv',
    matrix: 'bt709',
  },
  { what: 'another matrix', tags: { matrix: 'smpte240m' }, options: ':out_color_matrix=bt709', matrix: 'bt709' },
])('$what is brought to limited range and a known matrix', ({ tags, options, matrix }) => {
  expect(colourPlan({ ...plain, ...tags })).toMatchObject({ scaleOptions: options, matrix, note: null });
});

test.each([
  { tags: { transfer: 'smpte2084', matrix: 'bt2020nc' }, note: /HDR \(PQ\)/ },
  { tags: { transfer: 'arib-std-b67', matrix: 'bt2020nc' }, note: /HDR \(HLG\)/ },
  { tags: { transfer: 'bt2020-10', matrix: 'bt2020nc' }, note: /BT\.2020/ },
])('$tags: told, and BT.709 comes out', ({ tags, note }) => {
  expect(colourPlan({ ...plain, ...tags })).toMatchObject({ matrix: 'bt709', note: expect.stringMatching(note) });
});
