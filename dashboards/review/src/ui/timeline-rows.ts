import type { Annotation } from '../../../../src/domain/annotation.js';
import { clockText } from '../../../../src/view/clock-words.js';
import { h } from '../../../shared/element.js';
import { filtered, type Row, rowsOf } from '../model/filter.js';
import type { Item } from '../model/rating.js';
import type { State } from '../state.js';
import { personName } from './editor.js';
import { shareIn, type View } from './timeline-view.js';

/** Puts a bar where its time is. */
export function place<E extends HTMLElement>(
  bar: E,
  { onsetUs, offsetUs }: Pick<Item, 'onsetUs' | 'offsetUs'>,
  view: View,
): E {
  bar.style.left = `${100 * Math.max(0, shareIn(view, onsetUs / 1e6))}%`;
  bar.style.right = `${100 * Math.max(0, 1 - shareIn(view, offsetUs / 1e6))}%`;
  return bar;
}

/** The rows of a timeline, by person; `press` is told where a bar is pressed. */
export function timelineRows(
  state: State,
  view: View,
  press: (event: PointerEvent, bar: HTMLElement, item: Item) => void,
): HTMLElement[] {
  const items = filtered(state.items, { ...state.filter, order: 'time' }, state.chosen);
  const isShown = ({ onsetUs, offsetUs }: Pick<Item, 'onsetUs' | 'offsetUs'>): boolean =>
    onsetUs / 1e6 < view.to && offsetUs / 1e6 > view.from;
  let person = 0;
  return rowsOf(items).flatMap((row) => {
    const bars = row.items.filter(isShown).map((item) => {
      const bar = barOf(item, item.id === state.chosen);
      bar.addEventListener('pointerdown', (event) => press(event, bar, item));
      return place(bar, item, view);
    });
    const others = othersIn(row, state.others ?? [])
      .filter(isShown)
      .map((each) => {
        const text = `${each.rater}: ${each.label}, ${each.verdict}`;
        return place(h('span', { className: 'other', attributes: { title: text } }), each, view);
      });
    const lane = h('div', { className: 'lane', children: [...bars, ...others] });
    const title = h('span', { className: 'lane-title', text: row.title });
    const isNew = row.person !== person;
    person = row.person;
    return [
      ...(isNew ? [h('h3', { text: personName(row.person, state.video.people) })] : []),
      h('div', { className: 'lane-row', children: [title, lane] }),
    ];
  });
}

const othersIn = ({ person, title }: Row, others: readonly Annotation[]): Annotation[] =>
  others.filter(
    (each) =>
      each.verdict !== 'rejected' &&
      each.person === person &&
      (each.kind === 'action-unit' ? each.label : each.kind) === title,
  );

function barOf({ id, kind, label, verdict, onsetUs, offsetUs }: Item, isChosen: boolean): HTMLElement {
  const words = `${label}, ${clockText(onsetUs / 1e6)} to ${clockText(offsetUs / 1e6)}, ${verdict ?? 'not judged'}`;
  const bar = h('button', {
    className: `item ${verdict ?? 'open'}`,
    // The row's title says what the others are.
    text: kind === 'emotion' ? label : '',
    attributes: {
      ...{ type: 'button', tabindex: '-1', 'data-id': id, 'aria-label': words, title: words },
      ...(isChosen ? { 'aria-current': 'true' } : {}),
    },
  });
  if (kind === 'emotion') {
    bar.style.setProperty('--colour', `var(--${label})`);
    bar.style.setProperty('--on-colour', `var(--on-${label})`);
  }
  return bar;
}
