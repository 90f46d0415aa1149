import type { MeshedFace } from '../domain/face.js';
import type { EyeGaze, GazeModel, GazeReading } from '../domain/gaze.js';
import { radians } from '../domain/units.js';
import { type EyeFeatures, eyeFeatures, leanOf } from './eye-features.js';
import type { EyePair } from './eye-points.js';

/** Inputs of the network are held to so many deviations of those it was taught with. */
const FARTHEST_INPUT = 4;
/** Nothing looks further aside than this sine, and no error is smaller or larger than these, radians. */
const FARTHEST = 0.95;
const [LEAST_ERROR, MOST_ERROR] = [0.03, 0.7];
/** Eye distance that the size of a face is told relative to. */
const USUAL_PX = 40;

const dot = (weights: readonly number[], terms: readonly number[]): number =>
  weights.reduce((sum, weight, index) => sum + weight * terms[index]!, 0);

/** What is told of one eye, in the order of models/training/gaze/fit.py. */
function ownInputs({ points, turn, nod, opening, look }: EyeFeatures, interocularPx: number): number[] {
  const places = points.flatMap(({ x, y }) => [x, y]);
  const pose = [turn, nod, turn * turn, nod * nod, turn * nod];
  return [...places, ...pose, opening, Math.log(interocularPx / USUAL_PX), ...look];
}

/** What the network reads an eye's direction from: what is seen of it and of the other. */
export function gazeInputs(eye: EyeFeatures, other: EyeFeatures, interocularPx: number): number[] {
  return [...ownInputs(eye, interocularPx), ...ownInputs(other, interocularPx)];
}

/** The level, mirrored direction: one hidden layer. */
function directionOf(model: GazeModel, inputs: readonly number[]): readonly [number, number] {
  const prepared = inputs.map((value, index) => {
    const deviations = (value - model.mean[index]!) / model.scale[index]!;
    return Math.max(-FARTHEST_INPUT, Math.min(FARTHEST_INPUT, deviations));
  });
  const hidden = model.hidden.map((weights, unit) => Math.tanh(dot(weights, prepared) + model.hiddenBias[unit]!));
  const [x, y] = model.out.map((weights, axis) => dot(weights, hidden) + model.outBias[axis]!) as [number, number];
  return [x, y];
}

/** What the logarithm of the error is linear in. A far eye, of a head that turns away, is seen worse than a near one. */
function errorTerms({ turn, nod, opening }: EyeFeatures, interocularPx: number): number[] {
  const sides = [Math.max(0, turn), Math.max(0, -turn)];
  return [1, ...sides, Math.abs(nod), Math.log(interocularPx / USUAL_PX), opening];
}

/** Where one eye looks, from what was seen of it and of the other; `lean` is that of the face (leanOf). */
export function eyeGaze(
  model: GazeModel,
  eyes: { readonly eye: EyeFeatures; readonly other: EyeFeatures },
  face: { readonly side: 'right' | 'left'; readonly lean: number; readonly interocularPx: number },
): EyeGaze {
  const level = directionOf(model, gazeInputs(eyes.eye, eyes.other, face.interocularPx));
  const shrink = Math.min(1, FARTHEST / Math.hypot(...level));
  const u = level[0] * shrink * (face.side === 'left' ? -1 : 1);
  const v = level[1] * shrink;
  const [c, s] = [Math.cos(face.lean), Math.sin(face.lean)];
  const [right, down, near] = [c * u - s * v, s * u + c * v, Math.sqrt(1 - u * u - v * v)];
  const error = Math.exp(dot(model.error, errorTerms(eyes.eye, face.interocularPx)));
  return {
    yaw: radians(Math.atan2(-right, near)),
    pitch: radians(Math.asin(-down)),
    error: radians(Math.min(MOST_ERROR, Math.max(LEAST_ERROR, error))),
  };
}

/** Where both eyes of a face look. */
export function gazeOf(model: GazeModel, face: MeshedFace, seen: EyePair): GazeReading {
  const lean = leanOf(face);
  const { interocularPx } = face.quality;
  const right = eyeFeatures(face, 'right', seen.right);
  const left = eyeFeatures(face, 'left', seen.left);
  return {
    right: eyeGaze(model, { eye: right, other: left }, { side: 'right', lean, interocularPx }),
    left: eyeGaze(model, { eye: left, other: right }, { side: 'left', lean, interocularPx }),
  };
}
