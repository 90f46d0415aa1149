import { h } from '../../shared/element.js';

/** A row of radio buttons that look like one: calls `choose` at each change. */
export function segments(
  { name, label }: { readonly name: string; readonly label: string },
  options: readonly { readonly name: string; readonly title: string }[],
  choose: (value: string) => void,
): HTMLElement {
  const children = options.map(({ name: value, title }, index) => {
    const input = h('input', { attributes: { type: 'radio', name, value } });
    input.checked = index === 0;
    return h('label', { children: [input, h('span', { text: title })] });
  });
  const set = h('fieldset', { className: 'segments', attributes: { 'aria-label': label }, children });
  set.addEventListener('change', (event) => choose((event.target as HTMLInputElement).value));
  return set;
}

/** A line that tells what the pointer or the keys are at. */
export const readoutLine = (): HTMLElement =>
  h('p', { className: 'readout-line', attributes: { 'aria-live': 'polite' } });
