import { expect, it } from 'vitest';
import { FACE_PARTS } from '../../../src/domain/face-parts.js';
import { neededParts } from '../../../src/domain/needed-parts.js';
import { readManifest } from '../../../src/models/registry.js';

it.each([
  ['12', ['mouth']],
  ['12L', ['mouth']],
  ['26', ['mouth', 'chin']],
  ['9R', ['nose']],
  ['1', ['leftBrow', 'rightBrow']],
  ['1L', ['leftBrow']],
  ['2R', ['rightBrow']],
  ['6', ['leftEye', 'rightEye', 'leftCheek', 'rightCheek']],
  ['45', ['leftEye', 'rightEye']],
])('unit %s shows in %j', (key, parts) => {
  expect(neededParts(key)).toEqual(parts);
});

it('knows where each unit of the shipped model shows, and asks for the whole face where FACS says nothing', () => {
  const { labels } = readManifest('mien-affect') as unknown as { labels: { actionUnits: string[] } };
  for (const key of labels.actionUnits) expect(neededParts(key).length).toBeLessThan(FACE_PARTS.length);
  expect(neededParts('99')).toEqual(FACE_PARTS);
});
