import { FACE_PARTS, type FacePart } from '../../src/domain/face-parts.js';
import type { RunModel, Tensor } from '../../src/domain/tensor.js';
import { loadGazeModel } from '../../src/models/registry.js';
import type { ModelRuntime } from '../../src/pipeline/model-runtime.js';
import { affectManifestWith, occlusionManifest } from './affect-manifest.js';
import { cloudFace, type FakeFace, FakeWorld } from './fake-world.js';
import { IN_FLOAT, ON_PROCESSOR } from './settled.js';

const HAPPY = [0, 5, 0, 0, 0, 0, 0, 0];
const ONE: readonly FakeFace[] = [{ x: 150, y: 180, side: 120 }];

/** A runtime whose affect model sees one expression (by default happiness), and an AU12 that is strong from frame 10 to 29. */
export function fakeRuntime(
  more: {
    readonly actionUnits?: readonly string[] | undefined;
    readonly faces?: readonly FakeFace[];
    readonly emotionLogits?: readonly number[];
    readonly sharpness?: number;
    /** With it, a model looks for what covers faces, and finds these parts covered in a frame. */
    readonly coveredParts?: (frame: number) => readonly FacePart[];
  } = {},
) {
  const { actionUnits, faces: shown = ONE, emotionLogits = HAPPY, sharpness = 0.9, coveredParts } = more;
  const world = new FakeWorld();
  const given: string[][] = [];
  let frame = 0;
  const run: RunModel = async (modelId, inputs) => {
    if (!modelId.startsWith('mien-')) return world.runModel(modelId, inputs);
    const faces = inputs.matrices!.shape[0]!;
    const rows = (row: readonly number[]): Tensor => ({
      dtype: 'float32',
      shape: [faces, row.length],
      data: Float32Array.from(Array.from({ length: faces }, () => row).flat()),
    });
    if (modelId === 'mien-occlusion')
      return { visibility: rows(FACE_PARTS.map((part) => (coveredParts!(frame).includes(part) ? 0.05 : 0.97))) };
    given.push(Object.keys(inputs).sort());
    const smiles = frame >= 10 && frame < 30;
    const units = actionUnits ?? [];
    return {
      emotion_logits: rows(emotionLogits),
      sharpness: rows([sharpness]),
      ...(units.length > 0
        ? {
            au_presence: rows(units.map((key) => (smiles && key.startsWith('12') ? 4 : -4))),
            au_intensity: rows(units.map((key) => (smiles && key.startsWith('12') ? 3 : 0))),
          }
        : {}),
    };
  };
  const runtime = {
    detector: 'full',
    model: 'large',
    device: ON_PROCESSOR,
    precision: IN_FLOAT,
    models: [
      {
        id: 'mien-affect',
        manifest: affectManifestWith(actionUnits),
        onnxPath: '',
        sha256: '',
        precision: 'float',
        int8: null,
      },
      ...(coveredParts
        ? [
            {
              id: 'mien-occlusion',
              manifest: occlusionManifest(),
              onnxPath: '',
              sha256: '',
              precision: 'float',
              int8: null,
            },
          ]
        : []),
    ],
    lanes: { run, lanes: [], restarts: 0 },
    canonicalFace: cloudFace(),
    gazeModel: loadGazeModel(),
    close: async () => undefined,
  } as unknown as ModelRuntime;
  const next = () => world.frame(frame, shown);
  return { runtime, given, next, advance: () => (frame += 1) };
}
