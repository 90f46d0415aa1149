import { mkdirSync } from 'node:fs';
import { AffectError } from '../domain/errors.js';

/** Makes a folder for results, and those above it. Throws OUTPUT_UNWRITABLE. */
export function makeFolder(dir: string): void {
  try {
    mkdirSync(dir, { recursive: true });
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new AffectError('OUTPUT_UNWRITABLE', `cannot make folder ${dir} (${why}); choose another --out`, {
      cause: error,
    });
  }
}
