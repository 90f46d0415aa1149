import { writeWhole as writeFileWhole } from '../holding/write-whole.js';
import { unwritable } from './output-file.js';

const MODE = 0o666;

/** Writes a text file that appears, or changes, whole or not at all. Rejects with OUTPUT_UNWRITABLE. */
export async function writeWhole(path: string, text: string): Promise<void> {
  try {
    await writeFileWhole(path, text, MODE);
  } catch (error) {
    throw unwritable(path, error);
  }
}
