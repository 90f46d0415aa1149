import type { MeshedFace } from '../domain/face.js';
import type { Frame } from '../domain/frame.js';
import type { EyeGaze, GazeReading } from '../domain/gaze.js';
import { radians } from '../domain/units.js';
import { type EyeFeatures, eyeFeatures, leanOf } from './eye-features.js';
import { EYE_MODEL_WEIGHTS as MODEL } from './eye-model.js';
import type { EyePair } from './eye-points.js';

/** Nothing looks further aside than this sine, and no error is smaller or larger than these, radians. */
const FARTHEST = 0.95;
const [LEAST_ERROR, MOST_ERROR] = [0.03, 0.7];

const dot = (weights: readonly number[], terms: readonly number[]): number =>
  weights.reduce((sum, weight, index) => sum + weight * terms[index]!, 0);

/** What the direction of an eye is linear in, by what is seen of it and of the other; the order of the weights. */
function directionTerms(eye: EyeFeatures, other: EyeFeatures): number[] {
  const { x, y, shiftX, shiftY, seenX, seenY, lids, turn, nod, opening } = eye;
  const products = [turn * turn, nod * nod, turn * nod, x * turn, x * nod, y * turn, y * nod];
  const opposite = [-other.x, other.y, -other.shiftX, other.shiftY];
  const edges = lids.flatMap((lid) => [lid.x, lid.y]);
  return [1, x, y, shiftX, shiftY, turn, nod, ...products, opening, seenX, seenY, ...edges, ...opposite];
}

/** What the logarithm of the error is linear in. A far eye, of a head that turns away, is seen worse than a near one. */
function errorTerms({ turn, nod, opening, contrast, moved }: EyeFeatures, interocularPx: number): number[] {
  const sides = [Math.max(0, turn), Math.max(0, -turn)];
  return [1, ...sides, Math.abs(nod), Math.log(interocularPx / 40), contrast, moved, opening];
}

/** Where one eye looks, from what was seen of it and of the other: a linear model of the levelled, mirrored eye, turned back. */
export function eyeGaze(
  features: EyeFeatures,
  other: EyeFeatures,
  face: { readonly side: 'right' | 'left'; readonly lean: number; readonly interocularPx: number },
): EyeGaze {
  const terms = directionTerms(features, other);
  const level = [dot(MODEL.x, terms), dot(MODEL.y, terms)] as const;
  const shrink = Math.min(1, FARTHEST / Math.hypot(...level));
  const u = level[0] * shrink * (face.side === 'left' ? -1 : 1);
  const v = level[1] * shrink;
  const [c, s] = [Math.cos(face.lean), Math.sin(face.lean)];
  const [right, down, near] = [c * u - s * v, s * u + c * v, Math.sqrt(1 - u * u - v * v)];
  const error = Math.exp(dot(MODEL.error, errorTerms(features, face.interocularPx)));
  return {
    yaw: radians(Math.atan2(-right, near)),
    pitch: radians(Math.asin(-down)),
    error: radians(Math.min(MOST_ERROR, Math.max(LEAST_ERROR, error))),
  };
}

/** Where both eyes of a face look. */
export function gazeOf(frame: Frame, face: MeshedFace, seen: EyePair): GazeReading {
  const lean = leanOf(face);
  const { interocularPx } = face.quality;
  const right = eyeFeatures(frame, face, 'right', seen.right);
  const left = eyeFeatures(frame, face, 'left', seen.left);
  return {
    right: eyeGaze(right, left, { side: 'right', lean, interocularPx }),
    left: eyeGaze(left, right, { side: 'left', lean, interocularPx }),
  };
}
