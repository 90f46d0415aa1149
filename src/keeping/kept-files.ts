import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CAMERA_ID } from '../domain/camera-id.js';
import { isDay, type KeptContent, localDay, readName, WRITING } from './kept-names.js';

/** A file of a camera. */
export interface KeptFile {
  readonly source: string;
  readonly day: string;
  readonly name: string;
  readonly path: string;
  readonly content: KeptContent;
  /** Time of what it begins with, or of its picture; Date.now() scale. */
  readonly startMs: number;
  /** When it was last written: nothing in it is later. */
  readonly endMs: number;
  readonly bytes: number;
  /** It is not whole yet. */
  readonly writing: boolean;
}

/** Names in a folder; none where there is no such folder. */
async function namesIn(path: string): Promise<string[]> {
  try {
    return (await readdir(path)).sort();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}

/** Cameras of which there may be something. */
export async function keptSources(folder: string): Promise<string[]> {
  return (await namesIn(folder)).filter((name) => CAMERA_ID.test(name));
}

/** Files of a camera by time; those being written last. Others in its folder are left alone. */
export async function filesOf(folder: string, source: string): Promise<KeptFile[]> {
  const files: KeptFile[] = [];
  const place = join(folder, source);
  const days = (await namesIn(place)).filter(isDay);
  for (const day of [...days, WRITING]) {
    for (const name of await namesIn(join(place, day))) {
      const told = readName(name);
      if (!told) continue;
      const path = join(place, day, name);
      const facts = await stat(path).catch(() => null); // It has just been renamed or removed.
      if (!facts) continue;
      const writing = day === WRITING;
      files.push({
        source,
        day: writing ? localDay(told.startMs) : day,
        name,
        path,
        ...told,
        endMs: facts.mtimeMs,
        bytes: facts.size,
        writing,
      });
    }
  }
  return files;
}

/** Files of all cameras. */
export async function allFiles(folder: string): Promise<KeptFile[]> {
  const files: KeptFile[] = [];
  for (const source of await keptSources(folder)) files.push(...(await filesOf(folder, source)));
  return files;
}
