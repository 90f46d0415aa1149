import { h } from '../dom.js';

/** A narrow page, as in the style sheets. */
export const narrow = matchMedia('(max-width: 760px)');

/** A part under its heading, which folds it away; on a narrow page it is folded at first. */
export const fold = (heading: HTMLHeadingElement, body: HTMLElement): HTMLDetailsElement =>
  h('details', {
    className: 'fold',
    attributes: narrow.matches ? {} : { open: '' },
    children: [h('summary', { children: [heading] }), body],
  });
