import { EMOTIONS } from '../../src/domain/affect.js';
import { FACE_PARTS } from '../../src/domain/face-parts.js';
import type { OcclusionManifest, TrainedManifest } from '../../src/models/manifest.js';
import { CIRCUMPLEX } from './temporal-faces.js';

const tensor = (name: string, ...size: number[]): TrainedManifest['inputs'][number] => ({
  name,
  dtype: name === 'crops' ? 'uint8' : 'float32',
  axes: ['face', ...size.map((_, axis) => `axis${axis}`)],
  shape: [null, ...size],
});

/** Manifest of an affect model; with action units it also takes the mesh. */
export function affectManifestWith(actionUnits?: readonly string[]): TrainedManifest {
  const units = actionUnits?.length ?? 0;
  return {
    id: 'mien-affect',
    version: '9.9.9',
    job: 'tests',
    licence: 'none',
    source: { kind: 'trained', code: 'models/training' },
    file: 'weights.onnx',
    sha256: '0'.repeat(64),
    inputs: [tensor('crops', 48, 48), ...(units ? [tensor('landmarks', 468, 3)] : [])],
    outputs: [
      tensor('emotion_logits', 8),
      ...(units ? [tensor('au_presence', units), tensor('au_intensity', units)] : []),
    ],
    labels: { emotion: [...EMOTIONS], ...(actionUnits ? { actionUnits: [...actionUnits] } : {}) },
    alignment: { rightEye: [0.3198, 0.3786], leftEye: [0.6802, 0.3786], mouth: [0.5, 0.7564] },
    calibration: { temperature: 1, abstainBelow: 0.4 },
    circumplex: {
      source: 'tests',
      coordinates: Object.fromEntries(Object.entries(CIRCUMPLEX).map(([name, [v, a]]) => [name, [v, a]])),
    },
  };
}

/** Manifest of a model that looks for what covers faces: without the mouth emotions are withheld, without a brow humbler. */
export function occlusionManifest(): OcclusionManifest {
  return {
    id: 'mien-occlusion',
    version: '9.9.9',
    job: 'tests',
    licence: 'none',
    source: { kind: 'trained', code: 'models/training' },
    file: 'weights.onnx',
    sha256: '0'.repeat(64),
    inputs: [tensor('crops', 64, 64)],
    outputs: [tensor('visibility', FACE_PARTS.length)],
    labels: { parts: [...FACE_PARTS] },
    alignment: { rightEye: [0.36, 0.4], leftEye: [0.64, 0.4], mouth: [0.5, 0.7] },
    widening: { leftBrow: 0.4, mouth: 1 },
    loss: { mouth: 1 },
    maxLoss: 0.7,
  };
}
