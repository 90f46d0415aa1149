import { open, rename, rm } from 'node:fs/promises';

/** The file has its old text or the new one, whatever happens in between. Throws what the file system throws. */
export async function writeWhole(path: string, text: string, mode: number): Promise<void> {
  const part = `${path}.part`;
  try {
    const file = await open(part, 'w', mode);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined); // the first failure is the cause
    throw error;
  }
}
