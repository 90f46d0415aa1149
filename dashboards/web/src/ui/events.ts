import { percentText } from '../../../../src/view/number-words.js';
import { h, keyedChildren, setAttribute, setText } from '../dom.js';
import { type EventFilter, filterEvents, labelsOf, NO_FILTER } from '../model/filters.js';
import type { EventKind, PageEvent } from '../model/state.js';
import type { Actions, Part, View } from '../view.js';
import { eventDetail, eventTitle, KIND_WORDS, lengthText, timeOfDay } from '../words.js';

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

function createRow(actions: Actions, event: PageEvent) {
  const cell = (className: string) => h('td', { className });
  const [what, where, detail] = [cell('what'), cell('where'), cell('detail')];
  const [length, peak] = [cell('num length'), cell('num peak')];
  const show = h('button', { className: 'quiet', attributes: { type: 'button' } });
  let latest = event;
  show.addEventListener('click', () => actions.hold(latest.apexMs));
  const title = h('span', { text: eventTitle(event) });
  what.append(h('span', { className: 'swatch', attributes: { 'aria-hidden': 'true' } }), title);
  const root = h('tr', {
    children: [h('td', { className: 'num time', children: [show] }), what, where, length, peak, detail],
  });
  setAttribute(root, 'data-kind', event.kind);
  setAttribute(root, 'data-label', event.kind === 'insight' ? null : event.label);
  return {
    root,
    update(now: PageEvent, view: View): void {
      latest = now;
      setText(show, timeOfDay(now.atMs));
      const span = view.history.span();
      show.disabled = !span || now.apexMs < span.fromMs;
      setAttribute(show, 'title', show.disabled ? 'No longer in this page’s memory' : 'Pause at this moment');
      const camera = view.state.cameras.get(now.source)?.name ?? now.source;
      setText(where, now.track === null ? camera : `Face ${now.track}, ${camera}`);
      const going = now.endMs === null;
      setText(
        length,
        now.kind === 'camera' || now.kind === 'insight'
          ? ''
          : going
            ? 'going on'
            : lengthText((now.endMs - now.atMs) / 1000),
      );
      const unit = now.kind === 'action-unit';
      setText(peak, now.peak === null ? '' : unit ? `${(5 * now.peak).toFixed(1)} of 5` : percentText(now.peak));
      setText(detail, eventDetail(now));
      setAttribute(root, 'data-agreement', now.kind === 'insight' ? now.detail || null : null);
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

/** The kinds that can be chosen: what this server tells of; insights only where a model was asked. */
function kindsOf({ emotions, units, state }: View, chosen: EventFilter['kind']): EventKind[] {
  return (Object.keys(KIND_WORDS) as EventKind[]).filter(
    (name) =>
      (name !== 'emotion' || emotions) &&
      (name !== 'action-unit' || units.length > 0) &&
      (name !== 'insight' || state.insights.length > 0 || chosen === 'insight'),
  );
}

/** The event list with its filters; a row's time leads to the moment. */
export function createEvents(actions: Actions): Part & { readonly filter: () => EventFilter } {
  let filter = NO_FILTER;
  let limit = PAGE_ROWS;
  let view: View | undefined;
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
  const root = h('section', {
    className: 'card',
    attributes: { 'aria-labelledby': 'events-title' },
    children: [
      h('div', {
        className: 'section-head',
        children: [
          h('h2', { text: 'Events', attributes: { id: 'events-title' } }),
          h('div', { className: 'filters', children: [camera.root, kind.root, label.root] }),
          status,
        ],
      }),
      h('div', { className: 'table-scroll', children: [createTable(body)] }),
      more,
    ],
  });
  const keep = keyedChildren<PageEvent, ReturnType<typeof createRow>>(body, {
    keyOf: ({ id }) => id,
    make: (event) => createRow(actions, event),
    update: (row, event) => row.update(event, view!),
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
    const { shown, total } = filterEvents(events, filter, limit);
    keep(shown);
    const forgotten = eventsForgotten > 0 ? `; ${eventsForgotten} older ones gave way` : '';
    // Spoken only when a filter changes it: a number that grows by itself is for the eyes.
    setText(status, total === 0 ? 'None yet' : `${shown.length} of ${total}${forgotten}`);
    more.hidden = shown.length >= total;
  }

  return { root, update, filter: () => filter };
}
