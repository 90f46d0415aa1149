import { h, setText } from '../dom.js';

/** A list of terms whose values change. */
export function facts(names: readonly string[]) {
  const values = names.map(() => h('dd'));
  const root = h('dl', {
    className: 'facts',
    children: names.map((name, at) => h('div', { children: [h('dt', { text: name }), values[at]!] })),
  });
  return {
    root,
    set(texts: readonly string[]): void {
      for (const [at, text] of texts.entries()) setText(values[at]!, text);
    },
  };
}
