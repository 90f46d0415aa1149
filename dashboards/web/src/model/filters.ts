import { type EventGroup, groupEvents } from './event-groups.js';
import type { EventKind, PageEvent } from './state.js';

/** What the event list shows; null is "all". */
export interface EventFilter {
  readonly source: string | null;
  readonly kind: EventKind | null;
  readonly label: string | null;
}

export const NO_FILTER: EventFilter = { source: null, kind: null, label: null };

const fits = (event: PageEvent, { source, kind, label }: EventFilter): boolean =>
  (source === null || event.source === source) &&
  (kind === null || event.kind === kind) &&
  (label === null || event.label === label);

/** Events that fit, newest first, with the action units of an expression under it; at most `limit`, and how many there are. */
export function filterGroups(
  events: readonly PageEvent[],
  filter: EventFilter,
  limit: number,
): { readonly shown: readonly EventGroup[]; readonly total: number } {
  const groups = groupEvents(events.filter((event) => fits(event, filter)));
  return { shown: groups.slice(-limit).reverse(), total: groups.length };
}

/** Events that fit, newest first, at most `limit`, and how many fit in all. */
export function filterEvents(
  events: readonly PageEvent[],
  filter: EventFilter,
  limit: number,
): { readonly shown: readonly PageEvent[]; readonly total: number } {
  const shown: PageEvent[] = [];
  let total = 0;
  for (let at = events.length - 1; at >= 0; at--) {
    const event = events[at]!;
    if (!fits(event, filter)) continue;
    total += 1;
    if (shown.length < limit) shown.push(event);
  }
  return { shown, total };
}

/** Labels to choose from: those of events that fit the camera and kind, in alphabetical order. */
export function labelsOf(events: readonly PageEvent[], filter: EventFilter): readonly string[] {
  const any = { ...filter, label: null };
  const found = new Set(events.filter((event) => fits(event, any)).map(({ label }) => label));
  return [...found].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}
