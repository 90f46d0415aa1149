import { expect, test } from 'vitest';
import type { Frame } from '../../../src/domain/frame.js';
import { micros } from '../../../src/domain/units.js';
import { sceneGrid } from '../../../src/faces/scene-cut.js';
import { Setups } from '../../../src/people/setups.js';

/** A picture of waves whose length and brightness depend on `scene` (0: black), shifted to the right. */
function picture(scene: number, ptsUs: number, shift = 0): Frame {
  const [widthPx, heightPx] = [96, 96];
  const data = new Uint8Array(new SharedArrayBuffer(widthPx * heightPx * 1.5)).fill(128);
  for (let y = 0; y < heightPx; y++)
    for (let x = 0; x < widthPx; x++)
      data[y * widthPx + x] =
        scene === 0
          ? 16
          : 10 + 60 * scene + 45 * Math.sin((x + shift) / (4 * scene)) * Math.cos(y / (7 * scene) + scene);
  return { index: 0, ptsUs: micros(ptsUs), widthPx, heightPx, data };
}

test('a set-up is known again after a cut and after black; another picture is another one', () => {
  const setups = new Setups();
  const shown = [1, 1, 2, 2, 1, 0, 0, 1, 2, 3];
  expect(shown.map((scene, at) => setups.look(picture(scene, at * 40_000)))).toEqual([1, 1, 2, 2, 1, 1, 1, 1, 2, 3]);
});

test('a camera that moves slowly stays in its set-up', () => {
  const setups = new Setups();
  const numbers = Array.from({ length: 40 }, (_, at) => setups.look(picture(3, at * 40_000, at)));
  expect(new Set(numbers)).toEqual(new Set([1]));
  expect(sceneGrid(picture(3, 0, 0))).not.toEqual(sceneGrid(picture(3, 0, 39)));
});
