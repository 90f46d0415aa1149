import { deserialize, serialize } from 'node:v8';
import { describe, expect, test } from 'vitest';
import type { ActionUnitEvidence } from '../../../src/domain/affect.js';
import type { Episode } from '../../../src/domain/records.js';
import { createTemporalState, finish, type TemporalState } from '../../../src/temporal/temporal-stage.js';
import { type FaceSpec, optionsWith, step, summary } from '../../support/temporal-faces.js';
import { seededRandom } from '../../support/temporal-sequences.js';

const options = optionsWith({ actionUnitKeys: ['4', '12', '12L'] });

/** A face whose AU12 (and its left half) is at an intensity; presence as a calibrated model has it around 1. */
function smile(intensity: number, frown = 0): ActionUnitEvidence {
  const logit = (degrees: number) => 4 * (degrees - 0.9);
  return {
    presenceLogits: [logit(frown), logit(intensity), logit(intensity)],
    intensities: [frown, intensity, intensity],
  };
}

/** Trapezoid: rises from `onset` for `rise` seconds to `peak`, stays, falls back as fast from `offset`. */
const trapezoid = (spec: { onset: number; rise: number; offset: number; peak: number }) => (seconds: number) =>
  spec.peak * Math.max(0, Math.min(1, (seconds - spec.onset) / spec.rise, 1 - (seconds - spec.offset) / spec.rise));

/** Shows a face whose AU12 follows a curve; readings of every frame, and all episodes. */
function play(
  state: TemporalState,
  show: {
    readonly fps: number;
    readonly from?: number;
    readonly to: number;
    readonly face: (seconds: number) => Omit<FaceSpec, 'trackId'> | null;
  },
  given = options,
) {
  const episodes: Episode[] = [];
  const frames = [];
  for (let i = Math.round((show.from ?? 0) * show.fps); i < Math.round(show.to * show.fps); i += 1) {
    const seconds = i / show.fps;
    const face = show.face(seconds);
    const output = step(state, given, { seconds, faces: face ? [face] : [] });
    episodes.push(...output.episodes);
    frames.push({ seconds, track: output.tracks[0] });
  }
  return { episodes, frames, last: frames.at(-1)!.track! };
}
const ends = (episodes: readonly Episode[]) => episodes.filter(({ phase }) => phase === 'end');

/** When the smoothed intensity of AU12 first reaches `level`, interpolated. */
function reaches(frames: ReturnType<typeof play>['frames'], level: number): number {
  const value = (i: number) => frames[i]!.track!.actionUnits!.readings['12']!.intensity!.smoothed;
  const i = frames.findIndex((_, at) => value(at) >= level);
  const way = (level - value(i - 1)) / (value(i) - value(i - 1));
  return frames[i - 1]!.seconds + way * (frames[i]!.seconds - frames[i - 1]!.seconds);
}

