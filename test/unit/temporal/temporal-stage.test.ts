import { deserialize, serialize } from 'node:v8';
import { describe, expect, test } from 'vitest';
import type { Episode } from '../../../src/domain/records.js';
import { micros, probability } from '../../../src/domain/units.js';
import {
  acceptLate,
  createTemporalState,
  finish,
  stepFrame,
  type TemporalState,
} from '../../../src/temporal/temporal-stage.js';
import { evidence, type FaceSpec, optionsWith, step, summary, trackedFace } from '../../support/temporal-faces.js';
import { NOISY, type Segment, simulate } from '../../support/temporal-sequences.js';

const options = optionsWith();
const FPS = 25;

/** Shows stretches of faces at 25 fps to a state; everything it says, and where it stands. */
function play(state: TemporalState, stretches: readonly (readonly [seconds: number, faces: readonly FaceSpec[]])[]) {
  const episodes: Episode[] = [];
  const tracks = [];
  let seconds = state.nowUs === null ? 0 : state.nowUs / 1e6 + 1 / FPS;
  for (const [length, faces] of stretches) {
    for (let i = 0; i < Math.round(length * FPS); i += 1) {
      const output = step(state, options, { seconds, faces });
      episodes.push(...output.episodes);
      tracks.push(...output.tracks);
      seconds += 1 / FPS;
    }
  }
  return { episodes, tracks, last: tracks.at(-1)!, seconds };
}
const ends = (episodes: readonly Episode[]) => episodes.filter((episode) => episode.phase === 'end');
const LIFE: Segment[] = [
  { face: 'neutral', seconds: 4 },
  { face: 'happiness', seconds: 3, rampSeconds: 0.4 },
  { face: 'neutralOrSad', seconds: 5 },
  { face: 'surprise', seconds: 2 },
  { face: 'neutral', seconds: 3, rampSeconds: 1 },
  { face: 'anger', seconds: 3 },
];

/** Two lively tracks with blinks, dropouts and an end of track, as frame specs. */
function livelyFrames() {
  const first = simulate([...LIFE, ...LIFE], { fps: FPS, seed: 1, noise: NOISY });
  const second = simulate([...LIFE].reverse(), { fps: FPS, seed: 2, noise: NOISY });
  return first.map(({ logits, ptsUs }, i) => {
    const other = second[i];
    const faces: FaceSpec[] = [
      { trackId: 1, eyes: i % 97 < 5 ? 0.1 : 1, ...(logits ? { shows: logits } : { validity: 'blurred' as const }) },
    ];
    if (other?.logits) faces.push({ trackId: 2, eyes: i % 61 < 3 ? 0.2 : 0.9, shows: other.logits });
    return { seconds: ptsUs / 1e6, faces, endedTracks: i === second.length + 10 ? [2] : [] };
  });
}

