import { expect, it } from 'vitest';
import type { Area } from '../../../src/domain/areas.js';
import { type FrameSource, yuv420pBytes } from '../../../src/domain/frame.js';
import { micros } from '../../../src/domain/units.js';
import { blackedOut } from '../../../src/recording/blacked-out.js';
import { videoInfo } from '../../support/record-builders.js';

const LEFT: Area = {
  name: 'left',
  points: [
    [0, 0],
    [0.4, 0],
    [0.4, 1],
    [0, 1],
  ],
};

function source(): FrameSource {
  const notes: string[] = [];
  return {
    info: videoInfo,
    notes,
    async *frames() {
      const data = new Uint8Array(new SharedArrayBuffer(yuv420pBytes(4, 2))).fill(200);
      yield { frame: { index: 0, ptsUs: micros(0), widthPx: 4, heightPx: 2, data }, release: () => undefined };
      notes.push('one picture');
    },
  };
}

it('hands on frames with the masks drawn, and what the source has to say', async () => {
  const masked = blackedOut(source(), [LEFT]);
  for await (const { frame } of masked.frames(new AbortController().signal)) {
    expect([...frame.data.subarray(0, 8)]).toEqual([16, 16, 200, 200, 16, 16, 200, 200]);
  }
  expect(masked.notes).toEqual(['one picture']);
});

it('is the source itself without masks', () => {
  const plain = source();
  expect(blackedOut(plain, [])).toBe(plain);
});
