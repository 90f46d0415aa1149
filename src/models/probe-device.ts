/**
 * Entry of a process that tries a device: `probe-device.js DEVICE MODEL...` replays the recorded vector of each model on
 * it. Writes "ok", or why not, to standard output.
 */
import type { Device } from '../domain/device.js';
import { errorWords } from '../domain/errors.js';
import { findModels } from './registry.js';
import { verifyVector } from './verify-vector.js';

async function probe(device: Device, ids: readonly string[]): Promise<string> {
  try {
    for (const model of findModels(ids)) await verifyVector(model, device);
    return 'ok';
  } catch (error) {
    return errorWords(error);
  }
}

const [device, ...ids] = process.argv.slice(2);
process.stdout.write(await probe(device as Device, ids));
