import { expect, test } from 'vitest';
import { type Frame, yuv420pBytes } from '../../../src/domain/frame.js';
import { micros } from '../../../src/domain/units.js';
import { turnFrame } from '../../../src/recording/turn-frame.js';

/** 3 wide, 2 high: an odd side, so that chroma is 2x1. */
function numbered(): Frame {
  const data = new Uint8Array(new SharedArrayBuffer(yuv420pBytes(3, 2)));
  data.set([1, 2, 3, 4, 5, 6, 10, 11, 20, 21]);
  return { index: 0, ptsUs: micros(0), widthPx: 3, heightPx: 2, data };
}

test.each([
  { turn: 90 as const, size: [2, 3], data: [4, 1, 5, 2, 6, 3, 10, 11, 20, 21] },
  { turn: 180 as const, size: [3, 2], data: [6, 5, 4, 3, 2, 1, 11, 10, 21, 20] },
  { turn: 270 as const, size: [2, 3], data: [3, 6, 2, 5, 1, 4, 11, 10, 21, 20] },
])('$turn degrees clockwise', ({ turn, size, data }) => {
  const turned = turnFrame(numbered(), turn);
  expect([turned.widthPx, turned.heightPx]).toEqual(size);
  expect([...turned.data]).toEqual(data);
});

test('four quarter turns give the picture back', () => {
  let frame = numbered();
  for (let n = 0; n < 4; n++) frame = turnFrame(frame, 90);
  expect([...frame.data]).toEqual([...numbered().data]);
});