describe('stages of one reading', () => {
  test('raw, baselined and smoothed side by side; valence and arousal derived from each', () => {
    const state = createTemporalState('clip');
    const warm = play(state, [[0.9, [{ shows: 'neutralOrSad' }]]]);
    expect(warm.last.baseline.status).toBe('warming');
    expect(warm.last.affect!.emotions.baselined).toBeNull();
    const { affect, baseline } = play(state, [[40, [{ shows: 'neutralOrSad' }]]]).last;
    expect(baseline).toEqual({ status: 'ready', progress: 1 });
    const { raw, baselined, smoothed } = affect!.emotions;
    for (const distribution of [raw, baselined!, smoothed]) {
      expect(distribution.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    }
    // This face looks sad at rest: about two logits of it are taken off, and the smoothed value follows.
    expect(baselined![3]!).toBeLessThan(raw[3]! / 2);
    expect(smoothed[3]!).toBeCloseTo(baselined![3]!, 1);
    const { valenceArousal } = affect!;
    expect(valenceArousal.raw.valence).toBeLessThan(valenceArousal.baselined!.valence);
    const expected = raw.reduce((sum, p, k) => sum + p * Object.values(options.circumplex)[k]![1], 0);
    expect(valenceArousal.raw.arousal).toBeCloseTo(expected, 12);
  });

  test.each([
    [{ validity: 'blurred', shows: 'happiness' } as const, 'blurred'],
    [{ validity: 'ok' } as const, 'model-off'],
    [{ validity: 'ok', shows: [1, 2, 3] } as const, 'low-confidence'],
  ])('%o has no affect, and says why', (spec, missing) => {
    const { last } = play(createTemporalState('clip'), [[0.04, [spec]]]);
    expect(last).toMatchObject({ affect: null, missing });
  });

  test.each([
    [{ validity: 'blurred' } as const, { blink: null, blinkMissing: 'blurred' }],
    [{ yaw: 1 } as const, { blink: null, blinkMissing: 'profile' }],
    [{ eyes: 0.1 } as const, { blink: true, blinkMissing: null }],
  ])('%o reads the eyes as %o', (spec, expected) => {
    expect(play(createTemporalState('clip'), [[0.04, [spec]]]).last).toMatchObject(expected);
  });

  test('a reason from the affect stage is passed on', () => {
    const faces = { frameIndex: 0, ptsUs: micros(0), faces: [trackedFace({})], endedTracks: [], sceneCut: false };
    const readings = new Map([[1, { missing: 'au-only' as const }]]);
    const { tracks } = stepFrame(createTemporalState('clip'), options, { faces, readings });
    expect(tracks).toMatchObject([{ trackId: 1, affect: null, missing: 'au-only', blink: false }]);
  });
});

describe('episodes of a track', () => {
  test('a smile: onset at its rise, apex inside, offset where it left; every phase has the same id', () => {
    const state = createTemporalState('clip');
    const { episodes } = play(state, [
      [2, [{ shows: 'neutral' }]],
      [2, [{ shows: 'happiness' }]],
      [2, [{ shows: 'neutral' }]],
    ]);
    const [end] = ends(episodes);
    expect(ends(episodes)).toHaveLength(1);
    expect(end).toMatchObject({ id: 'clip/1/emotion/happiness/1', endReason: 'released' });
    expect(Math.abs(end!.onsetUs / 1e6 - 2)).toBeLessThanOrEqual(0.08);
    expect(end!.offsetUs! / 1e6 - 4).toBeGreaterThanOrEqual(0);
    expect(end!.offsetUs! / 1e6 - 4).toBeLessThan(0.25);
    expect(end!.apexUs).toBeGreaterThan(end!.onsetUs);
    expect(end!.apexUs).toBeLessThan(end!.offsetUs!);
    expect(new Set(episodes.map((episode) => episode.id)).size).toBe(1);
    expect(episodes.map((episode) => episode.phase).filter((phase) => phase !== 'update')).toEqual(['new', 'end']);
  });

  test('it survives a short invalid stretch and ends face-lost in a long one, where the face was last read', () => {
    const smile = [{ shows: 'happiness' }] as const;
    const blurred = [{ validity: 'blurred' }] as const;
    const short = createTemporalState('clip');
    const { episodes } = play(short, [
      [2, smile],
      [0.5, blurred],
      [2, smile],
    ]);
    expect(ends([...episodes, ...finish(short, options, 'source-end')])).toHaveLength(1);
    const long = createTemporalState('clip');
    expect(
      summary(
        ends(
          play(long, [
            [2, smile],
            [1.5, blurred],
          ]).episodes,
        ),
      ),
    ).toEqual(['end 1/happiness/1 0-1960 face-lost']);
    // The same when the track is not in the frames at all.
    const away = createTemporalState('clip');
    expect(
      summary(
        ends(
          play(away, [
            [2, smile],
            [1.5, []],
          ]).episodes,
        ),
      ),
    ).toEqual(['end 1/happiness/1 0-1960 face-lost']);
    expect(long.tracks.get(1)!.hysteresis.label).toBe(1);
    expect(play(long, [[0.04, smile]]).last.affect!.label).toBeNull();
  });

  test('an end waits for one that lies before it but is decided later', () => {
    const state = createTemporalState('clip');
    const shut = { trackId: 2, eyes: 0.1 };
    const { episodes } = play(state, [
      [2, [{ shows: 'happiness' }, { trackId: 2 }]],
      [0.12, [{ shows: 'neutral' }, shut]],
      [1, [{ shows: 'neutral' }, { trackId: 2 }]],
    ]);
    const [smile, blink] = ends(episodes);
    expect([smile!.label, blink!.label]).toEqual(['happiness', 'blink']);
    expect(blink!.offsetUs! - smile!.offsetUs!).toBeLessThan(options.episodes.mergeGapSeconds * 1e6);
  });

  test('two smiles within the look-back do not overlap', () => {
    const state = createTemporalState('clip');
    // Fading to a fifth, not to nothing: the lowest value in reach is the neutral face before the first smile.
    const faded = { shows: [2.4, 1.0, -0.8, 0.2, -0.4, -1.5, -1.6, -0.9] };
    const { episodes } = play(state, [
      [2, [{ shows: 'neutral' }]],
      [0.36, [{ shows: 'happiness' }]],
      [0.36, [faded]],
      [1, [{ shows: 'happiness' }]],
    ]);
    const [first, second] = ends([...episodes, ...finish(state, options, 'source-end')]);
    expect([first!.label, second!.label]).toEqual(['happiness', 'happiness']);
    expect(second!.onsetUs - first!.onsetUs).toBeLessThan(1_000_000);
    expect(second!.onsetUs).toBeGreaterThan(first!.offsetUs!);
  });

  test.each([
    { sceneCut: true, reason: 'scene-cut' },
    { sceneCut: false, reason: 'face-lost' },
  ])('an ended track ends its episodes as $reason and is forgotten', ({ sceneCut, reason }) => {
    const state = createTemporalState('clip');
    const { seconds } = play(state, [[2, [{ shows: 'happiness' }]]]);
    const { episodes } = step(state, options, { seconds, endedTracks: [1], sceneCut });
    expect(summary(ends(episodes))).toEqual([`end 1/happiness/1 0-1960 ${reason}`]);
    expect(state.tracks.size).toBe(0);
  });

  test('finish ends what is open, blinks too, in order of end, and leaves nothing', () => {
    const state = createTemporalState('clip');
    play(state, [
      [2, [{ shows: 'happiness' }, { trackId: 2, shows: 'anger' }]],
      [0.4, [{ shows: 'happiness' }, { trackId: 2, eyes: 0.1, validity: 'ok' }]],
    ]);
    expect(summary(ends(finish(state, options, 'source-end')))).toEqual([
      'end 2/anger/1 0-1960 source-end',
      'end 1/happiness/1 0-2360 source-end',
      'end 2/blink/1 1982-2360 source-end',
    ]);
    expect([state.tracks.size, state.ends.waiting.length]).toEqual([0, 0]);
  });
});

describe('a lively run of two tracks', () => {
  const frames = livelyFrames();
  const run = (state: TemporalState, from: number, to: number) =>
    frames.slice(from, to).map((frame) => step(state, options, frame));

  test('ends leave in order of their end, each after one new, none overlapping itself', () => {
    const state = createTemporalState('clip');
    const all = [...run(state, 0, frames.length).flatMap((o) => o.episodes), ...finish(state, options, 'source-end')];
    const done = ends(all);
    expect(done.length).toBeGreaterThan(15);
    expect(new Set(done.map((episode) => episode.label)).size).toBeGreaterThanOrEqual(5);
    const last = new Map<string, number>();
    done.forEach((episode, i) => {
      if (i > 0) expect(episode.offsetUs!).toBeGreaterThanOrEqual(done[i - 1]!.offsetUs!);
      expect(episode.offsetUs!).toBeGreaterThanOrEqual(episode.onsetUs);
      expect(episode.apexUs).toBeGreaterThanOrEqual(episode.onsetUs);
      expect(episode.apexUs).toBeLessThanOrEqual(episode.offsetUs!);
      expect(episode.mean).toBeLessThanOrEqual(episode.peak);
      const signal = `${episode.track}/${episode.label}`;
      expect(episode.onsetUs).toBeGreaterThan(last.get(signal) ?? -1);
      last.set(signal, episode.offsetUs!);
      const own = all.filter((other) => other.id === episode.id).map((other) => other.phase);
      expect([own[0], own.at(-1), own.filter((phase) => phase !== 'update').length]).toEqual(['new', 'end', 2]);
    });
    expect(new Set(all.map((episode) => episode.id)).size).toBe(done.length);
  });

  test.each([1, 130, 333, 700])('stopped, stored and resumed after frame %i it goes on as if never stopped', (cut) => {
    const whole = createTemporalState('clip');
    const expected = run(whole, 0, frames.length);
    const before = createTemporalState('clip');
    const outputs = run(before, 0, cut);
    const resumed: TemporalState = deserialize(serialize(before));
    outputs.push(...run(resumed, cut, frames.length));
    expect(outputs).toEqual(expected);
    expect(finish(resumed, options, 'source-end')).toEqual(finish(whole, options, 'source-end'));
  });

  test('the order of faces within a frame does not matter', () => {
    const [one, two] = [createTemporalState('clip'), createTemporalState('clip')];
    for (const frame of frames.slice(0, 300)) {
      const forward = step(one, options, frame);
      const backward = step(two, options, { ...frame, faces: [...frame.faces].reverse() });
      expect([...backward.tracks].reverse()).toEqual(forward.tracks);
      const ids = (episodes: readonly Episode[]) => summary(episodes).sort();
      expect(ids(backward.episodes)).toEqual(ids(forward.episodes));
    }
  });
});

describe('late evidence', () => {
  const smile = [{ shows: 'slightSmile' }] as const;
  const late = (seconds: number) => evidence({ seconds, shows: 'happiness', origin: 'mllm' });

  test('raises the smoothed value around its time, fades, and never touches raw', () => {
    const [plain, told] = [createTemporalState('clip'), createTemporalState('clip')];
    play(plain, [[4, smile]]);
    play(told, [[4, smile]]);
    expect(acceptLate(told, options, late(3.5))).toEqual({
      kind: 'accepted',
      episodeId: 'clip/1/emotion/happiness/1',
    });
    const gains = [0.04, 2, 4].map((seconds) => {
      const [a, b] = [play(plain, [[seconds, smile]]).last.affect!, play(told, [[seconds, smile]]).last.affect!];
      expect(b.emotions.raw).toEqual(a.emotions.raw);
      return b.emotions.smoothed[1]! - a.emotions.smoothed[1]!;
    });
    expect(gains[0]).toBeGreaterThan(0.1);
    expect(gains[1]).toBeLessThan(gains[0]! / 2);
    expect(gains[2]).toBe(0);
  });

  test('frames in its reach say how much of it is in them; earlier episodes and other people say nothing', () => {
    const both = [...smile, { shows: 'slightSmile', trackId: 2 }] as const;
    const state = createTemporalState('clip');
    const weights = (seconds: number) =>
      play(state, [[seconds, both]])
        .tracks.slice(-2)
        .map(({ affect }) => affect!.mllmWeight);
    expect(weights(4)).toEqual([undefined, undefined]);
    acceptLate(state, options, { ...late(3.5), weight: probability(0.3) });
    expect(weights(0.04)).toEqual([expect.closeTo(0.21, 2), undefined]);
    expect(weights(6)).toEqual([undefined, undefined]);
    const ended = ends(finish(state, options, 'source-end'));
    expect(ended.map(({ track, mllm }) => ({ track, mllm }))).toEqual([{ track: 1, mllm: true }, { track: 2 }]);
  });

  test('in any order of arrival within the window, values after it are equal and confidence is to 1e-9', () => {
    const times = [2.2, 3.1, 3.6, 4.4];
    const arrivals = [
      { order: [0, 1, 2, 3], delaySeconds: 0.05 },
      { order: [3, 1, 0, 2], delaySeconds: 2.4 },
      { order: [2, 3, 1, 0], delaySeconds: 4 },
    ];
    const results = arrivals.map(({ order, delaySeconds }) => {
      const state = createTemporalState('clip');
      const due = order.map((i, rank) => ({ at: delaySeconds < 1 ? times[i]! + 0.05 : 4.45 + delaySeconds, rank, i }));
      const tracks = [];
      for (let frame = 0; frame < 10 * FPS; frame += 1) {
        const seconds = frame / FPS;
        tracks.push(...step(state, options, { seconds, faces: smile }).tracks);
        for (const item of due.filter(({ at }) => at <= seconds && at > seconds - 1 / FPS)) {
          expect(acceptLate(state, options, late(times[item.i]!)).kind).toBe('accepted');
        }
      }
      expect(state.counters.lateAccepted).toBe(4);
      return { tail: tracks.slice(-FPS), end: ends(finish(state, options, 'source-end')) };
    });
    for (const { tail, end } of results.slice(1)) {
      expect(tail).toEqual(results[0]!.tail);
      expect(end.map(({ id }) => id)).toEqual(results[0]!.end.map(({ id }) => id));
      expect(end[0]!.confidence).toBeCloseTo(results[0]!.end[0]!.confidence, 9);
    }
    const untold = createTemporalState('clip');
    play(untold, [[10, smile]]);
    const [plain] = ends(finish(untold, options, 'source-end'));
    expect(results[0]!.end[0]!.confidence - plain!.confidence).toBeGreaterThan(0.02);
  });

  test('refusals are counted by reason', () => {
    const state = createTemporalState('clip');
    play(state, [[15, smile]]);
    const outcomes = [late(1), late(20), { ...late(14), trackId: 9 }, late(14), late(14)].map((given) =>
      acceptLate(state, options, given),
    );
    expect(outcomes.map((outcome) => (outcome.kind === 'refused' ? outcome.reason : 'ok'))).toEqual([
      'too-late',
      'not-yet-seen',
      'unknown-track',
      'ok',
      'duplicate',
    ]);
    expect(state.counters).toMatchObject({
      lateAccepted: 1,
      lateRefused: { 'too-late': 1, 'not-yet-seen': 1, 'unknown-track': 1, duplicate: 1, 'over-capacity': 0 },
    });
  });
});
