import type { RunModel, Tensor } from '../../src/domain/tensor.js';
import { loadGazeModel } from '../../src/models/registry.js';
import type { ModelRuntime } from '../../src/pipeline/model-runtime.js';
import { affectManifestWith } from './affect-manifest.js';
import { cloudFace, type FakeFace, FakeWorld } from './fake-world.js';
import { ON_PROCESSOR } from './settled.js';

const HAPPY = [0, 5, 0, 0, 0, 0, 0, 0];
const ONE: readonly FakeFace[] = [{ x: 150, y: 180, side: 120 }];

/** A runtime whose affect model sees one expression (by default happiness), and an AU12 that is strong from frame 10 to 29. */
export function fakeRuntime(
  more: {
    readonly actionUnits?: readonly string[] | undefined;
    readonly faces?: readonly FakeFace[];
    readonly emotionLogits?: readonly number[];
  } = {},
) {
  const { actionUnits, faces: shown = ONE, emotionLogits = HAPPY } = more;
  const world = new FakeWorld();
  const given: string[][] = [];
  let frame = 0;
  const run: RunModel = async (modelId, inputs) => {
    if (modelId !== 'mien-affect') return world.runModel(modelId, inputs);
    given.push(Object.keys(inputs).sort());
    const faces = inputs.matrices!.shape[0]!;
    const rows = (row: readonly number[]): Tensor => ({
      dtype: 'float32',
      shape: [faces, row.length],
      data: Float32Array.from(Array.from({ length: faces }, () => row).flat()),
    });
    const smiles = frame >= 10 && frame < 30;
    const units = actionUnits ?? [];
    return {
      emotion_logits: rows(emotionLogits),
      sharpness: rows([0.9]),
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
    device: ON_PROCESSOR,
    models: [{ id: 'mien-affect', manifest: affectManifestWith(actionUnits), onnxPath: '', sha256: '' }],
    lanes: { run, lanes: [], restarts: 0 },
    canonicalFace: cloudFace(),
    gazeModel: loadGazeModel(),
    close: async () => undefined,
  } as unknown as ModelRuntime;
  const next = () => world.frame(frame, shown);
  return { runtime, given, next, advance: () => (frame += 1) };
}
