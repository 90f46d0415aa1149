import { h, keyedChildren, setText } from '../dom.js';
import type { EventGroup } from '../model/event-groups.js';
import { type EventFilter, filterGroups, labelsOf, NO_FILTER } from '../model/filters.js';
import type { EventKind } from '../model/state.js';
import type { Actions, Part, View } from '../view.js';
import { eventTitle, KIND_WORDS } from '../words.js';
import { createEventRow, type ShownRow } from './event-row.js';

const PAGE_ROWS = 40;

interface Choice {
  readonly value: string;
  readonly text: string;
}

/** A select with a caption, whose options follow the data and keep what is chosen. */
function choice(caption: string, name: string, change: (value: string | null) => void) {
  const select = h('select', { attributes: { name } });
  select.addEventListener('change', () => change(select.value || null));
  let known = '';
  return {
    root: h('label', { children: [caption, select] }),
    set(options: readonly Choice[], chosen: string | null): void {
      const key = JSON.stringify([options, chosen]);
      if (key === known) return;
      known = key;
      const all = [{ value: '', text: 'all' }, ...options];
      select.replaceChildren(...all.map(({ value, text }) => h('option', { text, attributes: { value } })));
      select.value = chosen ?? '';
    },
  };
}

function createTable(body: HTMLElement): HTMLElement {
  const heads = ['Time', 'What', 'Where', 'Length', 'Peak', 'Note'];
  return h('table', {
    className: 'events',
    children: [
      h('caption', { className: 'unseen', text: 'Events, newest first; a time leads to its moment' }),
      h('thead', {
        children: [h('tr', { children: heads.map((text) => h('th', { text, attributes: { scope: 'col' } })) })],
      }),
      body,
    ],
  });
}

/** An event and, unfolded, its action units. */
const rowsOf = (group: EventGroup, open: ReadonlySet<string>): readonly ShownRow[] => [
  { ...group, under: false },
  ...(open.has(group.event.id) ? group.units.map((event) => ({ event, units: [], under: true })) : []),
];

/** The card: filters in its head, the list below. */
const cardOf = (
  filters: readonly HTMLElement[],
  parts: { readonly status: HTMLElement; readonly body: HTMLElement; readonly more: HTMLElement },
): HTMLElement =>
  h('section', {
    className: 'card events-card',
    attributes: { 'aria-labelledby': 'events-title' },
    children: [
      h('div', {
        className: 'section-head',
        children: [
          h('h2', { text: 'Events', attributes: { id: 'events-title' } }),
          h('div', { className: 'filters', children: filters }),
          parts.status,
        ],
      }),
      h('div', { className: 'table-scroll', children: [createTable(parts.body)] }),
      parts.more,
    ],
  });

/** The kinds that can be chosen: what this server tells of; insights only where a model was asked, no speech, as cameras have no sound. */
function kindsOf({ emotions, units, state }: View, chosen: EventFilter['kind']): EventKind[] {
  return (Object.keys(KIND_WORDS) as EventKind[]).filter(
    (name) =>
      (name !== 'emotion' || emotions) &&
      name !== 'speech' &&
      (name !== 'action-unit' || units.length > 0) &&
      (name !== 'insight' || state.insights.length > 0 || chosen === 'insight'),
  );
}

/** The event list with its filters; a row's time leads to the moment. */
export function createEvents(actions: Actions): Part & { readonly filter: () => EventFilter } {
  let filter = NO_FILTER;
  let limit = PAGE_ROWS;
  let view: View | undefined;
  /** Expressions whose action units are unfolded. */
  const open = new Set<string>();
  const toggle = (id: string): void => {
    if (!open.delete(id)) open.add(id);
    if (view) update(view);
  };
  const set = (change: Partial<EventFilter>): void => {
    filter = { ...filter, ...change };
    limit = PAGE_ROWS;
    if (!view) return;
    update(view);
    actions.announce(`${status.textContent} events.`);
  };
  const camera = choice('Camera', 'event-camera', (source) => set({ source }));
  const kind = choice('Kind', 'event-kind', (value) => set({ kind: value as EventKind | null, label: null }));
  const label = choice('Label', 'event-label', (value) => set({ label: value }));
  const status = h('p', { className: 'status-line' });
  const body = h('tbody');
  const more = h('button', {
    attributes: { type: 'button' },
    text: 'Show more',
    onClick: () => {
      limit += PAGE_ROWS;
      if (view) update(view);
    },
  });
  const root = cardOf([camera.root, kind.root, label.root], { status, body, more });
  const keep = keyedChildren<ShownRow, ReturnType<typeof createEventRow>>(body, {
    // A row that comes under another, or no longer is, is made anew.
    keyOf: ({ event, under }) => `${under} ${event.id}`,
    make: (row) => createEventRow(actions, row, toggle),
    update: (made, row) => made.update(row, view!, open.has(row.event.id)),
  });

  function update(now: View): void {
    view = now;
    const { events, cameras, eventsForgotten } = now.state;
    camera.set(
      [...cameras.values()].map(({ id, name }) => ({ value: id, text: name })),
      filter.source,
    );
    kind.set(
      kindsOf(now, filter.kind).map((value) => ({ value, text: KIND_WORDS[value] })),
      filter.kind,
    );
    label.set(
      labelsOf(events, filter).map((value) => ({
        value,
        text: eventTitle(events.find((event) => event.label === value)!),
      })),
      filter.label,
    );
    const { shown, total } = filterGroups(events, filter, limit);
    keep(shown.flatMap((group) => rowsOf(group, open)));
    const forgotten = eventsForgotten > 0 ? `; ${eventsForgotten} older ones gave way` : '';
    // Spoken only when a filter changes it: a number that grows by itself is for the eyes.
    setText(status, total === 0 ? 'None yet' : `${shown.length} of ${total}${forgotten}`);
    more.hidden = shown.length >= total;
  }

  return { root, update, filter: () => filter };
}
