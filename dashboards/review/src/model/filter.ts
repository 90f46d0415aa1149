import type { EpisodeKind } from '../../../../src/domain/episode-kind.js';
import type { Item } from './rating.js';

/** Which episodes are shown, and in which order they come. */
export interface Filter {
  readonly kind: EpisodeKind | null;
  readonly person: number | null;
  /** Only what was not judged yet. */
  readonly open: boolean;
  readonly order: 'time' | 'least-sure';
}

export const ALL: Filter = { kind: null, person: null, open: false, order: 'time' };

/** What a filter lets through, in its order. The chosen one stays, so that it does not go away under the rater's hands. */
export function filtered(items: readonly Item[], filter: Filter, chosen: string | null = null): Item[] {
  const shown = items.filter(
    (item) =>
      (filter.kind === null || item.kind === filter.kind) &&
      (filter.person === null || item.person === filter.person) &&
      (!filter.open || item.verdict === null || item.id === chosen),
  );
  return filter.order === 'time' ? shown : shown.sort((a, b) => a.confidence - b.confidence || a.onsetUs - b.onsetUs);
}

/** The one after (or before) the chosen one; the first when none is chosen; null of none, and at the end. */
export function neighbour(items: readonly Item[], chosen: string | null, by: 1 | -1): Item | null {
  const at = items.findIndex(({ id }) => id === chosen);
  if (at < 0) return items[by === 1 ? 0 : items.length - 1] ?? null;
  return items[at + by] ?? null;
}

/** How far the rater came: measured episodes that were judged, of all. */
export function progressOf(items: readonly Item[]): { readonly judged: number; readonly all: number } {
  const measured = items.filter(({ episode }) => episode !== null);
  return { judged: measured.filter(({ verdict }) => verdict !== null).length, all: measured.length };
}

/** A row of the timeline: one kind of one person, of action units one unit. */
export interface Row {
  readonly key: string;
  readonly person: number;
  readonly title: string;
  readonly items: readonly Item[];
}

const KINDS: readonly string[] = ['emotion', 'action-unit', 'blink', 'speech'];

/** Rows by person and kind. */
export function rowsOf(items: readonly Item[]): Row[] {
  const rows = new Map<string, { readonly order: readonly number[]; readonly row: Row & { readonly items: Item[] } }>();
  for (const item of items) {
    const title = item.kind === 'action-unit' ? item.label : item.kind;
    const key = `${item.person}/${title}`;
    const unit = Number(/\d+/.exec(item.kind === 'action-unit' ? item.label : '')?.[0] ?? 0);
    const made = rows.get(key) ?? {
      order: [item.person, KINDS.indexOf(item.kind), unit],
      row: { key, person: item.person, title, items: [] },
    };
    made.row.items.push(item);
    rows.set(key, made);
  }
  const compare = (a: readonly number[], b: readonly number[]): number =>
    a.map((value, at) => value - b[at]!).find((difference) => difference !== 0) ?? 0;
  return [...rows.values()].sort((a, b) => compare(a.order, b.order)).map(({ row }) => row);
}
