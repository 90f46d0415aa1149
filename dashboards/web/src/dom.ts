import { h } from '../../shared/element.js';

export { h } from '../../shared/element.js';

/** Sets a text only when it differs: an untouched node costs no layout. */
export function setText(node: Node, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

/** Sets or removes (null) an attribute only when it differs. */
export function setAttribute(element: Element, name: string, value: string | null): void {
  if (element.getAttribute(name) === value) return;
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}

/**
 * Keeps the children of `parent` in step with `items`: one element per key, made once, moved only when its place
 * changed (a focused control keeps its focus), updated every time.
 */
export function keyedChildren<Item, View extends { readonly root: Element }>(
  parent: Element,
  options: {
    readonly keyOf: (item: Item) => string;
    readonly make: (item: Item) => View;
    readonly update: (view: View, item: Item) => void;
  },
): (items: readonly Item[]) => ReadonlyMap<string, View> {
  const views = new Map<string, View>();
  return (items) => {
    const keys = new Set(items.map(options.keyOf));
    for (const [key, view] of views) {
      if (keys.has(key)) continue;
      view.root.remove();
      views.delete(key);
    }
    let next: Element | null = parent.firstElementChild;
    for (const item of items) {
      const key = options.keyOf(item);
      let view = views.get(key);
      if (!view) {
        view = options.make(item);
        views.set(key, view);
      }
      if (view.root === next) next = next.nextElementSibling;
      else parent.insertBefore(view.root, next);
      options.update(view, item);
    }
    return views;
  };
}

/** A switch: a button that says whether it is on. */
export function toggle(options: {
  readonly label: string;
  readonly title: string;
  readonly on: boolean;
  readonly change: (on: boolean) => void;
}): HTMLButtonElement {
  const button = h('button', {
    className: 'toggle',
    attributes: { type: 'button', role: 'switch', 'aria-checked': String(options.on), title: options.title },
    children: [h('span', { className: 'knob', attributes: { 'aria-hidden': 'true' } }), options.label],
    onClick: () => {
      const on = button.getAttribute('aria-checked') !== 'true';
      button.setAttribute('aria-checked', String(on));
      options.change(on);
    },
  });
  return button;
}
