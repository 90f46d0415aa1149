import { KEEP, type PageFiring } from './state.js';
import type { RuleMessage } from './wire.js';

/** What a message tells of a firing. Of an end alone its beginning follows from the media times, where it has them. */
export function firingOf({ firing, atMs }: Pick<RuleMessage, 'firing' | 'atMs'>): PageFiring {
  const { id, phase, rule, source, condition, track, zone, value, firedUs, endedUs, at } = firing;
  const toldMs = at === null ? atMs : Date.parse(at);
  const about = { id, rule, source, condition, track, zone, value };
  if (phase === 'start') return { ...about, atMs: toldMs, endMs: null };
  const lengthMs = firedUs === null || endedUs === null ? 0 : Math.max(0, endedUs - firedUs) / 1000;
  return { ...about, atMs: toldMs - lengthMs, endMs: toldMs };
}

/** With what was told of a firing, in order of firing; the oldest that have ended give way. */
export function withFiring(before: readonly PageFiring[], told: PageFiring): readonly PageFiring[] {
  const known = before.find(({ id }) => id === told.id);
  // What is read of the past may be older than what came since. An id counts anew once a camera is replaced.
  if (known && known.endMs !== null && told.atMs <= known.endMs) return before;
  const others = before.filter(({ id }) => id !== told.id);
  const firing = known?.endMs === null ? { ...told, atMs: known.atMs, endMs: ended(known.atMs, told.endMs) } : told;
  const after = others.findIndex(({ atMs }) => atMs > firing.atMs);
  others.splice(after < 0 ? others.length : after, 0, firing);
  const oldest = others.length > KEEP.firings ? others.findIndex(({ endMs }) => endMs !== null) : -1;
  return oldest < 0 ? others : others.toSpliced(oldest, 1);
}

const ended = (atMs: number, endMs: number | null): number | null => endMs && Math.max(atMs, endMs);

/** Nothing goes on any more at a camera that was removed. */
export const withoutFiringsOf = (before: readonly PageFiring[], source: string, atMs: number): readonly PageFiring[] =>
  before.map((firing) =>
    firing.source === source && firing.endMs === null ? { ...firing, endMs: ended(firing.atMs, atMs) } : firing,
  );
