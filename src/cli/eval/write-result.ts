import { AffectError } from '../../domain/errors.js';

/** Writes something at a path. Rejects with OUTPUT_UNWRITABLE that names it. */
export async function writeResult(path: string, write: () => Promise<unknown>): Promise<void> {
  await write().catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    throw new AffectError('OUTPUT_UNWRITABLE', `cannot write ${path}: ${why}; choose another --out`, { cause: error });
  });
}
