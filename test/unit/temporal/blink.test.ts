import { describe, expect, test } from 'vitest';
import type { Episode } from '../../../src/domain/records.js';
import { createBlinkTrack, endBlinks, stepBlinks } from '../../../src/temporal/blink-episode.js';
import { TEMPORAL_DEFAULTS } from '../../../src/temporal/default-options.js';
import { type FaceSpec, summary, trackedFace } from '../../support/temporal-faces.js';
import { seededRandom } from '../../support/temporal-sequences.js';

const options = TEMPORAL_DEFAULTS.blink;
type Stretch = FaceSpec & { readonly seconds: number };

/** Per frame T(rue), F(alse) or - (no reading), and the episodes. */
function run(stretches: readonly Stretch[], settings: { readonly fps?: number; readonly jitter?: number } = {}) {
  const { fps = 30, jitter = 0 } = settings;
  const random = seededRandom(7);
  const track = createBlinkTrack();
  const outlet = {
    source: 'clip',
    trackId: 1,
    out: [] as Episode[],
    queue: { waiting: [] as Episode[] },
    counters: { droppedShortEpisodes: 0 },
  };
  let marks = '';
  let [frame, begin] = [0, 0];
  for (const stretch of stretches) {
    begin += stretch.seconds;
    for (; frame / fps < begin - 1e-9; frame += 1) {
      const { eyes, pose, validity } = trackedFace(stretch);
      const noisy = { left: eyes.left + jitter * (random() - 0.5), right: eyes.right + jitter * (random() - 0.5) };
      const sample = { ptsUs: Math.round((frame / fps) * 1e6), eyes: noisy, pose, validity };
      const blink = stepBlinks(track, options, { sample, outlet, updateSeconds: 0.2 });
      marks += blink === null ? '-' : blink ? 'T' : 'F';
    }
  }
  endBlinks(track, options, { reason: 'source-end', outlet });
  return { marks, out: outlet.out, ends: outlet.queue.waiting, dropped: outlet.counters.droppedShortEpisodes };
}
const labels = (ends: readonly Episode[]) => ends.map((episode) => episode.label);

