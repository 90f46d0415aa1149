import { expect, it } from 'vitest';
import { createBlackOut } from '../../../src/areas/black-out.js';
import type { Area } from '../../../src/domain/areas.js';
import { type Frame, yuv420pBytes } from '../../../src/domain/frame.js';
import { micros } from '../../../src/domain/units.js';

function frame(widthPx: number, heightPx: number): Frame {
  const data = new Uint8Array(new SharedArrayBuffer(yuv420pBytes(widthPx, heightPx))).fill(200);
  return { index: 0, ptsUs: micros(0), widthPx, heightPx, data };
}
const LEFT_HALF: Area = {
  name: 'left',
  points: [
    [0, 0],
    [0.5, 0],
    [0.5, 1],
    [0, 1],
  ],
};
const EVERYTHING: Area = {
  name: 'all',
  points: [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
  ],
};

it('draws the masked pixels black and without colour, and leaves the others', () => {
  const picture = frame(8, 4);
  createBlackOut([LEFT_HALF])(picture);
  // The pixel that the edge of the mask lies on belongs to it.
  expect([...picture.data.subarray(0, 8)]).toEqual([16, 16, 16, 16, 16, 200, 200, 200]);
  expect([...picture.data.subarray(32, 36)]).toEqual([128, 128, 128, 200]);
  expect([...picture.data.subarray(40, 44)]).toEqual([128, 128, 128, 200]);
});

it('blackens every byte of a picture that is all masked, odd sizes too, and follows a change of size', () => {
  const blackOut = createBlackOut([EVERYTHING]);
  for (const [width, height] of [
    [7, 5],
    [64, 33],
    [1, 1],
  ] as const) {
    const picture = frame(width, height);
    blackOut(picture);
    expect(new Set(picture.data.subarray(0, width * height))).toEqual(new Set([16]));
    expect(new Set(picture.data.subarray(width * height))).toEqual(new Set([128]));
  }
});

it('touches nothing without masks', () => {
  const picture = frame(6, 6);
  createBlackOut([])(picture);
  expect(new Set(picture.data)).toEqual(new Set([200]));
});