describe('smoothing', () => {
  test.each([
    { fps: 30, peak: 3 },
    { fps: 30, peak: 1.5 },
    { fps: 25, peak: 3 },
    { fps: 15, peak: 3 },
  ])('an onset of 300 ms to $peak is followed within 100 ms at $fps fps, up and down', ({ fps, peak }) => {
    const curve = trapezoid({ onset: 1, rise: 0.3, offset: 3, peak });
    const { frames } = play(createTemporalState('clip'), {
      fps,
      to: 5,
      face: (t) => ({ actionUnits: smile(curve(t)) }),
    });
    for (const share of [0.1, 0.25, 0.5, 0.75, 0.9]) {
      const delay = reaches(frames, share * peak) - (1 + 0.3 * share);
      expect(delay).toBeGreaterThan(0);
      expect(delay).toBeLessThanOrEqual(0.1);
    }
    const active = frames
      .filter(({ track }) => track!.actionUnits!.readings['12']!.active)
      .map(({ seconds }) => seconds);
    // Intensity passes 1 at 1 + 0.3 / peak, and 0.7 on its way down; the hold and the filter come on top.
    expect(active[0]! - (1 + 0.3 / peak)).toBeLessThanOrEqual(0.2);
    expect(active.at(-1)! - (3.3 - (0.3 * 0.7) / peak)).toBeLessThanOrEqual(0.25);
  });

  test('jitter of a still face is at most half, in intensity and presence', () => {
    const random = seededRandom(5);
    const noise = () => (random() + random() + random() - 1.5) / 2;
    const { frames } = play(createTemporalState('clip'), {
      fps: 30,
      to: 30,
      face: () => ({ actionUnits: smile(2 + noise()) }),
    });
    const spread = (pick: (reading: { raw: number; smoothed: number }) => number, of: 'presence' | 'intensity') => {
      const values = frames.slice(30, 290).map(({ track }) => pick(track!.actionUnits!.readings['12']![of]!));
      const mean = values.reduce((a, b) => a + b) / values.length;
      return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    };
    for (const of of ['presence', 'intensity'] as const) {
      expect(spread(({ smoothed }) => smoothed, of)).toBeLessThan(0.5 * spread(({ raw }) => raw, of));
    }
  });

  test('extreme logits are not remembered: presence leaves as soon as for milder ones', () => {
    const leaves = (logit: number) => {
      const evidence = (on: boolean) => ({ presenceLogits: [0, on ? logit : -logit, 0], intensities: [0, 3, 0] });
      const { frames } = play(createTemporalState('clip'), {
        fps: 30,
        to: 2,
        face: (t) => ({ actionUnits: evidence(t < 1) }),
      });
      return frames.findIndex(({ seconds, track }) => seconds > 1 && !track!.actionUnits!.readings['12']!.active);
    };
    expect(leaves(50)).toBe(leaves(5));
  });
});

describe('resting face', () => {
  test('what a neutral face always shows is taken off presence and intensity within seconds, and is not active', () => {
    const state = createTemporalState('clip');
    const face = () => ({ shows: 'neutral', actionUnits: smile(0, 1.5) }) as const;
    const { frames } = play(state, { fps: 10, to: 4, face });
    const early = frames[8]!.track!.actionUnits!;
    expect(early.baseline.status).toBe('warming');
    expect(early.readings['4']).toMatchObject({
      active: true,
      presence: { baselined: null },
      intensity: { raw: 1.5, baselined: null },
    });
    const late = frames.at(-1)!.track!.actionUnits!;
    expect(late.baseline).toEqual({ status: 'ready', progress: 1 });
    const { active, intensity, presence } = late.readings['4']!;
    expect(intensity!.raw).toBe(1.5);
    expect(intensity!.baselined).toBeLessThan(0.3);
    expect(intensity!.smoothed).toBeCloseTo(intensity!.baselined!, 1);
    expect(active).toBe(false);
    expect(presence!.baselined).toBeLessThan(0.5);
    expect(presence!.smoothed).toBeCloseTo(presence!.baselined!, 1);
    expect(presence!.raw).toBeGreaterThan(0.7);
    // A frown beyond it counts.
    const more = play(state, { fps: 10, from: 4, to: 6, face: () => ({ shows: 'neutral', actionUnits: smile(0, 4) }) });
    expect(more.last.actionUnits!.readings['4']!.active).toBe(true);
  });

  test('what an expressive face shows from the first frame on is no rest', () => {
    const held = play(createTemporalState('clip'), {
      fps: 10,
      to: 8,
      face: () => ({ shows: 'happiness', actionUnits: smile(4) }),
    });
    const { baseline, readings } = held.last.actionUnits!;
    expect(baseline.status).toBe('warming');
    expect(readings['12']).toMatchObject({ active: true });
    expect(readings['12']!.intensity!.smoothed).toBeCloseTo(4, 6);
  });

  test('learned rest outlives a checkpoint', () => {
    const face = () => ({ shows: 'neutral', actionUnits: smile(0, 1.5) }) as const;
    const state = createTemporalState('clip');
    play(state, { fps: 10, to: 3, face });
    const resumed = deserialize(serialize(state)) as typeof state;
    const rest = { fps: 10, from: 3, to: 5, face };
    expect(play(resumed, rest).last).toEqual(play(state, rest).last);
  });

  test('switched off, nothing is taken off', () => {
    const off = optionsWith({ actionUnitKeys: ['4', '12', '12L'], baseline: null });
    const face = () => ({ actionUnits: smile(0, 1.5) });
    const { last } = play(createTemporalState('clip'), { fps: 10, to: 60, face }, off);
    expect(last.actionUnits!.baseline).toEqual({ status: 'off', progress: 0 });
    expect(last.actionUnits!.readings['4']!.intensity).toMatchObject({ baselined: null });
    expect(last.actionUnits!.readings['4']!.intensity!.smoothed).toBeCloseTo(1.5, 6);
  });
});

