import { expect, test } from 'vitest';
import { micros, millis } from '../../../../src/domain/units.js';
import { ContinuousPts } from '../../../../src/source/camera/continuous-pts.js';
import { createRateLimit } from '../../../../src/source/camera/rate-limit.js';

/** Media times in ms, from [source time, arrival] in ms. */
function run(startMs: number, frames: readonly (readonly [number, number])[]): number[] {
  const pts = new ContinuousPts({ startUs: micros(startMs * 1000) });
  return frames.map(([source, arrival]) => pts.next({ sourceUs: source * 1000, arrivedAt: millis(arrival) }) / 1000);
}

test.each([
  { what: 'begins at the start given', frames: [[700, 5]], expected: [100] },
  {
    what: 'keeps the pace of the source, not of arrival',
    frames: [
      [0, 0],
      [40, 300],
      [80, 301],
    ],
    expected: [100, 140, 180],
  },
  {
    what: 'a pause of 9 s is one',
    frames: [
      [0, 0],
      [9_000, 50],
    ],
    expected: [100, 9_100],
  },
  {
    what: 'a jump ahead goes by arrival',
    frames: [
      [0, 0],
      [40, 40],
      [11_000_000, 90],
      [11_000_040, 130],
    ],
    expected: [100, 140, 190, 230],
  },
  {
    what: 'a jump back too',
    frames: [
      [5_000, 0],
      [10, 33],
      [50, 80],
    ],
    expected: [100, 133, 173],
  },
  {
    what: 'a 32-bit wrap of 90 kHz',
    frames: [
      [47_721_858, 0],
      [0, 40],
      [40, 81],
    ],
    expected: [100, 140, 180],
  },
  {
    what: 'the same time twice',
    frames: [
      [0, 0],
      [0, 0],
      [0, 0],
    ],
    expected: [100, 100.1, 100.2],
  },
  {
    what: 'steps of 1 µs, as a muxer repairs',
    frames: [
      [0, 0],
      [0.001, 40],
      [0.002, 80],
    ],
    expected: [100, 140, 180],
  },
] as const)('$what', ({ frames, expected }) => {
  expect(run(100, frames)).toEqual(expected);
});

test.each([
  { fps: 30, maxFps: 10, kept: 10 },
  { fps: 30, maxFps: 20, kept: 20 },
  { fps: 25, maxFps: 30, kept: 25 },
  { fps: 29.97, maxFps: 15, kept: 15 },
  { fps: 30, maxFps: 0.5, kept: 0.5 },
])('$fps frames a second become $kept at most $maxFps', ({ fps, maxFps, kept }) => {
  const keep = createRateLimit(maxFps);
  const seconds = 20;
  let count = 0;
  for (let n = 0; n < seconds * fps; n++) {
    const jitterUs = ((n * 7919) % 13) * 300;
    if (keep(micros((n / fps) * 1e6 + jitterUs))) count++;
  }
  expect(count / seconds).toBeGreaterThan(kept * 0.95);
  expect(count).toBeLessThanOrEqual(Math.ceil(Math.min(fps, maxFps) * seconds) + 1);
});

test('no rate, no limit; after a gap no burst', () => {
  expect(createRateLimit(null)(micros(0))).toBe(true);
  const keep = createRateLimit(10);
  expect([0, 5_000_000, 5_010_000, 5_050_000, 5_100_000].map((at) => keep(micros(at)))).toEqual([
    true,
    true,
    false,
    false,
    true,
  ]);
});
