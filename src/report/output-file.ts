import { access, open, rename, rm } from 'node:fs/promises';
import { AffectError, errorWords } from '../domain/errors.js';

/** Throws OUTPUT_EXISTS when `path` exists and may not be replaced. */
export async function refuseExisting(path: string, overwrite: boolean): Promise<void> {
  if (overwrite) return;
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  if (exists) throw new AffectError('OUTPUT_EXISTS', `${path} already exists: choose another path or --overwrite`);
}

export interface PendingFile {
  /** Writes the whole text and moves it into place. */
  finish(text: string): Promise<void>;
}

/**
 * Reserves `path` for one text written at the end: `<path>.part` is opened now, so that a folder that cannot be
 * written shows before the work, and renamed over `path` when complete, so that a half-written file never bears the
 * name. Throws OUTPUT_EXISTS or OUTPUT_UNWRITABLE.
 */
export async function reserveFile(options: {
  readonly path: string;
  readonly overwrite: boolean;
}): Promise<PendingFile> {
  await refuseExisting(options.path, options.overwrite);
  const part = `${options.path}.part`;
  const unwritable = (error: unknown): AffectError =>
    new AffectError('OUTPUT_UNWRITABLE', `cannot write ${options.path}: ${errorWords(error)}`, { cause: error });
  const file = await open(part, 'w').catch((error: unknown) => {
    throw unwritable(error);
  });
  return {
    async finish(text) {
      try {
        await file.writeFile(text, 'utf8');
        await file.close();
        await rename(part, options.path);
      } catch (error) {
        await file.close().catch(() => undefined); // already reported below; closing twice is harmless
        await rm(part, { force: true });
        throw unwritable(error);
      }
    },
  };
}
