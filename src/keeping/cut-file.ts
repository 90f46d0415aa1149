import { mkdir, rm, stat, utimes } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { KeepSettings, KeptRange } from '../domain/keeping.js';
import { copyLines } from '../sinks/copy-lines.js';
import { copyParquet } from '../sinks/parquet-copy.js';
import { type LineSpan, lineTime, rowTime } from './cut-lines.js';
import type { KeptFile } from './kept-files.js';
import { WRITING } from './kept-names.js';
import { removeFile } from './retention.js';
import { moveInto } from './settle-file.js';

/** Entries of a part may be told a little earlier than the part began, or later than its file was last written. */
export const SLACK_MS = 60_000;

type Cut = { readonly result: 'untouched' | 'removed' | 'rewritten'; readonly freedBytes: number };

const overlaps = (at: LineSpan, { fromMs, toMs }: KeptRange): boolean => at.fromMs < toMs && at.toMs > fromMs;

/** Whether a file may hold something of a range. */
export function touches(file: KeptFile, range: KeptRange, pictures: KeepSettings['pictures']): boolean {
  const { content, startMs, endMs, writing } = file;
  if (content.type === 'snapshot') return overlaps({ fromMs: startMs, toMs: startMs + 1 }, range);
  if (content.type === 'clip') {
    return overlaps({ fromMs: startMs - pictures.beforeMs, toMs: startMs + pictures.afterMs }, range);
  }
  return overlaps({ fromMs: startMs - SLACK_MS, toMs: (writing ? Infinity : endMs) + SLACK_MS }, range);
}

/** Whether everything in a file is of a range. */
export const isWithin = ({ startMs, endMs }: KeptFile, { fromMs, toMs }: KeptRange): boolean =>
  startMs >= fromMs && endMs < toMs;

/**
 * Takes everything of a range out of a file that is whole: the file is replaced by what stays at once, or removed.
 * Rejects with what the file system says; the file then is as it was.
 */
export async function cutFile(file: KeptFile, range: KeptRange, folder: string): Promise<Cut> {
  const { content, path, bytes, endMs } = file;
  if (isWithin(file, range) || content.type === 'snapshot' || content.type === 'clip') {
    await removeFile(path);
    return { result: 'removed', freedBytes: bytes };
  }
  const place = join(folder, file.source, WRITING);
  await mkdir(place, { recursive: true, mode: 0o700 });
  const spare = join(place, `cut-${basename(path)}`);
  try {
    const { stayed, gone } = await copyWhatStays(file, spare, (at) => overlaps(at, range));
    if (gone === 0) return { result: 'untouched', freedBytes: 0 };
    if (stayed === 0) {
      await removeFile(path);
      return { result: 'removed', freedBytes: bytes };
    }
    const { size } = await stat(spare);
    // Its age tells what may be in it.
    await utimes(spare, endMs / 1000, endMs / 1000);
    await moveInto(spare, path);
    return { result: 'rewritten', freedBytes: Math.max(0, bytes - size) };
  } finally {
    await rm(spare, { force: true });
  }
}

function copyWhatStays({ content, path }: KeptFile, spare: string, goes: (at: LineSpan) => boolean) {
  // What tells no time goes: it cannot be shown that it may stay.
  const stays = (at: LineSpan | null): boolean => at !== null && !goes(at);
  if (content.type === 'lines') {
    const { kind } = content;
    return copyLines(path, spare, { headLines: 0, stays: (line) => stays(lineTime(line, kind)) });
  }
  if (content.type === 'table' && content.format === 'parquet') {
    return copyParquet(path, spare.slice(0, -'.parquet'.length), (row) => {
      const atMs = Date.parse(String(row.wall_time));
      return !Number.isNaN(atMs) && !goes({ fromMs: atMs, toMs: atMs + 1 }) ? row : null;
    });
  }
  return copyLines(path, spare, { headLines: 1, stays: (row) => stays(rowTime(row)) });
}
