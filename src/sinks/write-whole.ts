import { rename, rm, writeFile } from 'node:fs/promises';
import { unwritable } from './output-file.js';

/** Writes a text file that appears, or changes, whole or not at all. Rejects with OUTPUT_UNWRITABLE. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const part = `${path}.part`;
  try {
    await writeFile(part, text);
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw unwritable(path, error);
  }
}
