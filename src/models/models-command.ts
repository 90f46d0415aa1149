import type { Device } from '../domain/device.js';
import { errorWords } from '../domain/errors.js';
import { isAnswering } from './manifest.js';
import { findModels, listManifests } from './registry.js';
import { verifyAnswering } from './verify-answering.js';
import { verifyVector } from './verify-vector.js';

export type ModelsAction = 'list' | 'verify';

/** A model, as `mien models` tells it. */
export interface ToldModel {
  readonly id: string;
  readonly version: string;
  readonly job: string;
  readonly licence: string;
  /** Of a model that was verified. */
  readonly verified?: { readonly largestError: number } | { readonly problem: string };
}

/**
 * `mien models list | verify`: tells each model. Verify checks every one on a device, and throws the first MODEL_INVALID at the end.
 */
export async function modelsCommand(
  action: ModelsAction,
  tell: (model: ToldModel) => void,
  device: Device = 'cpu',
): Promise<void> {
  const failures: unknown[] = [];
  for (const manifest of listManifests()) {
    const { id, version, job, licence } = manifest;
    const told = { id, version, job, licence };
    if (action === 'list') {
      tell(told);
      continue;
    }
    try {
      if (isAnswering(manifest)) tell({ ...told, verified: { largestError: await verifyAnswering(manifest, device) } });
      else
        for (const model of findModels([id]))
          tell({ ...told, verified: { largestError: await verifyVector(model, device) } });
    } catch (error) {
      failures.push(error);
      tell({ ...told, verified: { problem: errorWords(error) } });
    }
  }
  if (failures.length > 0) throw failures[0];
}

/** A model in words. */
export function modelLine({ id, version, job, licence, verified }: ToldModel): string {
  const name = `${id.padEnd(24)} ${version.padEnd(8)}`;
  if (!verified) return `${name} ${job}; ${licence}`;
  if ('problem' in verified) return `${name} ${verified.problem}`;
  return `${name} ok, largest error ${verified.largestError.toExponential(1)}`;
}