describe('blinks', () => {
  test.each([24, 25, 30, 60])('a 150 ms closure at %i fps is one blink of about that length', (fps) => {
    const { ends, out } = run([{ seconds: 1 }, { eyes: 0.1, seconds: 0.15 }, { seconds: 1 }], { fps });
    expect(labels(ends)).toEqual(['blink']);
    const [blink] = ends;
    expect(blink!.id).toBe('clip/1/blink/blink/1');
    expect(Math.abs((blink!.offsetUs! - blink!.onsetUs) / 1000 - 150)).toBeLessThan(1000 / fps);
    expect(blink!.peak).toBeCloseTo(0.9, 6);
    expect(out.map((episode) => episode.phase)).toEqual(['new']);
  });

  test('frames say whether a blink is in progress; a long closure stops being one after 500 ms', () => {
    const { marks, ends } = run([{ seconds: 0.2 }, { eyes: 0.1, seconds: 1 }, { seconds: 0.2 }], { fps: 10 });
    expect(marks).toBe('FFTTTTTFFFFFFF');
    expect(summary(ends)).toEqual(['end 1/eyes-closed/1 156-1159 released']);
  });

  test.each<[string, Stretch[], string[]]>([
    ['a wink is no blink', [{ seconds: 1 }, { eyes: { left: 0.05, right: 0.95 }, seconds: 0.2 }, { seconds: 1 }], []],
    [
      'two blinks',
      [{ seconds: 1 }, { eyes: 0, seconds: 0.1 }, { seconds: 0.3 }, { eyes: 0, seconds: 0.1 }, { seconds: 1 }],
      ['blink', 'blink'],
    ],
    ['narrow eyes are open eyes', [{ eyes: 0.5, seconds: 5 }], []],
    [
      'and blink too',
      [
        { eyes: 0.5, seconds: 3 },
        { eyes: 0.08, seconds: 0.13 },
        { eyes: 0.5, seconds: 1 },
      ],
      ['blink'],
    ],
    [
      'lids that sink over seconds are no closure',
      [1, 0.9, 0.8, 0.7, 0.6, 0.55].map((eyes) => ({ eyes, seconds: 3 })),
      [],
    ],
    [
      'a nod that halves the opening slowly is none',
      [1, 0.85, 0.75, 0.68].map((eyes, i) => ({ eyes, pitch: -0.1 * i, seconds: 2 })),
      [],
    ],
    ['eyes shut from the first frame', [{ eyes: 0.05, seconds: 0.3 }, { seconds: 1 }], ['blink']],
    ['half a squint stays open', [{ seconds: 1 }, { eyes: 0.55, seconds: 0.3 }, { seconds: 1 }], []],
    [
      'the near eye speaks for a turned head (left at yaw > 0)',
      [
        { yaw: 0.5, seconds: 1 },
        { yaw: 0.5, eyes: { left: 0.1, right: 0.9 }, seconds: 0.2 },
        { yaw: 0.5, seconds: 1 },
      ],
      ['blink'],
    ],
    [
      'the far eye does not',
      [
        { yaw: -0.5, seconds: 1 },
        { yaw: -0.5, eyes: { left: 0.1, right: 0.9 }, seconds: 0.2 },
        { yaw: -0.5, seconds: 1 },
      ],
      [],
    ],
  ])('%s', (_, stretches, expected) => {
    expect(labels(run(stretches).ends)).toEqual(expected);
    // The same with jitter of the landmarks.
    expect(labels(run(stretches, { jitter: 0.08 }).ends)).toEqual(expected);
  });

  test.each<[string, FaceSpec]>([
    ['turned too far', { yaw: 0.9 }],
    ['looking up too far', { pitch: 0.6 }],
    ['looking down too far', { pitch: -0.6 }],
    ['an invalid face', { validity: 'blurred' }],
    ['no measurement', { eyes: Number.NaN }],
  ])('%s: null, and no blink', (_, spec) => {
    const { marks, ends } = run(
      [
        { ...spec, seconds: 0.5 },
        { eyes: spec.eyes ?? 0.1, ...spec, seconds: 0.5 },
      ],
      { fps: 10 },
    );
    expect(marks).toBe('-'.repeat(10));
    expect(ends).toEqual([]);
  });

  test('a closure survives a short loss of the reading, and ends where it was last seen in a long one', () => {
    const shut = { eyes: 0.1, seconds: 0.1 };
    const short = run([{ seconds: 1 }, shut, { validity: 'blurred', seconds: 0.1 }, shut, { seconds: 1 }], { fps: 50 });
    expect(labels(short.ends)).toEqual(['blink']);
    const long = run([{ seconds: 1 }, shut, { validity: 'blurred', seconds: 1 }, { seconds: 1 }], { fps: 50 });
    expect(summary(long.ends)).toEqual(['end 1/blink/1 991-1080 face-lost']);
  });

  test('after a long loss half-open eyes are not taken for the old closure', () => {
    const half = { eyes: 0.6, seconds: 0.1 };
    const shut = { eyes: 0.1, seconds: 0.1 };
    expect(run([{ seconds: 0.3 }, shut, half], { fps: 20 }).marks).toBe('FFFFFFTTTT');
    const { marks } = run([{ seconds: 0.3 }, shut, { validity: 'blurred', seconds: 0.5 }, half], { fps: 20 });
    expect(marks).toBe(`FFFFFFTT${'-'.repeat(10)}FF`);
  });

  test('a flicker under 50 ms is dropped and counted', () => {
    const { ends, dropped } = run([{ seconds: 1 }, { eyes: 0.45, seconds: 0.03 }, { seconds: 1 }], { fps: 60 });
    expect([ends, dropped]).toEqual([[], 1]);
  });
});
