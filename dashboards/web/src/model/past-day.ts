import type { Emotion } from '../../../../src/domain/affect.js';
import type { KeptDay, KeptPicture } from '../../../../src/domain/keeping.js';
import type { RuleFiring } from '../../../../src/domain/rules.js';
import type { Minute } from '../../../../src/keeping/minute-digest.js';

const DAY_MS = 86_400_000;

/** What a minute of a day comes to. */
export interface PastMinute {
  /** Its beginning. */
  readonly atMs: number;
  /** Most faces in a frame. */
  readonly faces: number;
  /** The emotion most in force; null where none was. */
  readonly leading: Emotion | null;
}

/** A firing of that day, or pictures of one that was not kept itself. */
export interface PastFiring {
  readonly rule: string;
  readonly atMs: number;
  /** Null: it went on, or its end was not kept. */
  readonly endMs: number | null;
  readonly track: number | null;
  readonly zone: string | null;
  /** Names of its pictures. */
  readonly snapshot: string | null;
  readonly clip: string | null;
}

/** Pure: minutes as they were kept; one that two files share counts once, with the more frames of it. */
export function minutesOf(entries: readonly Minute[]): PastMinute[] {
  const told = new Map<string, Minute>();
  for (const entry of entries) {
    if ((told.get(entry.wallTime)?.frames ?? 0) < entry.frames) told.set(entry.wallTime, entry);
  }
  return [...told.values()].map(({ wallTime, faces, expressions }) => {
    const [leading = null] = Object.entries(expressions).sort(([, a], [, b]) => b - a)[0] ?? [];
    return { atMs: Date.parse(wallTime), faces: faces.most, leading: leading as Emotion | null };
  });
}

/** Pure: firings, newest first, each with its end and its pictures. */
export function firingsOf(
  entries: readonly (RuleFiring & { readonly wallTime: string })[],
  pictures: readonly KeptPicture[],
): PastFiring[] {
  const firings: PastFiring[] = [];
  /** By id, which is used again after a restart: the last one begun. */
  const open = new Map<string, number>();
  for (const { id, phase, rule, track, zone, at, wallTime } of entries) {
    const atMs = Date.parse(at ?? wallTime);
    const begun = open.get(id);
    if (phase === 'start') {
      open.set(id, firings.length);
      firings.push({ rule, atMs, endMs: null, track, zone, snapshot: null, clip: null });
    } else if (begun !== undefined) {
      firings[begun] = { ...firings[begun]!, endMs: atMs };
      open.delete(id);
    }
  }
  for (const { kind, rule, atMs, name } of pictures) {
    const at = firings.findIndex((each) => each.rule === rule && each.atMs === atMs);
    if (at >= 0) firings[at] = { ...firings[at]!, [kind]: name };
    else firings.push({ rule, atMs, endMs: null, track: null, zone: null, snapshot: null, clip: null, [kind]: name });
  }
  return firings.sort((a, b) => b.atMs - a.atMs);
}

/** A day of the strip. */
export interface StripDay {
  readonly day: string;
  /** Null: nothing is kept of it. */
  readonly kept: KeptDay | null;
}

/** Pure: every day from the first that is kept to the last, at most `most`, the newest last. */
export function stripOf(days: readonly KeptDay[], most: number): StripDay[] {
  const last = days.at(-1);
  if (!last) return [];
  const strip: StripDay[] = [];
  const at = new Date(`${last.day}T00:00:00Z`);
  while (strip.length < most) {
    const day = at.toISOString().slice(0, 10);
    if (day < days[0]!.day) break;
    strip.unshift({ day, kept: days.find((each) => each.day === day) ?? null });
    at.setTime(at.getTime() - DAY_MS);
  }
  return strip;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** Pure: time of that day where the server is: `14:03:07`. */
export function timeIn({ fromMs }: Pick<KeptDay, 'fromMs'>, atMs: number): string {
  const seconds = Math.max(0, Math.floor((atMs - fromMs) / 1000));
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** Pure: the instant of "14:03" of a day; "" is its end. */
export function instantIn({ fromMs, toMs }: Pick<KeptDay, 'fromMs' | 'toMs'>, time: string): number {
  const [hours, minutes] = time.split(':').map(Number);
  return time === '' ? toMs : fromMs + (hours! * 60 + minutes!) * 60_000;
}

/** Pure: "Thursday, 15 January 2026". */
export function dayWords(day: string): string {
  const options = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' } as const;
  return new Date(`${day}T00:00:00Z`).toLocaleDateString('en-GB', options);
}
