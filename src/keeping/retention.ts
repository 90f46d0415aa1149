import { rm, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { KeepSettings } from '../domain/keeping.js';
import { allFiles, type KeptFile } from './kept-files.js';
import { dayStart, localDay } from './kept-names.js';

/** Pure: what has to go: days before those that are kept, and then the oldest of what is too much. */
export function outOfTime(
  files: readonly KeptFile[],
  { days, maxBytes, nowMs }: Pick<KeepSettings, 'days' | 'maxBytes'> & { readonly nowMs: number },
): KeptFile[] {
  const firstDay = localDay(dayStart(localDay(nowMs), 1 - days));
  let total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const byAge = [...files].sort((a, b) => a.startMs - b.startMs).filter(({ writing }) => !writing);
  return byAge.filter(({ day, bytes }) => {
    if (day >= firstDay && total <= maxBytes) return false;
    total -= bytes;
    return true;
  });
}

/** Removes what has to go. @returns what is left. Rejects with what the file system says. */
export async function enforceRetention(
  settings: Pick<KeepSettings, 'folder' | 'days' | 'maxBytes'>,
  nowMs: number,
): Promise<{ readonly removed: readonly KeptFile[]; readonly bytes: number; readonly files: number }> {
  const files = await allFiles(settings.folder);
  const removed = outOfTime(files, { ...settings, nowMs });
  for (const { path } of removed) await removeFile(path);
  const gone = new Set(removed);
  const left = files.filter((file) => !gone.has(file));
  return { removed, files: left.length, bytes: left.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** Removes a file, and its day and camera when they are empty then. */
export async function removeFile(path: string): Promise<void> {
  await rm(path, { force: true });
  const day = dirname(path);
  for (const folder of [day, dirname(day)]) {
    const empty = await rmdir(folder).then(
      () => true,
      () => false,
    );
    if (!empty) return;
  }
}
