import type { DeviceChoice, SettledDevice } from '../domain/device.js';
import type { ModelSize } from '../domain/model-size.js';
import type { PrecisionChoice, SettledPrecision } from '../domain/precision.js';
import type { RunModel } from '../domain/tensor.js';
import { LanePool } from '../inference/lane-pool.js';
import { settleDevice } from '../inference/settle-device.js';
import { settlePrecision } from '../inference/settle-precision.js';
import { findModels, inIntegers, loadCanonicalFace, type ReadyModel } from '../models/registry.js';
import { FaceFinder, FINDER_MODELS } from './face-finder.js';

/** Which models read photographs, what runs them, and what they compute with. */
export interface StillOptions {
  /** Network that reads emotions and action units, for what reads them. @default 'large' */
  readonly model?: ModelSize;
  /** @default 'auto' */
  readonly device?: DeviceChoice;
  /** @default 'float' */
  readonly precision?: PrecisionChoice;
}

/** Whatever measures photographs: what it is, what runs it, and its end. */
export interface Still {
  /** What runs its models. */
  readonly device: SettledDevice;
  /** What they compute with. */
  readonly precision: SettledPrecision;
  readonly model: { readonly id: string; readonly version: string };
  close(): Promise<void>;
}

/** One lane with the models that find a photograph's face, and those that read it. */
export interface StillModels extends Pick<Still, 'device' | 'precision' | 'close'> {
  readonly models: readonly ReadyModel[];
  readonly runModel: RunModel;
  readonly finder: FaceFinder;
}

/** Starts the lane. Rejects with what models and lanes raise. */
export async function openStillModels(
  readers: readonly string[],
  { device: asked = 'auto', precision: wanted = 'float' }: StillOptions,
  signal?: AbortSignal,
): Promise<StillModels> {
  const all = findModels([...FINDER_MODELS, ...readers]);
  const ids = all.map(({ id }) => id);
  const device = await settleDevice(asked, ids, { signal });
  const precision = await settlePrecision(wanted, device.used, all, { signal });
  const models = precision.used === 'int8' ? inIntegers(all) : all;
  const lanes = await LanePool.start({
    lanes: 1,
    device: device.used,
    intraOpThreads: 1,
    models: models.map(({ id, onnxPath }) => ({ id, onnxPath })),
  });
  const finder = new FaceFinder({ runModel: lanes.run, canonicalFace: loadCanonicalFace() });
  return { device, precision, models, runModel: lanes.run, finder, close: () => lanes.close() };
}
