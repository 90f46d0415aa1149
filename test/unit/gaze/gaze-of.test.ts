import { describe, expect, it } from 'vitest';
import { type GazeModel, gazeVector } from '../../../src/domain/gaze.js';
import type { EyeFeatures } from '../../../src/gaze/eye-features.js';
import { eyeGaze, gazeInputs } from '../../../src/gaze/gaze-of.js';
import { loadGazeModel } from '../../../src/models/registry.js';

const model = loadGazeModel();
const DEGREE = Math.PI / 180;
const LOOK_VALUES = 48;
/** Where an eye's iris is among its inputs: after sixteen points of the lids. */
const IRIS_X = 32;

/** A network that reads an eye's direction from its iris alone: one unit for x, one for y, the lines of sight 0.17 eye distances long. */
const plain: GazeModel = {
  ...model,
  mean: model.mean.map(() => 0),
  scale: model.scale.map(() => 1),
  hidden: [IRIS_X, IRIS_X + 1].map((place) => model.mean.map((_, index) => (index === place ? 1 : 0))),
  hiddenBias: [0, 0],
  out: [
    [1 / 0.17, 0],
    [0, 1 / 0.17],
  ],
  outBias: [0, 0],
};

/** An eye whose iris is there, in eye distances from the middle between its corners; x is towards the nose. */
function eyeWith(x: number, y: number): EyeFeatures {
  const lids = Array.from({ length: 16 }, (_, index) => ({
    x: -0.2 * Math.cos((index * Math.PI) / 8),
    y: 0.06 * Math.sin((index * Math.PI) / 8),
  }));
  const look = Array.from({ length: LOOK_VALUES }, (_, index) => (index % 7) / 7);
  return { points: [...lids, { x, y }], turn: 0, nod: 0.05, opening: 0.9, look };
}

/** Both eyes, their irises moved by the same way in the image: dx to the right, dy down. */
function looking(dx: number, dy: number, weights: GazeModel = plain) {
  const [right, left] = [eyeWith(dx, dy), eyeWith(-dx, dy)];
  const face = { lean: 0, interocularPx: 60 };
  return {
    right: eyeGaze(weights, { eye: right, other: left }, { side: 'right', ...face }),
    left: eyeGaze(weights, { eye: left, other: right }, { side: 'left', ...face }),
  };
}

describe('eyeGaze', () => {
  it('has the signs of the head pose: left in the image and up are positive', () => {
    const ahead = looking(0, -0.01);
    const [toLeft, toRight] = [looking(-0.06, -0.01), looking(0.06, -0.01)];
    for (const side of ['right', 'left'] as const) {
      expect(toLeft[side].yaw).toBeGreaterThan(ahead[side].yaw + 8 * DEGREE);
      expect(toRight[side].yaw).toBeLessThan(ahead[side].yaw - 8 * DEGREE);
      expect(looking(0, -0.04)[side].pitch).toBeGreaterThan(looking(0, 0.03)[side].pitch + 3 * DEGREE);
    }
  });

  it('reads a face and its mirror image alike', () => {
    const [one, mirrored] = [looking(0.05, 0.01, model), looking(-0.05, 0.01, model)];
    expect(mirrored.left.yaw).toBeCloseTo(-one.right.yaw, 12);
    expect(mirrored.left.pitch).toBeCloseTo(one.right.pitch, 12);
    expect(mirrored.right.error).toBeCloseTo(one.left.error, 12);
  });

  it('turns with a face that leans', () => {
    const [right, left] = [eyeWith(0.05, 0), eyeWith(-0.05, 0)];
    const at = (lean: number) =>
      gazeVector(eyeGaze(plain, { eye: right, other: left }, { side: 'right', lean, interocularPx: 60 }));
    const [x, y, z] = at(0);
    const turned = at(0.4);
    expect(turned[0]).toBeCloseTo(Math.cos(0.4) * x - Math.sin(0.4) * y, 9);
    expect(turned[1]).toBeCloseTo(Math.sin(0.4) * x + Math.cos(0.4) * y, 9);
    expect(turned[2]).toBeCloseTo(z, 9);
  });

  it('stays within bounds for an eye like none that it was taught with', () => {
    const wild = eyeWith(5, -7);
    const { yaw, pitch, error } = eyeGaze(
      model,
      { eye: wild, other: wild },
      { side: 'left', lean: 0, interocularPx: 60 },
    );
    expect(Math.hypot(Math.sin(yaw) * Math.cos(pitch), Math.sin(pitch))).toBeLessThan(0.96);
    expect(error).toBeLessThanOrEqual(0.7);
  });

  it('gives the network what its weights are for', () => {
    const inputs = gazeInputs(eyeWith(0.03, 0), eyeWith(0, 0), 40);
    expect(inputs).toHaveLength(model.mean.length);
    expect(inputs[IRIS_X]).toBe(0.03);
    for (const unit of model.hidden) expect(unit).toHaveLength(model.mean.length);
    for (const axis of model.out) expect(axis).toHaveLength(model.hidden.length);
  });
});
