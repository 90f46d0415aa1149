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
