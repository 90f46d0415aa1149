import { clockText } from '../../../../src/view/clock-words.js';
import { h } from '../../../shared/element.js';
import type { Actions } from '../actions.js';
import { filtered } from '../model/filter.js';
import type { Item } from '../model/rating.js';
import type { State, Store } from '../state.js';
import { personName } from './editor.js';
import { revealIn } from './reveal.js';

/** Rows that are drawn at once; the filter leads to the others. */
const MAX_ROWS = 400;
const SIGNS = { accepted: '✓', corrected: '✎', rejected: '✕', added: '+' } as const;

function select(
  name: string,
  options: readonly (readonly [value: string, text: string])[],
  chosen: (value: string) => void,
): HTMLElement {
  const made = h('select', { children: options.map(([value, text]) => h('option', { text, attributes: { value } })) });
  made.name = name;
  made.addEventListener('change', () => chosen(made.value));
  return h('label', { children: [h('span', { text: name }), made] });
}

/** Filters, and the episodes that they let through. */
export function createList(store: Store, actions: Actions): HTMLElement {
  const { video, items } = store.state;
  const filter = (change: Partial<State['filter']>): void =>
    store.change({ filter: { ...store.state.filter, ...change } });
  const kinds = [...new Set(['emotion', ...items.map(({ kind }) => kind)])];
  const open = h('input', { attributes: { type: 'checkbox', name: 'open' } });
  open.addEventListener('change', () => filter({ open: open.checked }));
  const filters = h('div', {
    className: 'filters',
    children: [
      select('Kind', [['', 'all'], ...kinds.map((kind) => [kind, kind] as const)], (value) =>
        filter({ kind: (value || null) as State['filter']['kind'] }),
      ),
      select(
        'Person',
        [['', 'all'], ...video.people.map(({ person }) => [String(person), personName(person, video.people)] as const)],
        (value) => filter({ person: value === '' ? null : Number(value) }),
      ),
      select(
        'Order',
        [
          ['time', 'by time'],
          ['least-sure', 'least sure first'],
        ],
        (value) => filter({ order: value as State['filter']['order'] }),
      ),
      h('label', { className: 'check', children: [open, h('span', { text: 'not judged' })] }),
    ],
  });
  const rows = h('ol', { className: 'rows', attributes: { id: 'episodes' } });
  const more = h('p', { className: 'sub' });
  store.listen((state) => {
    const shown = filtered(state.items, state.filter, state.chosen);
    const at = Math.max(
      0,
      shown.findIndex(({ id }) => id === state.chosen),
    );
    const from = Math.max(0, Math.min(at - MAX_ROWS / 2, shown.length - MAX_ROWS));
    rows.replaceChildren(...shown.slice(from, from + MAX_ROWS).map((item) => rowOf(item, state, actions)));
    more.textContent =
      shown.length > MAX_ROWS
        ? `${shown.length} episodes; ${MAX_ROWS} of them around the chosen one`
        : shown.length === 0
          ? 'none'
          : '';
    revealIn(rows, rows.querySelector('[aria-current]'));
  });
  return h('section', {
    className: 'list card',
    attributes: { 'aria-label': 'Episodes' },
    children: [filters, rows, more],
  });
}

function rowOf(item: Item, { chosen, video }: State, actions: Actions): HTMLElement {
  const button = h('button', {
    className: `row ${item.verdict ?? 'open'}`,
    attributes: { type: 'button', 'data-id': item.id, ...(item.id === chosen ? { 'aria-current': 'true' } : {}) },
    onClick: () => actions.choose(item),
    children: [
      h('span', {
        className: 'sign',
        text: item.verdict ? SIGNS[item.verdict] : '○',
        attributes: { 'aria-label': item.verdict ?? 'not judged' },
      }),
      h('b', { text: item.label }),
      h('span', { className: 'who', text: personName(item.person, video.people) }),
      h('span', { className: 'when', text: `${clockText(item.onsetUs / 1e6)} – ${clockText(item.offsetUs / 1e6)}` }),
    ],
  });
  return h('li', { children: [button] });
}
