import { angleToCamera, type GazeAngles, gazeVector } from '../../domain/gaze.js';
import { resamples, spread } from '../../statistics/intervals.js';
import { divisionsOf } from '../divisions.js';
import type { AimedFace } from './gaze-list.js';
import type { StillGaze } from './gaze-reader.js';
import type { AngleError, GazeEvalReport, GazeScore } from './gaze-report.js';

const DEGREES = 180 / Math.PI;
/** Turns of the head that bands begin and end at, degrees. */
const BANDS = [0, 10, 20, 30, 90] as const;
const WITHIN = 30;
/** Looking at the camera, degrees (what the probability of contact means). */
const CONTACT = 5;

/** The angle between two directions, degrees. */
function angleBetween(a: GazeAngles, b: GazeAngles): number {
  const [u, v] = [gazeVector(a), gazeVector(b)];
  return DEGREES * Math.acos(Math.min(1, Math.max(-1, u[0] * v[0] + u[1] * v[1] + u[2] * v[2])));
}

/** A picture and its errors, degrees; null where there is no truth or no reading. */
interface Trial {
  readonly at: number;
  readonly truth: AimedFace;
  readonly seen: StillGaze;
  /** Turn of the head to either side, degrees; null when unknown. */
  readonly turn: number | null;
  readonly both: number | null;
  readonly right: number | null;
  readonly left: number | null;
}

export interface GazeScoring {
  readonly faces: readonly AimedFace[];
  /** One per face. */
  readonly readings: readonly StillGaze[];
  /** Names of the divisions, in the order of each face's groups. */
  readonly by: readonly string[];
}

/** How far off each eye and both together are: within 30 degrees of head yaw, by its bands, and by the list's divisions. */
export function scoreGaze({ faces, readings, by }: GazeScoring): Pick<
  GazeEvalReport,
  'headYaw' | 'within30' | 'all' | 'divisions' | 'contact'
> & {
  readonly bySubject: boolean;
} {
  const told = faces.every(({ headYaw }) => headYaw !== null);
  const trials = faces.map((truth, at) => trialOf(truth, readings[at]!, at, told));
  const bySubject = faces.every(({ subject }) => subject !== null);
  const draws = [...resamples(faces.map(({ subject }, at) => (bySubject ? subject! : String(at))))];
  const score = (group: string, some: readonly Trial[]): GazeScore => scoreOf(group, some, draws);
  const near = trials.filter(({ turn }) => turn !== null && turn <= WITHIN);
  const bands = BANDS.slice(1).map((to, index) => {
    const from = BANDS[index]!;
    const within = ({ turn }: Trial): boolean => turn !== null && turn <= to && (turn > from || from === 0);
    return score(to === BANDS.at(-1) ? `over ${from}` : `${from} to ${to}`, trials.filter(within));
  });
  const divisions = divisionsOf(faces, by).map(({ by: name, groups }) => ({
    by: name,
    groups: groups.map(({ group, at }) =>
      score(
        group,
        near.filter((trial) => at.includes(trial.at)),
      ),
    ),
  }));
  return {
    headYaw: told ? 'list' : 'measured',
    within30: score('within 30', near),
    all: score('all', trials),
    divisions: [{ by: 'head yaw', groups: bands.filter(({ images }) => images > 0) }, ...divisions],
    contact: contactOf(trials),
    bySubject,
  };
}

function trialOf(truth: AimedFace, seen: StillGaze, at: number, told: boolean): Trial {
  const yaw = told ? truth.headYaw : seen.headYaw;
  const { gaze } = seen;
  const off = (read: GazeAngles | null | undefined, aimed: GazeAngles | null): number | null =>
    read && aimed ? angleBetween(read, aimed) : null;
  return {
    at,
    truth,
    seen,
    turn: yaw === null ? null : Math.abs(yaw) * DEGREES,
    both: off(gaze?.raw, truth.both),
    right: off(gaze?.right, truth.right),
    left: off(gaze?.left, truth.left),
  };
}

function scoreOf(group: string, trials: readonly Trial[], draws: readonly Uint16Array[]): GazeScore {
  const read = trials.filter(({ both }) => both !== null);
  const bias = (axis: 'yaw' | 'pitch'): number =>
    (DEGREES / read.length) * read.reduce((sum, { seen, truth }) => sum + seen.gaze!.raw[axis] - truth.both[axis], 0);
  return {
    group,
    images: trials.length,
    read: read.length,
    both: errorOf(trials, ({ both }) => both, draws),
    right: errorOf(trials, ({ right }) => right, draws),
    left: errorOf(trials, ({ left }) => left, draws),
    bias: read.length === 0 ? null : { yaw: bias('yaw'), pitch: bias('pitch') },
  };
}

function errorOf(
  trials: readonly Trial[],
  of: (trial: Trial) => number | null,
  draws: readonly Uint16Array[],
): AngleError {
  const told = trials.flatMap((trial) => {
    const off = of(trial);
    return off === null ? [] : [{ at: trial.at, off }];
  });
  if (told.length === 0) return { count: 0, mean: null, interval: null, median: null, worst: null };
  const mean = (times: ArrayLike<number> | null): number => {
    let [sum, count] = [0, 0];
    for (const { at, off } of told) {
      sum += off * (times?.[at] ?? 1);
      count += times?.[at] ?? 1;
    }
    return count === 0 ? Number.NaN : sum / count;
  };
  const sorted = told.map(({ off }) => off).sort((a, b) => a - b);
  const quantile = (share: number): number => sorted[Math.round(share * (sorted.length - 1))]!;
  return {
    count: told.length,
    mean: mean(null),
    interval: spread(draws.map(mean)),
    median: quantile(0.5),
    worst: quantile(0.95),
  };
}

function contactOf(trials: readonly Trial[]): GazeEvalReport['contact'] {
  const read = trials.flatMap(({ seen, truth }) =>
    seen.gaze ? [{ said: seen.gaze.contact, looks: DEGREES * angleToCamera(truth.both) <= CONTACT }] : [],
  );
  if (read.length === 0) return null;
  return {
    count: read.length,
    looking: read.filter(({ looks }) => looks).length,
    accuracy: read.filter(({ said, looks }) => said >= 0.5 === looks).length / read.length,
    brier: read.reduce((sum, { said, looks }) => sum + (said - Number(looks)) ** 2, 0) / read.length,
  };
}
