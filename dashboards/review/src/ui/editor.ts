import { actionUnitTitle } from '../../../../src/domain/action-units.js';
import { EMOTIONS } from '../../../../src/domain/affect.js';
import { h } from '../../../shared/element.js';
import type { Actions } from '../actions.js';
import type { Item } from '../model/rating.js';
import type { Store } from '../state.js';

const labelsOf = ({ kind, label }: Item, units: readonly string[]): readonly string[] => {
  if (kind === 'emotion') return EMOTIONS;
  return kind === 'action-unit' ? [...new Set([label, ...units.map((key) => `AU${key}`)])] : [label];
};

/** The chosen episode: what was measured, what is said of it, and the buttons for that. */
export function createEditor(store: Store, actions: Actions): HTMLElement {
  const title = h('h2', { attributes: { id: 'chosen' } });
  const facts = h('p', { className: 'sub' });
  const label = h('select', { attributes: { id: 'label' } });
  const time = (id: string): HTMLInputElement => h('input', { attributes: { id, type: 'number', min: '0' } });
  const [onset, offset] = [time('onset'), time('offset')];
  const button = (text: string, className: string, onClick: () => void): HTMLButtonElement =>
    h('button', { text, className, attributes: { type: 'button' }, onClick });
  const buttons = [
    button('Accept', 'good', actions.accept),
    button('Reject', 'bad', actions.reject),
    button('Clear', '', actions.forget),
    button('Play', '', actions.playChosen),
  ];
  const field = (text: string, control: HTMLElement): HTMLElement =>
    h('label', { children: [h('span', { text }), control] });
  const form = h('div', {
    className: 'fields',
    children: [field('Label', label), field('Onset, s', onset), field('Offset, s', offset)],
  });
  const nudges = h('div', {
    className: 'nudges',
    children: [
      button('onset −', '', () => actions.nudge('onsetUs', -1)),
      button('onset +', '', () => actions.nudge('onsetUs', 1)),
      button('offset −', '', () => actions.nudge('offsetUs', -1)),
      button('offset +', '', () => actions.nudge('offsetUs', 1)),
    ],
  });
  const steps = h('div', {
    className: 'steps',
    children: [
      button('‹ Before', '', actions.previous),
      button('Next ›', '', actions.next),
      button('Add here', '', actions.add),
      button('Undo', '', actions.undo),
    ],
  });
  label.addEventListener('change', () => actions.correct({ label: label.value }));
  onset.addEventListener('change', () => actions.correct({ onsetUs: Number(onset.value) * 1e6 }));
  offset.addEventListener('change', () => actions.correct({ offsetUs: Number(offset.value) * 1e6 }));

  store.listen(({ items, chosen, video }) => {
    const item = items.find(({ id }) => id === chosen) ?? null;
    const { fps, units, people } = video;
    for (const each of [form, nudges]) each.hidden = item === null;
    for (const each of buttons) each.disabled = item === null;
    title.textContent =
      item === null ? 'No episode chosen' : `${actionUnitTitle(item.label)} · ${personName(item.person, people)}`;
    facts.textContent = item === null ? 'Choose one in the timeline or the list, or press N.' : factsOf(item);
    if (item === null) return;
    label.replaceChildren(
      ...labelsOf(item, units).map((value) => h('option', { text: actionUnitTitle(value), attributes: { value } })),
    );
    label.value = item.label;
    for (const [input, us] of [
      [onset, item.onsetUs],
      [offset, item.offsetUs],
    ] as const) {
      input.step = (1 / fps).toFixed(6);
      input.value = (us / 1e6).toFixed(3);
    }
  });
  return h('section', {
    className: 'editor card',
    attributes: { 'aria-label': 'Chosen episode' },
    children: [title, facts, h('div', { className: 'verdicts', children: buttons }), form, nudges, steps],
  });
}

export const personName = (
  person: number,
  people: readonly { readonly person: number; readonly name: string | null }[],
): string => people.find((each) => each.person === person)?.name ?? `Person ${person}`;

function factsOf({ verdict, episode, confidence }: Item): string {
  const measured = episode === null ? 'not measured' : `measured, ${Math.round(100 * confidence)} % sure`;
  return `${verdict ?? 'not judged yet'}; ${measured}`;
}
