import { describe, expect, test } from 'vitest';
import { createTemporalState } from '../../../src/temporal/temporal-stage.js';
import { type FaceSpec, optionsWith, step } from '../../support/temporal-faces.js';
import type { FaceName } from '../../support/temporal-sequences.js';

const RATES = [1, 2, 3, 5, 15, 30, 60];
const JITTERS = [0, 0.2];
const options = optionsWith({});

interface Scene {
  readonly fps: number;
  /** Frames come early and late by this share of the interval, alternately. */
  readonly jitter: number;
  readonly seconds: number;
  readonly at: (seconds: number) => FaceSpec;
  readonly settings?: ReturnType<typeof optionsWith>;
}

function play({ fps, jitter, seconds, at, settings = options }: Scene) {
  const state = createTemporalState('s');
  return Array.from({ length: Math.ceil(seconds * fps) }, (_, n) => {
    const time = (n + (n % 2 === 0 ? 0 : jitter)) / fps;
    const { tracks, episodes } = step(state, settings, { seconds: time, faces: [at(time)] });
    return {
      time,
      label: tracks[0]!.affect?.label ?? null,
      active: tracks[0]!.actionUnits?.readings['12']?.active ?? false,
      episodes,
    };
  });
}

/** One Euro sees the speed of a change later where frames are few: seconds, three frames of the reference. */
const SLOWER_OPENING = 3 / 60 + 1e-9;

const cases = RATES.flatMap((fps) => JITTERS.map((jitter) => ({ fps, jitter })));
const longest = ({ fps, jitter }: { fps: number; jitter: number }) => (1 + jitter) / fps;

/** Seconds from the change of the face at `CHANGE_AT` until its label is in force. */
const CHANGE_AT = 10;
function lagOf(
  way: { readonly from: FaceName; readonly to: FaceName; readonly label: string },
  pace: { fps: number; jitter: number },
) {
  const shows = (seconds: number) => (seconds < CHANGE_AT ? way.from : way.to);
  const rows = play({ ...pace, seconds: 20, at: (seconds) => ({ shows: shows(seconds) }) });
  return rows.find(({ time, label }) => time >= CHANGE_AT && label === way.label)!.time - CHANGE_AT;
}

describe('the same face at 1 to 60 frames a second', () => {
  test.each(
    cases.flatMap((pace) => [
      { ...pace, from: 'neutral', to: 'happiness', label: 'happiness' } as const,
      { ...pace, from: 'happiness', to: 'neutral', label: 'neutral' } as const,
      { ...pace, from: 'neutral', to: 'slightSmile', label: 'happiness' } as const,
      { ...pace, from: 'neutral', to: 'surpriseOrFear', label: 'surprise' } as const,
    ]),
  )('$from to $to is followed as soon, within an interval: $fps fps, jitter $jitter', (way) => {
    const reference = lagOf(way, { fps: 60, jitter: 0 });
    expect(Math.abs(lagOf(way, way) - reference)).toBeLessThanOrEqual(longest(way) + SLOWER_OPENING);
  });

  test.each(cases)('an action unit becomes active as soon, within an interval: $fps fps, jitter $jitter', (pace) => {
    const units = optionsWith({ actionUnitKeys: ['12'] });
    const lag = (at: Omit<Scene, 'seconds' | 'at'>): number => {
      const seen = (seconds: number): FaceSpec => {
        const on = seconds >= CHANGE_AT;
        return { actionUnits: { presenceLogits: [on ? 4 : -4], intensities: [on ? 3 : 0] } };
      };
      const rows = play({ ...at, seconds: 20, at: seen, settings: units });
      return rows.find(({ time, active }) => time >= CHANGE_AT && active)!.time - CHANGE_AT;
    };
    expect(Math.abs(lag(pace) - lag({ fps: 60, jitter: 0 }))).toBeLessThanOrEqual(longest(pace) + 1 / 60 + 1e-9);
  });

  test.each(cases.filter((pace) => longest(pace) <= 0.5))(
    'eyes shut for three seconds are one closure of that length: $fps fps, jitter $jitter',
    (pace) => {
      const shut = (seconds: number) => seconds >= 5 && seconds < 8;
      const rows = play({ ...pace, seconds: 12, at: (seconds) => ({ eyes: shut(seconds) ? 0.1 : 1 }) });
      const ends = rows.flatMap(({ episodes }) => episodes).filter(({ phase }) => phase === 'end');
      expect(ends.map(({ label }) => label)).toEqual(['eyes-closed']);
      expect(Math.abs(ends[0]!.onsetUs / 1e6 - 5)).toBeLessThanOrEqual(longest(pace));
      expect(Math.abs(ends[0]!.offsetUs! / 1e6 - 8)).toBeLessThanOrEqual(longest(pace));
    },
  );

  test('a face missed in one frame of three a second keeps its label; after a pause of the camera it starts anew', () => {
    const shows = (seconds: number): FaceSpec =>
      Math.abs(seconds - 5) < 0.1 ? { validity: 'blurred' } : { shows: 'happiness' };
    const rows = play({ fps: 3, jitter: 0, seconds: 10, at: shows });
    expect(rows.filter(({ time }) => time > 6).every(({ label }) => label === 'happiness')).toBe(true);

    const state = createTemporalState('s');
    const labels = [0, 0.5, 1, 10, 10.5].map((seconds) => {
      const { tracks } = step(state, options, { seconds, faces: [{ shows: 'happiness' }] });
      return tracks[0]!.affect!.label;
    });
    expect(labels).toEqual([null, 'happiness', 'happiness', null, 'happiness']);
  });
});
