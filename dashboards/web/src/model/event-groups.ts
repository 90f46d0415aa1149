import type { PageEvent } from './state.js';

/** An action unit that began so long before an expression belongs to it: muscles move before the label is certain. */
const LEAD_MS = 1500;

/** A row of the event list, and the action units that belong to it, in order of beginning. */
export interface EventGroup {
  readonly event: PageEvent;
  readonly units: readonly PageEvent[];
}

const personOf = ({ source, track }: PageEvent): string => `${source}/${track}`;

/** Whether an action unit moved while an expression ran, and began in it or shortly before. */
const belongs = (unit: PageEvent, { atMs, endMs }: PageEvent): boolean =>
  unit.atMs >= atMs - LEAD_MS && unit.atMs <= (endMs ?? Infinity) && (unit.endMs ?? Infinity) >= atMs;

/**
 * Events (in order of beginning, as the page keeps them) with the action units of an expression under it, in the same
 * order. A unit that fits two belongs to the one that it began in, else to the first after its beginning.
 */
export function groupEvents(events: readonly PageEvent[]): readonly EventGroup[] {
  const expressions = new Map<string, PageEvent[]>();
  for (const event of events) {
    if (event.kind !== 'emotion') continue;
    const person = personOf(event);
    const known = expressions.get(person);
    if (known) known.push(event);
    else expressions.set(person, [event]);
  }
  const units = new Map<PageEvent, PageEvent[]>();
  const alone: PageEvent[] = [];
  for (const event of events) {
    const own = event.kind === 'action-unit' ? expressions.get(personOf(event)) : undefined;
    const fitting = own?.filter((expression) => belongs(event, expression));
    const host = fitting?.findLast(({ atMs }) => atMs <= event.atMs) ?? fitting?.[0];
    if (!host) alone.push(event);
    else units.set(host, [...(units.get(host) ?? []), event]);
  }
  return alone.map((event) => ({ event, units: units.get(event) ?? [] }));
}

/** Labels of units, each once, those that moved most first: `AU12`, `AU6`; one side only where nothing stands for both. */
export function unitLabels(units: readonly PageEvent[]): readonly string[] {
  const peaks = new Map<string, number>();
  for (const { label, peak } of units) peaks.set(label, Math.max(peaks.get(label) ?? 0, peak ?? 0));
  return [...peaks]
    .filter(([label]) => !(/[LR]$/.test(label) && peaks.has(label.slice(0, -1))))
    .sort(([, a], [, b]) => b - a)
    .map(([label]) => label);
}
