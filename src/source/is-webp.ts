import { open } from 'node:fs/promises';

/** Whether a file begins as a WebP does; false for one that cannot be read. */
export async function isWebp(path: string): Promise<boolean> {
  const handle = await open(path).catch(() => undefined); // ffprobe's side tells why.
  if (!handle) return false;
  try {
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(12), position: 0 });
    return bytesRead === 12 && buffer.toString('latin1', 0, 4) === 'RIFF' && buffer.toString('latin1', 8) === 'WEBP';
  } catch {
    return false; // A folder.
  } finally {
    await handle.close();
  }
}
