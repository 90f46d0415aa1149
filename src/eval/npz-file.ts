import { readFile } from 'node:fs/promises';
import { AffectError } from '../domain/errors.js';
import { type NpyArray, readNpy } from './npy.js';
import { openZip } from './zip-reader.js';

/** Named arrays of one .npz file (numpy.savez, numpy.savez_compressed). */
export interface NpzFile {
  readonly path: string;
  /** Throws INPUT_DAMAGED when there is no array of that name, or not of that many axes. */
  array(name: string, axes: number): NpyArray;
}

/** Reads the whole file. Rejects with INPUT_NOT_FOUND or INPUT_DAMAGED. */
export async function readNpz(path: string): Promise<NpzFile> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new AffectError('INPUT_NOT_FOUND', `cannot read ${path}; check the path`, { cause: error });
  });
  const archive = openZip(bytes, path);
  return {
    path,
    array(name, axes) {
      const entry = archive.read(`${name}.npy`);
      if (!entry) {
        const names = archive.names.map((file) => file.replace(/\.npy$/, '')).join(', ');
        throw new AffectError('INPUT_DAMAGED', `${path} has no array "${name}", only ${names}`);
      }
      const array = readNpy(entry, `${path}, array ${name}`);
      if (array.shape.length === axes) return array;
      throw new AffectError(
        'INPUT_DAMAGED',
        `${path}, array ${name} has shape (${array.shape.join(', ')}); expected ${axes} axes`,
      );
    },
  };
}
