import { percentText } from '../../../src/view/number-words.js';
import { h } from '../../shared/element.js';
import type { Shown } from './people-plot.js';
import { shortText } from './scales.js';
import { conditionName, type Row } from './study-data.js';

/** Rows that a page can hold without growing slow; the file has all. */
const MAX_ROWS = 1500;
const HEADS = ['Who', 'Session', 'Marker', 'Condition', 'Value', 'From', 'To', 'n', 'Read', 'Reason'];

function cells({ data }: Shown, row: Row): readonly string[] {
  const number = (value: number | null): string => (value === null ? '–' : shortText(value));
  return [
    data.people[row.who] ?? 'all people',
    data.sessions[row.session] ?? '–',
    data.windows[row.window] ?? 'whole session',
    conditionName(data, row.condition),
    number(row.value),
    number(row.low),
    number(row.high),
    String(row.n),
    row.coverage === null ? '–' : percentText(row.coverage),
    data.reasons[row.reason]?.words ?? '',
  ];
}

function tableOf(shown: Shown, rows: readonly Row[]): HTMLElement {
  const heads = HEADS.map((text) => h('th', { text, attributes: { scope: 'col' } }));
  const lines = rows.map((row) => h('tr', { children: cells(shown, row).map((text) => h('td', { text })) }));
  const children = [h('thead', { children: [h('tr', { children: heads })] }), h('tbody', { children: lines })];
  const attributes = { tabindex: '0', role: 'region', 'aria-label': 'Numbers of the pictures' };
  return h('div', { className: 'table-scroll', attributes, children: [h('table', { children })] });
}

/** The numbers of the pictures as a table, made when it is opened. */
export function valuesTable(shown: Shown): HTMLElement {
  const title = h('summary', { text: 'These numbers as a table' });
  const details = h('details', { className: 'as-table', children: [title] });
  details.addEventListener('toggle', () => {
    if (!details.open || details.querySelector('table')) return;
    const rows = [...shown.groups, ...shown.people];
    details.append(tableOf(shown, rows.slice(0, MAX_ROWS)));
    const more = rows.length - MAX_ROWS;
    if (more > 0) details.append(h('p', { className: 'sub', text: `${more} rows more are in numbers.csv.` }));
  });
  return details;
}
