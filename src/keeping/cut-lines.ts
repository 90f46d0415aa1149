import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';

/** When a line was told, Date.now() scale: how long from and to; null where it does not say. */
export interface LineSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

const WALL_TIME = /"wallTime":"([^"]+)"/;
const MINUTE_MS = 60_000;

/** The time of a line of JSON. A quote inside of a text is escaped, so that no text can pretend one. */
export function lineTime(line: string, kind: string): LineSpan | null {
  const atMs = Date.parse(WALL_TIME.exec(line)?.[1] ?? '');
  if (Number.isNaN(atMs)) return null;
  return { fromMs: atMs, toMs: kind === 'minutes' ? atMs + MINUTE_MS : atMs + 1 };
}

/** The time of a row of CSV, which is its last column. */
export function rowTime(row: string): LineSpan | null {
  const atMs = Date.parse(row.slice(row.lastIndexOf(',') + 1));
  return Number.isNaN(atMs) ? null : { fromMs: atMs, toMs: atMs + 1 };
}

/**
 * Copies the lines of a file that are to stay. One that tells no time goes: it cannot be shown that it may stay.
 *
 * @returns lines that were copied and left out, a head of `headLines` not counted
 */
export async function copyLines(
  from: string,
  to: string,
  rules: {
    readonly headLines: number;
    readonly time: (line: string) => LineSpan | null;
    readonly goes: (at: LineSpan) => boolean;
  },
): Promise<{ readonly stayed: number; readonly gone: number }> {
  const { headLines, time, goes } = rules;
  const target = await open(to, 'w', 0o600);
  const input = createReadStream(from, 'utf8');
  let [index, stayed, gone] = [0, 0, 0];
  let pending: string[] = [];
  const write = async (): Promise<void> => {
    await target.appendFile(pending.join(''));
    pending = [];
  };
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      const isHead = index++ < headLines;
      const at = isHead ? null : time(line);
      const stays = isHead || (at !== null && !goes(at));
      if (stays) pending.push(`${line}\n`);
      if (!isHead) stays ? stayed++ : gone++;
      if (pending.length >= 1_000) await write();
    }
    await write();
    await target.sync();
  } finally {
    input.destroy();
    await target.close();
  }
  return { stayed, gone };
}
