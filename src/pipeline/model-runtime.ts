import { availableParallelism } from 'node:os';
import { DEFAULT_DETECTOR, DETECTORS, type DetectorChoice } from '../domain/detector.js';
import { DEVICE_CHOICES, type Device, type DeviceChoice, type SettledDevice } from '../domain/device.js';
import type { GazeModel } from '../domain/gaze.js';
import { DEFAULT_MODEL, MODEL_IDS, MODEL_SIZES, type ModelSize } from '../domain/model-size.js';
import { PRECISION_CHOICES, type PrecisionChoice, type SettledPrecision } from '../domain/precision.js';
import type { ModelUse } from '../domain/records.js';
import type { CanonicalFace } from '../faces/head-pose.js';
import { LanePool } from '../inference/lane-pool.js';
import { settleDevice } from '../inference/settle-device.js';
import { settlePrecision } from '../inference/settle-precision.js';
import { findModels, inIntegers, loadCanonicalFace, loadGazeModel, type ReadyModel } from '../models/registry.js';

/** Models and inference lanes, shared by all videos and cameras of a process. */
export interface ModelRuntime {
  /** The face detector it was started with: that of all videos and cameras it reads. */
  readonly detector: DetectorChoice;
  /** The size of the network that reads emotions and action units. */
  readonly model: ModelSize;
  /** What runs the models, and why it is not what was asked for. */
  readonly device: SettledDevice;
  /** What the models compute with, and why it is not what was asked for. */
  readonly precision: SettledPrecision;
  /** @internal */
  readonly models: readonly ReadyModel[];
  /** @internal */
  readonly lanes: LanePool;
  /** @internal */
  readonly canonicalFace: CanonicalFace;
  /** @internal */
  readonly gazeModel: GazeModel;
  /** Ends the lanes; what they were given is finished first. Idempotent. */
  close(): Promise<void>;
}

export const DETECTOR_MODELS: Readonly<Record<DetectorChoice, readonly string[]>> = {
  full: ['blazeface-full-range'],
  short: ['blazeface-short-range'],
  both: ['blazeface-full-range', 'blazeface-short-range'],
};

/** The model that tells a voice from other sounds. */
export const VOICE_MODEL = 'silero-vad';

/** What `startRuntime` starts. */
export interface RuntimeOptions {
  /** @default 'both' */
  readonly detector?: DetectorChoice;
  /** Network that reads emotions and action units: `small` needs a quarter of the work, and finds fewer rare emotions. @default 'large' */
  readonly model?: ModelSize;
  /** Inference threads; one with webgpu. @default the number of cores, at most 4 */
  readonly lanes?: number;
  /** What runs the models. One that does not work falls back to the processor: `ModelRuntime.device` says so. @default 'auto' */
  readonly device?: DeviceChoice;
  /** What the models compute with. `float` gives the same numbers on every machine. @default 'float' */
  readonly precision?: PrecisionChoice;
  /** Whether recordings with sound will be read; without, their `speaking` cannot be told. @default true */
  readonly voice?: boolean;
}

type ChosenModels = Required<Pick<RuntimeOptions, 'detector' | 'model' | 'voice'>>;

/** The models that read faces and, with `voice`, the one that hears voices. */
export function modelsFor({ detector, model, voice }: ChosenModels): readonly string[] {
  const faces = [...DETECTOR_MODELS[detector], 'face-mesh', 'eye-mesh', MODEL_IDS[model], 'mien-occlusion'];
  return voice ? [...faces, VOICE_MODEL] : faces;
}

/**
 * Finds the models, starts the lanes, and resolves when they are ready to run. Rejects with MODEL_INVALID, with
 * LANES_CLOSED when the signal aborts first, or with RangeError for options out of range.
 */
export async function startRuntime(options: RuntimeOptions = {}, signal?: AbortSignal): Promise<ModelRuntime> {
  const { detector = DEFAULT_DETECTOR, model = DEFAULT_MODEL, voice = true } = options;
  const { device: asked = 'auto', precision: wanted = 'float' } = options;
  checkChoice('detector', detector, DETECTORS);
  checkChoice('model', model, MODEL_SIZES);
  checkChoice('device', asked, DEVICE_CHOICES);
  checkChoice('precision', wanted, PRECISION_CHOICES);
  const ids = modelsFor({ detector, model, voice });
  const found = findModels(ids);
  const canonicalFace = loadCanonicalFace();
  const gazeModel = loadGazeModel();
  const device = await settleDevice(asked, ids, { signal });
  const precision = await settlePrecision(wanted, device.used, found, { signal });
  const models = precision.used === 'int8' ? inIntegers(found) : found;
  const lanes = await LanePool.start(
    {
      device: device.used,
      lanes: lanesOn(device.used, options.lanes),
      models: models.map(({ id, onnxPath }) => ({ id, onnxPath })),
      intraOpThreads: 1,
    },
    signal,
  );
  return { detector, model, device, precision, models, lanes, canonicalFace, gazeModel, close: () => lanes.close() };
}

/** How many lanes a device takes. One with WebGPU: two threads with sessions of it end the process (SIGSEGV, onnxruntime-node 1.30). */
export function lanesOn(device: Device, asked = Math.min(4, Math.max(1, availableParallelism()))): number {
  return device === 'webgpu' ? Math.min(1, asked) : asked;
}

function checkChoice(name: string, value: string, choices: readonly string[]): void {
  if (!choices.includes(value)) throw new RangeError(`${name} must be one of ${choices.join(', ')}, got ${value}`);
}

/** The models of a runtime as manifests and reports name them. */
export function modelUses(models: readonly ReadyModel[]): ModelUse[] {
  return models.map(({ manifest, sha256, precision }) => ({
    id: manifest.id,
    version: manifest.version,
    sha256,
    licence: manifest.licence,
    job: manifest.job,
    precision,
  }));
}

/** What was started, in one line for the log. */
export const loadedWords = ({ model, device, precision, lanes }: ModelRuntime): string =>
  `models are loaded on ${device.used} in ${precision.used}, the ${model} one for emotions; inference lanes: ${lanes.lanes.length}`;
