import { open } from 'node:fs/promises';
import { HISTORY_CURSOR, type HistoryKind, type HistoryPage } from '../domain/keeping.js';
import { SLACK_MS } from './cut-file.js';
import { lineTime } from './cut-lines.js';
import type { KeptFile } from './kept-files.js';

const CHUNK_BYTES = 256 * 1024;
/** Most that is read, and that is answered, for one page. */
const MAX_READ_BYTES = 32 * 2 ** 20;
const MAX_ANSWER_BYTES = 2 * 2 ** 20;
const NEWLINE = 0x0a;

interface HistoryWish {
  readonly kind: HistoryKind;
  readonly fromMs: number;
  readonly toMs: number;
  readonly limit: number;
  /** Where the last page ended; null: at the beginning. */
  readonly cursor: string | null;
}

/**
 * One page of lines of a range from the files of one camera and kind, in order of time. Reads a bounded part of the
 * files and answers with a bounded number of bytes: a page may be empty and have a next one.
 */
export async function readHistory(files: readonly KeptFile[], wish: HistoryWish): Promise<HistoryPage> {
  const { limit, kind } = wish;
  const [, fromFile = '', offset = '0'] = HISTORY_CURSOR.exec(wish.cursor ?? '') ?? [];
  const lines: string[] = [];
  let [read, answered] = [0, 0];
  for (const file of files.filter(({ name }) => name >= fromFile)) {
    const begin = file.name === fromFile ? Number(offset) : await placeOf(file, wish.fromMs, kind);
    for await (const { text, start, end } of linesFrom(file.path, begin)) {
      read += end - start;
      const at = lineTime(text, kind);
      if (at && at.fromMs >= wish.toMs + SLACK_MS) break;
      const wanted = at !== null && at.fromMs < wish.toMs && at.toMs > wish.fromMs;
      const isFull = lines.length >= limit || (lines.length > 0 && answered + text.length > MAX_ANSWER_BYTES);
      if ((wanted && isFull) || read > MAX_READ_BYTES) return { lines, next: `${file.name}:${start}` };
      if (!wanted) continue;
      lines.push(text);
      answered += text.length;
    }
  }
  return { lines, next: null };
}

/** Whole lines of a file from a byte on; of one that is being written as far as it goes. */
async function* linesFrom(path: string, begin: number) {
  const file = await open(path, 'r').catch(() => null); // It has just been renamed or removed.
  if (!file) return;
  try {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    let rest: Buffer = Buffer.alloc(0);
    let start = begin;
    for (let position = begin; ; ) {
      const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      rest = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
      let from = 0;
      for (let at = rest.indexOf(NEWLINE); at >= 0; at = rest.indexOf(NEWLINE, from)) {
        const text = rest.toString('utf8', from, at);
        const end = start + (at + 1 - from);
        yield { text, start, end };
        start = end;
        from = at + 1;
      }
      rest = rest.subarray(from);
    }
  } finally {
    await file.close();
  }
}

/** A byte from which on everything of `fromMs` and later lies: halved until a read's worth is left. */
async function placeOf({ path, bytes }: KeptFile, fromMs: number, kind: HistoryKind): Promise<number> {
  let [low, high] = [0, bytes];
  while (high - low > CHUNK_BYTES) {
    const middle = Math.floor((low + high) / 2);
    const line = await lineAfter(path, middle);
    const at = line && lineTime(line.text, kind);
    if (!line || !at || at.fromMs >= fromMs - SLACK_MS) high = middle;
    else low = line.start;
  }
  return low;
}

/** The first line that begins after a byte. */
async function lineAfter(
  path: string,
  position: number,
): Promise<{ readonly text: string; readonly start: number } | null> {
  let isPart = true;
  for await (const line of linesFrom(path, position)) {
    if (!isPart) return line;
    isPart = false;
  }
  return null;
}
