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
  expect(shown.map((scene, at) => setups.look(picture(scene, at * 40_000), []).setup)).toEqual([
    1, 1, 2, 2, 1, 1, 1, 1, 2, 3,
  ]);
});

test('a camera that moves slowly stays in its set-up', () => {
  const setups = new Setups();
  const numbers = Array.from({ length: 40 }, (_, at) => setups.look(picture(3, at * 40_000, at), []).setup);
  expect(new Set(numbers)).toEqual(new Set([1]));
  expect(sceneGrid(picture(3, 0, 0))).not.toEqual(sceneGrid(picture(3, 0, 39)));
});

/** A part of a wide picture of a room with details everywhere, seen through a camera; each in a colour of its own, so that cuts are seen. */
function seen(ptsUs: number, part: Part, room = 1): Frame {
  const [widthPx, heightPx] = [320, 180];
  const data = new Uint8Array(new SharedArrayBuffer(widthPx * heightPx * 1.5)).fill(part.tint + 40 * room);
  const scale = part.width / widthPx;
  for (let y = 0; y < heightPx; y++)
    for (let x = 0; x < widthPx; x++) data[y * widthPx + x] = roomAt(part.left + scale * x, part.top + scale * y, room);
  return { index: 0, ptsUs: micros(ptsUs), widthPx, heightPx, data };
}

interface Part {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly tint: number;
}

/** Tiles of 24 pixels whose grey follows from their place, smoothed. */
function roomAt(x: number, y: number, room: number): number {
  const tile = (column: number, row: number): number => {
    const mixed = Math.sin(column * 12.9898 + row * 78.233 + room * 37.719) * 43_758.5453;
    return 40 + 170 * (mixed - Math.floor(mixed));
  };
  const [column, row] = [Math.floor(x / 24), Math.floor(y / 24)];
  const [dx, dy] = [x / 24 - column, y / 24 - row];
  const top = tile(column, row) * (1 - dx) + tile(column + 1, row) * dx;
  const bottom = tile(column, row + 1) * (1 - dx) + tile(column + 1, row + 1) * dx;
  return top * (1 - dy) + bottom * dy;
}

const WIDE = { left: 0, top: 0, width: 960, tint: 0 };
const CLOSE = { left: 480, top: 120, width: 440, tint: 60 };

test('the same camera closer is the same set-up, and says which part of it', () => {
  const setups = new Setups();
  expect(setups.look(seen(0, WIDE), [])).toMatchObject({ setup: 1, view: { scale: 1, x: 0, y: 0 } });
  const { setup, view } = setups.look(seen(40_000, CLOSE), []);
  expect(setup).toBe(1);
  expect(view.scale).toBeCloseTo(440 / 960, 1);
  expect(view.x).toBeCloseTo(480 / 3, -1);
  expect(view.y).toBeCloseTo(120 / 3, -1);
  expect(setups.look(seen(80_000, CLOSE, 2), []).setup).toBe(2);
});

test('two set-ups of which a wider picture shows both were one', () => {
  const setups = new Setups();
  const aside = { left: 20, top: 120, width: 440, tint: 120 };
  const [first, second] = [setups.look(seen(0, CLOSE), []), setups.look(seen(40_000, aside), [])];
  expect([first.setup, second.setup]).toEqual([1, 2]);
  expect(setups.look(seen(80_000, WIDE), []).setup).toBe(1);
  const settled = setups.settled(second);
  expect(settled.setup).toBe(1);
  expect(settled.view.x).toBeCloseTo(((20 - 480) * 320) / 440, -1);
});

test('who stands before it is no part of a set-up', () => {
  const setups = new Setups();
  const all = { space: 'frame', left: 60, top: 20, right: 260, bottom: 180 } as const;
  setups.look(seen(0, WIDE), [all]);
  expect(setups.look(seen(40_000, CLOSE), [all]).setup).toBe(2);
});

test('a view that would make faces many times larger is wrong', () => {
  const setups = new Setups();
  const face = (left: number, side: number) =>
    ({ space: 'frame', left, top: 20, right: left + side, bottom: 20 + side }) as const;
  setups.look(seen(0, WIDE), [face(10, 20)]);
  expect(setups.look(seen(40_000, CLOSE), [face(10, 40)]).setup).toBe(1);
  const others = new Setups();
  others.look(seen(0, WIDE), [face(10, 20)]);
  expect(others.look(seen(40_000, CLOSE), [face(10, 10)]).setup).toBe(2);
});
