import type { HistoryKind, KeptPictureKind } from '../domain/keeping.js';

/** Folder of a camera for files that are being written: no reader looks there. They become whole by a rename. */
export const WRITING = '.writing';

/** What a file holds, as its name says. */
export type KeptContent =
  | { readonly type: 'lines'; readonly kind: HistoryKind }
  | { readonly type: 'table'; readonly format: 'csv' | 'parquet' }
  | { readonly type: KeptPictureKind; readonly rule: string };

const LINES: Readonly<Record<string, HistoryKind>> = {
  '.records.jsonl': 'readings',
  '.minutes.jsonl': 'minutes',
  '.episodes.jsonl': 'episodes',
  '.insights.jsonl': 'insights',
  '.rules.jsonl': 'rules',
};
const PICTURE_ENDINGS: Readonly<Record<KeptPictureKind, string>> = { snapshot: '.jpg', clip: '.mp4' };
const NAME = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})\.(\d{3})Z(.+)$/;
const PICTURE = /^-([a-z0-9][a-z0-9_-]{0,63})\.(jpg|mp4)$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** An instant in names of files, UTC to the millisecond: "20260115T093000.120Z". Names sort by time. */
export const instantText = (ms: number): string => new Date(ms).toISOString().replaceAll(/[-:]/g, '');

/** Of the beginning of a part, without ending; or of a picture. */
export const pictureName = (picture: {
  readonly kind: KeptPictureKind;
  readonly rule: string;
  readonly atMs: number;
}): string => `${instantText(picture.atMs)}-${picture.rule}${PICTURE_ENDINGS[picture.kind]}`;

/** What the name of a file says; null for one that is none of ours. */
export function readName(name: string): { readonly startMs: number; readonly content: KeptContent } | null {
  const match = NAME.exec(name);
  if (!match) return null;
  const [, year, month, day, hour, minute, second, millis, rest] = match;
  const startMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${millis}Z`);
  const content = Number.isNaN(startMs) ? null : contentOf(rest!);
  return content && { startMs, content };
}

function contentOf(rest: string): KeptContent | null {
  const kind = LINES[rest];
  if (kind !== undefined) return { type: 'lines', kind };
  if (rest === '.csv' || rest === '.parquet') return { type: 'table', format: rest === '.csv' ? 'csv' : 'parquet' };
  const [, rule, ending] = PICTURE.exec(rest) ?? [];
  return rule === undefined ? null : { type: ending === 'jpg' ? 'snapshot' : 'clip', rule };
}

const two = (value: number): string => String(value).padStart(2, '0');

/** The day of an instant in the time zone of the machine: "2026-01-15". */
export function localDay(ms: number): string {
  const at = new Date(ms);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

export const isDay = (name: string): boolean => DAY.test(name);

/** The beginning of a local day, and that of the one `later` days after it, Date.now() scale. */
export function dayStart(day: string, later = 0): number {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  return new Date(year, month - 1, date + later).getTime();
}
