import { availableParallelism } from 'node:os';
import { expect, it } from 'vitest';
import { lanesOn, modelsFor, VOICE_MODEL } from '../../../src/pipeline/model-runtime.js';

it('lanes are as many as were asked for, but one on WebGPU', () => {
  expect([lanesOn('cpu', 8), lanesOn('cuda', 2), lanesOn('webgpu', 8), lanesOn('webgpu')]).toEqual([8, 2, 1, 1]);
  expect(lanesOn('cpu')).toBe(Math.min(4, availableParallelism()));
  expect(lanesOn('webgpu', 0)).toBe(0); // Left for the pool to refuse.
});

it('what hears voices is loaded for recordings with sound alone', () => {
  const faces = { detector: 'both', model: 'large' } as const;
  expect(modelsFor({ ...faces, voice: true })).toEqual([...modelsFor({ ...faces, voice: false }), VOICE_MODEL]);
});

it.each([
  ['large', 'mien-affect', 'mien-affect-small'],
  ['small', 'mien-affect-small', 'mien-affect'],
] as const)('of the model %s alone what reads emotions is loaded', (model, own, other) => {
  const ids = modelsFor({ detector: 'both', model, voice: false });
  expect(ids).toContain(own);
  expect(ids).not.toContain(other);
});