describe('episodes', () => {
  const curve = trapezoid({ onset: 1, rise: 0.3, offset: 3, peak: 3 });

  test('a smile: one of AU12, none of its half, with onset, apex and offset; values as shares of 5', () => {
    const state = createTemporalState('clip');
    const { episodes } = play(state, { fps: 30, to: 5, face: (t) => ({ actionUnits: smile(curve(t)) }) });
    expect(new Set(episodes.map(({ label }) => label))).toEqual(new Set(['AU12']));
    const [end] = ends(episodes);
    expect(ends(episodes)).toHaveLength(1);
    expect(end).toMatchObject({ id: 'clip/1/action-unit/AU12/1', kind: 'action-unit', endReason: 'released' });
    expect(end!.onsetUs / 1e6).toBeGreaterThanOrEqual(1);
    expect(end!.onsetUs / 1e6).toBeLessThanOrEqual(1.15);
    expect(end!.apexUs / 1e6).toBeGreaterThan(1.3);
    expect(end!.apexUs / 1e6).toBeLessThan(3.1);
    expect(Math.abs(end!.offsetUs! / 1e6 - 3.3)).toBeLessThanOrEqual(0.15);
    expect(end!.peak).toBeCloseTo(0.6, 2);
    expect(end!.mean).toBeGreaterThan(0.5);
    expect(end!.mean).toBeLessThan(end!.peak);
    expect(end!.confidence).toBeGreaterThan(0.9);
    expect(episodes[0]!.phase).toBe('new');
  });

  test.each([15, 25, 30, 60])('a movement of 200 ms is an episode, a wild frame is none (%i fps)', (fps) => {
    const of = (intensity: (seconds: number, frame: number) => number) =>
      play(createTemporalState('clip'), {
        fps,
        to: 3,
        face: (t) => ({ actionUnits: smile(intensity(t, Math.round(t * fps))) }),
      }).episodes;
    const brief = ends(of(trapezoid({ onset: 1, rise: 0.1, offset: 1.1, peak: 4 })));
    expect(brief.map(({ label }) => label)).toEqual(['AU12']);
    expect(brief[0]!.onsetUs).toBeLessThan(1_100_000);
    expect(of((_, frame) => (frame === fps ? 5 : 0))).toEqual([]);
  });

  test('it survives a short stretch without the face, and ends face-lost in a long one', () => {
    const gap = (seconds: number) => {
      const state = createTemporalState('clip');
      const { episodes } = play(state, {
        fps: 25,
        to: 5,
        face: (t) => (t >= 2 && t < 2 + seconds ? { validity: 'blurred' } : { actionUnits: smile(3) }),
      });
      return summary(ends([...episodes, ...finish(state, options, 'source-end')]));
    };
    expect(gap(0.5)).toEqual(['end 1/AU12/1 0-4960 source-end']);
    expect(gap(1.5)).toEqual(['end 1/AU12/1 0-1960 face-lost', 'end 1/AU12/2 3520-4960 source-end']);
  });

  test('a scene cut ends them, and the track is forgotten', () => {
    const state = createTemporalState('clip');
    play(state, { fps: 25, to: 2, face: () => ({ actionUnits: smile(3) }) });
    const { episodes } = step(state, options, { seconds: 2, endedTracks: [1], sceneCut: true });
    expect(summary(ends(episodes))).toEqual(['end 1/AU12/1 0-1960 scene-cut']);
    expect(state.tracks.size).toBe(0);
  });

  test('an end waits for an open action unit that may end before it', () => {
    const state = createTemporalState('clip');
    const blurred = { validity: 'blurred' } as const;
    const eyes = (t: number) => (t >= 2.1 && t < 2.3 ? 0.1 : 1);
    const { episodes } = play(state, {
      fps: 25,
      to: 5,
      // The mouth is last read at 2 s, the eyes close after: the smile's end comes first though it is decided later.
      face: (t) => (t >= 4 ? blurred : { eyes: eyes(t), ...(t < 2 ? { actionUnits: smile(3) } : {}) }),
    });
    expect(ends(episodes).map(({ label }) => label)).toEqual(['AU12', 'blink']);
  });
});

