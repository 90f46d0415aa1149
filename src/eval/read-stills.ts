import { AffectError } from '../domain/errors.js';
import { VALIDITY, type Validity } from '../domain/face.js';
import type { ValidityCounts } from './face-finder.js';
import type { GrayImage } from './gray-image.js';
import type { ImageSource } from './image-source.js';

export interface ReadStillsOptions<Reading> {
  readonly names: readonly string[];
  readonly images: ImageSource;
  readonly reader: { measure(image: GrayImage): Promise<Reading> };
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Reads each picture as `mien analyze` would, in order. Rejects with what pictures raise, and with INTERRUPTED when the signal aborts. */
export async function readStills<Reading>(options: ReadStillsOptions<Reading>): Promise<readonly Reading[]> {
  const { names, images, reader, signal } = options;
  const readings: Reading[] = [];
  for (const name of names) {
    if (signal.aborted)
      throw new AffectError(
        'INTERRUPTED',
        `stopped after ${readings.length} of ${names.length} images; nothing was written`,
      );
    readings.push(await reader.measure(await images.load(name)));
    options.onProgress?.(readings.length, names.length);
  }
  return readings;
}

/** How many of the pictures the product judges so. */
export function validityCounts(readings: readonly { readonly validity: Validity }[]): ValidityCounts {
  const counts = Object.fromEntries(VALIDITY.map((name) => [name, 0])) as ValidityCounts;
  for (const { validity } of readings) counts[validity] += 1;
  return counts;
}
