import { actionUnit, type FaceRegion, isBlinkUnit } from '../domain/action-units.js';
import type { Episode } from '../domain/records.js';

/** Highest intensity: episodes give theirs as a share of it. */
export const MAX_INTENSITY = 5;

/** What is kept of an episode of an action unit until the end of a run. */
export interface UnitInterval {
  readonly track: number;
  readonly key: string;
  readonly number: number;
  readonly region: FaceRegion | null;
  readonly beginMs: number;
  readonly endMs: number;
  /** Of the whole episode, 0..1. */
  readonly peak: number;
  readonly confidence: number;
}

/** A stretch of time in which one set of action units was active, by number. */
export interface UnitStretch {
  readonly beginMs: number;
  readonly endMs: number;
  readonly units: readonly UnitInterval[];
}

/** Whole milliseconds of an episode: from 0 on, and at least 1 ms long. */
export function wholeMs(episode: Episode): { readonly beginMs: number; readonly endMs: number } {
  const beginMs = Math.max(0, Math.round(episode.onsetUs / 1000));
  return { beginMs, endMs: Math.max(beginMs + 1, Math.round((episode.offsetUs ?? episode.apexUs) / 1000)) };
}

/** Null for an episode of something else, and for AU45: blinks have episodes of their own and would cut up the rest. */
export function unitInterval(episode: Episode): UnitInterval | null {
  const key = /^AU([1-9]\d?[LR]?)$/.exec(episode.label)?.[1];
  if (episode.kind !== 'action-unit' || key === undefined) return null;
  const { number, region } = actionUnit(key);
  if (isBlinkUnit(key)) return null;
  const { track, peak, confidence } = episode;
  return { track, key, number, region, ...wholeMs(episode), peak, confidence };
}

/**
 * Intervals that may overlap, as stretches that do not: one for each longest time during which the set of active units
 * stays the same. Time without any is left out. In order of time.
 */
export function unitStretches(intervals: readonly UnitInterval[]): UnitStretch[] {
  const begins = [...intervals].sort((a, b) => a.beginMs - b.beginMs || a.number - b.number);
  const edges = [...new Set(intervals.flatMap(({ beginMs, endMs }) => [beginMs, endMs]))].sort((a, b) => a - b);
  const stretches: UnitStretch[] = [];
  let active: UnitInterval[] = [];
  let next = 0;
  for (const [at, beginMs] of edges.entries()) {
    active = active.filter(({ endMs }) => endMs > beginMs);
    for (; next < begins.length && begins[next]!.beginMs <= beginMs; next++) active.push(begins[next]!);
    if (active.length === 0) continue;
    const units = [...active].sort((a, b) => a.number - b.number || a.key.localeCompare(b.key));
    stretches.push({ beginMs, endMs: edges[at + 1]!, units });
  }
  return stretches;
}

/** The stretches of each group of intervals, with the name of the group; groups in rising order of their tracks. */
export function* groupedStretches(
  intervals: readonly UnitInterval[],
  by: (interval: UnitInterval) => string,
): Iterable<readonly [group: string, stretch: UnitStretch]> {
  const groups = new Map<string, UnitInterval[]>();
  for (const interval of [...intervals].sort((a, b) => a.track - b.track)) {
    const group = groups.get(by(interval));
    if (group) group.push(interval);
    else groups.set(by(interval), [interval]);
  }
  for (const [group, held] of groups) for (const stretch of unitStretches(held)) yield [group, stretch];
}