describe('with and without emotions', () => {
  test('both are read side by side; late emotions leave action units alone', () => {
    const face = () => ({ shows: 'happiness', actionUnits: smile(3) }) as const;
    const { last } = play(createTemporalState('clip'), { fps: 25, to: 1, face });
    expect(last).toMatchObject({ missing: null, actionUnitsMissing: null, affect: { label: 'happiness' } });
    expect(Object.keys(last.actionUnits!.readings)).toEqual(['4', '12', '12L']);
    expect(last.actionUnits!.readings['12L']).toEqual(last.actionUnits!.readings['12']);
  });

  test('au-only: no emotion state, no emotion episodes, action units as ever', () => {
    const state = createTemporalState('clip');
    const { last, episodes } = play(state, { fps: 25, to: 2, face: () => ({ actionUnits: smile(3) }) });
    expect(last).toMatchObject({ affect: null, missing: 'au-only', actionUnitsMissing: null });
    expect(last.actionUnits!.readings['12']!.active).toBe(true);
    expect(new Set([...episodes, ...finish(state, options, 'source-end')].map(({ kind }) => kind))).toEqual(
      new Set(['action-unit']),
    );
  });

  test.each<[string, FaceSpec, string]>([
    ['a face that is not valid', { validity: 'profile', actionUnits: smile(1) }, 'profile'],
    ['a face without a reading', {}, 'model-off'],
    ['emotions alone', { shows: 'neutral' }, 'not-supported'],
    ['too few units', { actionUnits: { presenceLogits: [1, 1], intensities: [1, 1] } }, 'low-confidence'],
    ['a value that is none', { actionUnits: { ...smile(1), intensities: [0, Number.NaN, 0] } }, 'low-confidence'],
  ])('%s has no action units, and says why', (_, face, reason) => {
    const { last } = play(createTemporalState('clip'), { fps: 25, to: 0.04, face: () => face });
    expect(last).toMatchObject({ actionUnits: null, actionUnitsMissing: reason });
  });

  test('a model without action units: not supported', () => {
    const face = () => ({ shows: 'neutral' }) as const;
    const { last } = play(createTemporalState('clip'), { fps: 25, to: 0.04, face }, optionsWith());
    expect(last).toMatchObject({ actionUnits: null, actionUnitsMissing: 'not-supported' });
  });
});

test.each([1, 77, 300, 610])('stopped, stored and resumed after frame %i it goes on as if never stopped', (cut) => {
  const random = seededRandom(9);
  const noise = Array.from({ length: 800 }, () => random() - 0.5);
  const face = (t: number) => {
    const i = Math.round(t * 25);
    if (i % 150 > 140) return { validity: 'blurred' } as const;
    return { shows: 'neutral', actionUnits: smile(Math.max(0, 2 * Math.sin(t) + noise[i]!), 0.6) } as const;
  };
  const whole = createTemporalState('clip');
  const expected = play(whole, { fps: 25, to: 32, face });
  const before = createTemporalState('clip');
  const first = play(before, { fps: 25, to: cut / 25, face });
  const resumed: TemporalState = deserialize(serialize(before));
  const second = play(resumed, { fps: 25, from: cut / 25, to: 32, face });
  expect([...first.frames, ...second.frames]).toEqual(expected.frames);
  expect([...first.episodes, ...second.episodes]).toEqual(expected.episodes);
  expect(ends(expected.episodes).length).toBeGreaterThan(3);
  expect(finish(resumed, options, 'source-end')).toEqual(finish(whole, options, 'source-end'));
});
