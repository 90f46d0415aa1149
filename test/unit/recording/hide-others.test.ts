import { describe, expect, it } from 'vitest';
import { type Frame, yuv420pBytes } from '../../../src/domain/frame.js';
import type { FaceRecord } from '../../../src/domain/records.js';
import { micros } from '../../../src/domain/units.js';
import { hideOthers } from '../../../src/recording/hide-others.js';

const [WIDTH, HEIGHT] = [120, 60];

/** A frame in which no two neighbours are alike. */
function noise(ptsUs: number): Frame {
  const data = new Uint8Array(new SharedArrayBuffer(yuv420pBytes(WIDTH, HEIGHT)));
  for (let at = 0; at < data.length; at++) data[at] = (at * 97) % 251;
  return { index: 0, ptsUs: micros(ptsUs), widthPx: WIDTH, heightPx: HEIGHT, data };
}

const face = (track: number, left: number): FaceRecord =>
  ({ track, box: { space: 'frame', left, top: 20, right: left + 20, bottom: 40 } }) as FaceRecord;

/** Different values in the square of a face. */
function values({ data }: Frame, left: number): number {
  const seen = new Set<number>();
  for (let y = 20; y < 40; y++) for (let x = left; x < left + 20; x++) seen.add(data[y * WIDTH + x]!);
  return seen.size;
}

describe('faces that may not be seen', () => {
  it('are a few flat cells in all planes, and the others are as they were', () => {
    const frame = noise(0);
    const before = Uint8Array.from(frame.data);
    hideOthers((track) => track === 1)(frame, [face(1, 5), face(2, 85)]);
    expect(values(frame, 85)).toBeLessThan(40);
    expect(values(frame, 5)).toBeGreaterThan(200);
    const chroma = WIDTH * HEIGHT;
    const changed = (from: number, to: number) =>
      before.subarray(from, to).some((value, at) => value !== frame.data[from + at]);
    expect(changed(chroma, chroma + (WIDTH * HEIGHT) / 4)).toBe(true);
    expect(changed(chroma + (WIDTH * HEIGHT) / 4, frame.data.length)).toBe(true);
  });

  it('stay hidden for a second after they were last found', () => {
    const hide = hideOthers(() => false);
    hide(noise(0), [face(2, 85)]);
    const soon = noise(900_000);
    hide(soon, []);
    expect(values(soon, 85)).toBeLessThan(40);
    const later = noise(1_100_000);
    hide(later, []);
    expect(values(later, 85)).toBeGreaterThan(200);
  });
});
