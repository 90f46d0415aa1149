import type { EyeOpenness, TrackedFace } from '../domain/face.js';
import { angleToCamera, type EyeGaze, type GazeAngles, type GazeEvidence, type GazeState } from '../domain/gaze.js';
import type { MissingReason } from '../domain/records.js';
import { type Probability, probability, type Radians, radians } from '../domain/units.js';
import type { BlinkState } from './blink.js';
import { createOneEuro, type OneEuroState, stepOneEuro } from './one-euro.js';
import type { GazeOptions } from './options.js';

/** Where the eyes of one track look; plain data. */
export interface GazeTrack {
  /** Yaw and pitch of both eyes together. */
  readonly filter: OneEuroState;
}

export function createGazeTrack(): GazeTrack {
  return { filter: createOneEuro(2) };
}

/** Gaze of one track in one frame, or why there is none; `missing` may also name one eye ('gaze.left'). */
export interface GazeOutcome {
  readonly gaze: GazeState | null;
  readonly gazeMissing: MissingReason | null;
}

const missing = (gazeMissing: MissingReason): GazeOutcome => ({ gaze: null, gazeMissing });

/**
 * Advances a track's gaze by one sample. An eye that is closed says nothing, and a face whose eyes are both closed, or that
 * blinks, has no gaze: lids take the iris with them before they hide it. Eyes count as open relative to how open they are on
 * this person, as blinks do. `blinks` must have been advanced to the same frame.
 *
 * @param evidence - undefined where no gaze is read at all
 */
export function stepGaze(
  track: GazeTrack,
  options: GazeOptions & { readonly maxGapSeconds: number },
  step: {
    readonly ptsUs: number;
    readonly face: TrackedFace;
    readonly evidence: GazeEvidence | undefined;
    readonly blinks: BlinkState;
  },
): GazeOutcome {
  const { face, evidence, blinks, ptsUs } = step;
  if (face.validity !== 'ok') return missing(face.validity);
  if (evidence === undefined) return missing('model-off');
  if ('missing' in evidence) return missing(evidence.missing);
  const open = openEyes(face.eyes, blinks, options);
  const right = open.right ? evidence.right : null;
  const left = open.left ? evidence.left : null;
  if (blinks.closed || (!right && !left)) return missing('eyes-closed');
  const raw = joined(right, left);
  const { minCutoffHz, beta, derivativeCutoffHz, maxGapSeconds } = options;
  const { filter } = track;
  const filtering = { minCutoffHz, beta, derivativeCutoffHz, maxGapSeconds };
  stepOneEuro(filter, filtering, { ptsUs, values: [raw.yaw, raw.pitch], weight: 1 });
  const smoothed = { yaw: radians(filter.value[0]!), pitch: radians(filter.value[1]!) };
  return {
    gaze: {
      raw: { yaw: raw.yaw, pitch: raw.pitch },
      smoothed,
      right: right && anglesOf(right),
      left: left && anglesOf(left),
      error: raw.error,
      contact: contactOf(smoothed, raw.error, options),
    },
    gazeMissing: null,
  };
}

const anglesOf = ({ yaw, pitch }: EyeGaze): GazeAngles => ({ yaw, pitch });

function openEyes(
  eyes: EyeOpenness | null,
  blinks: BlinkState,
  { openAbove }: GazeOptions,
): { readonly right: boolean; readonly left: boolean } {
  const isOpen = (opening: number, level: number | null): boolean => opening > openAbove * (level ?? 1);
  return {
    right: eyes !== null && isOpen(eyes.right, blinks.levelRight),
    left: eyes !== null && isOpen(eyes.left, blinks.levelLeft),
  };
}

/** Both eyes together, each by how sure it is; errors of two eyes of one face go together, so the joined one is not smaller. */
function joined(right: EyeGaze | null, left: EyeGaze | null): EyeGaze {
  if (!right || !left) return (right ?? left)!;
  const [a, b] = [right.error ** -2, left.error ** -2];
  const mean = (of: (eye: EyeGaze) => number): Radians => radians((a * of(right) + b * of(left)) / (a + b));
  return { yaw: mean(({ yaw }) => yaw), pitch: mean(({ pitch }) => pitch), error: mean(({ error }) => error) };
}

/** Probability that the camera is looked at, from the angle to it and how far readings like this one usually are off. */
function contactOf(smoothed: GazeAngles, error: Radians, { contact }: GazeOptions): Probability {
  const angle = angleToCamera(smoothed);
  const terms = [1, error, angle / error];
  const logit = terms.reduce((sum, term, index) => sum + term * contact[index]!, 0);
  return probability(1 / (1 + Math.exp(-logit)));
}
