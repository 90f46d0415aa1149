import { describe, expect, it } from 'vitest';
import { type AffectOptions, AffectStage } from '../../../src/affect/affect-stage.js';
import { EMOTIONS } from '../../../src/domain/affect.js';
import { MESH_POINTS, type TrackedFace } from '../../../src/domain/face.js';
import type { Frame } from '../../../src/domain/frame.js';
import type { Tensor, Tensors } from '../../../src/domain/tensor.js';
import { micros } from '../../../src/domain/units.js';
import { trackedFace } from '../../support/temporal-faces.js';

const frame: Frame = {
  index: 3,
  ptsUs: micros(120_000),
  widthPx: 200,
  heightPx: 100,
  data: new Uint8Array(new SharedArrayBuffer(200 * 150)),
};
const template = { rightEye: { x: 0.25, y: 0.25 }, leftEye: { x: 0.75, y: 0.25 }, mouth: { x: 0.5, y: 0.75 } };

/** A face whose crop is 40 px wide and begins at x = 10 * track id; vertex 0 lies in its middle, 4 px in front. */
function face(trackId: number, validity: TrackedFace['validity'] = 'ok'): TrackedFace {
  const mesh = new Float32Array(MESH_POINTS * 3);
  mesh.set([10 * trackId + 20, 30, -4]);
  return { ...trackedFace({ trackId, validity }), mesh };
}
const located = (faces: readonly TrackedFace[]) => ({
  frameIndex: 3,
  ptsUs: frame.ptsUs,
  faces,
  endedTracks: [],
  sceneCut: false,
});

const tensor = (data: readonly number[], width: number): Tensor => ({
  dtype: 'float32',
  shape: [data.length / width, width],
  data: Float32Array.from(data),
});

/** A model that answers with numbers which tell the face: 10 * track id, found from where the crop begins. */
function scripted(more: Partial<AffectOptions> = {}, broken: Readonly<Record<string, Tensor>> = {}) {
  const calls: Tensors[] = [];
  const stage = new AffectStage({
    modelId: 'mien-affect',
    labels: [...EMOTIONS].reverse(),
    actionUnits: ['1', '12', '12L'],
    takesLandmarks: true,
    alignment: template,
    alignmentPoints: (mesh) => {
      const left = mesh[0]! - 20;
      return {
        rightEye: { x: left + 10, y: 20 },
        leftEye: { x: left + 30, y: 20 },
        mouth: { x: left + 20, y: 40 },
      };
    },
    judge: ({ quality }) => (quality.sharpness! < 0.2 ? 'blurred' : 'ok'),
    runModel: async (_, inputs) => {
      calls.push(inputs);
      const left = inputs.luma!.data.byteOffset % frame.widthPx;
      const matrices = inputs.matrices!.data;
      const faces = Array.from({ length: matrices.length / 6 }, (_row, row) =>
        Math.round(matrices[row * 6 + 2]! + left),
      );
      return {
        emotion_logits: tensor(
          faces.flatMap((id) => [0, 1, 2, 3, 4, 5, 6, id]),
          8,
        ),
        sharpness: tensor(
          faces.map((id) => (id === 30 ? 0.1 : 0.9)),
          1,
        ),
        au_presence: tensor(
          faces.flatMap((id) => [id, -id, 0]),
          3,
        ),
        au_intensity: tensor(
          faces.flatMap((id) => [id / 20, 7, -1]),
          3,
        ),
        ...broken,
      };
    },
    ...more,
  });
  return { stage, calls };
}

describe('AffectStage', () => {
  it('reads each valid face, in whatever group it was run: emotions in our order, action units as the model has them', async () => {
    const { stage, calls } = scripted();
    const faces = [face(1), face(2, 'profile'), face(3), face(4), face(5)];
    const { evidence, faces: judged } = await stage.read(frame, located(faces));
    expect(calls.map(({ matrices }) => matrices!.shape[0])).toEqual([2, 2]);
    expect(evidence.map(({ trackId }) => trackId)).toEqual([1, 4, 5]);
    expect(judged.faces.map(({ validity }) => validity)).toEqual(['ok', 'profile', 'blurred', 'ok', 'ok']);
    for (const { trackId, emotionLogits, actionUnits } of evidence) {
      expect(emotionLogits).toEqual([10 * trackId, 6, 5, 4, 3, 2, 1, 0]);
      expect(actionUnits).toEqual({
        presenceLogits: [10 * trackId, -10 * trackId, 0],
        // Held to 0..5.
        intensities: [trackId / 2, 5, 0],
      });
    }
  });

  it('gives the model each mesh in its crop, with no more than the group in the buffer', async () => {
    const { stage, calls } = scripted();
    await stage.read(frame, located([face(1), face(2), face(4)]));
    const landmarks = calls.map((inputs) => inputs.landmarks!);
    expect(landmarks.map(({ shape }) => shape)).toEqual([
      [2, 468, 3],
      [1, 468, 3],
    ]);
    for (const { data, shape } of landmarks) {
      expect(data.buffer.byteLength).toBe(shape[0]! * 468 * 3 * 4);
      for (let row = 0; row < shape[0]!; row++) {
        const [x, y, z] = data.subarray(row * 468 * 3);
        expect([x, y, z].map((value) => Math.round(value! * 1e4) / 1e4)).toEqual([0.5, 0.5, -0.1]);
      }
    }
  });

  it('works with a model that has neither', async () => {
    const { stage, calls } = scripted({ actionUnits: [], takesLandmarks: false });
    const { evidence } = await stage.read(frame, located([face(1)]));
    expect(evidence).toMatchObject([{ trackId: 1, actionUnits: null }]);
    expect(Object.keys(calls[0]!).sort()).toEqual(['luma', 'matrices']);
  });

  it.each([
    { output: 'au_presence', tensor: tensor([1, 2], 2), says: '2 float32 values as au_presence, its manifest says 3' },
    { output: 'emotion_logits', tensor: tensor([1, 2, 3, 4, 5, 6, 7], 7), says: '7 float32 values as emotion_logits' },
    { output: 'au_intensity', tensor: undefined, says: 'nothing as au_intensity, its manifest says 3' },
  ])('refuses $output that is not as the manifest says', async ({ output, tensor: given, says }) => {
    const { stage } = scripted({}, { [output]: given as Tensor });
    const reading = stage.read(frame, located([face(1)]));
    await expect(reading).rejects.toMatchObject({ code: 'MODEL_INVALID', message: expect.stringContaining(says) });
  });
});
