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
  /** The newest reading, as far as eyes were open in it; it holds until the next. Null before the first. */
  held: HeldGaze | null;
}

type HeldGaze =
  | { readonly right: EyeGaze | null; readonly left: EyeGaze | null; smoothed: boolean }
  | { readonly missing: MissingReason };

export function createGazeTrack(): GazeTrack {
  return { filter: createOneEuro(2), held: null };
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
 * Not every frame is read: a reading holds until the next one, of the eyes that were open in it and still are, and is
 * smoothed once.
 *
 * @param evidence - undefined where this frame was not read
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
  const open = openEyes(face.eyes, blinks, options);
  if (evidence) track.held = 'missing' in evidence ? evidence : { ...seenBy(evidence, open), smoothed: false };
  const { held, filter } = track;
  if (face.validity !== 'ok') return missing(face.validity);
  if (held === null) return missing('model-off');
  if ('missing' in held) return missing(held.missing);
  const { right, left } = seenBy(held, open);
  if (!right && !left) return missing('eyes-closed');
  const raw = joined(right, left);
  const { minCutoffHz, beta, derivativeCutoffHz, maxGapSeconds } = options;
  const filtering = { minCutoffHz, beta, derivativeCutoffHz, maxGapSeconds };
  if (!held.smoothed) stepOneEuro(filter, filtering, { ptsUs, values: [raw.yaw, raw.pitch], weight: 1 });
  held.smoothed = true;
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

interface OpenEyes {
  readonly right: boolean;
  readonly left: boolean;
}

const seenBy = <Eye>(eyes: { readonly right: Eye; readonly left: Eye }, open: OpenEyes) => ({
  right: open.right ? eyes.right : null,
  left: open.left ? eyes.left : null,
});

/** None while a blink or closure is in progress. */
function openEyes(eyes: EyeOpenness | null, blinks: BlinkState, { openAbove }: GazeOptions): OpenEyes {
  if (blinks.closed) return { right: false, left: false };
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
