import { h, setText } from '../dom.js';
import { type KeepFacts, keepWords } from '../model/camera-kept.js';

/** Whether a change outlasts this run of mien: in the configuration file, where that can be. */
export interface KeepChoice {
  readonly root: HTMLElement;
  readonly on: boolean;
  show(facts: KeepFacts): void;
}

/** Asks for it, and says what happens otherwise. */
export function createKeepChoice(): KeepChoice {
  const box = h('input', {
    attributes: { type: 'checkbox', id: 'camera-keep', 'aria-describedby': 'camera-keep-hint' },
  });
  const hint = h('p', { className: 'sub', attributes: { id: 'camera-keep-hint' } });
  const label = h('label', { text: 'Keep it in the configuration file', attributes: { for: 'camera-keep' } });
  const root = h('div', { className: 'camera-field flag camera-keep', children: [box, label, hint] });
  return {
    root,
    get on() {
      return box.checked && !box.disabled;
    },
    show({ unsavable, unsaved, lasting }) {
      root.hidden = lasting;
      box.disabled = unsavable !== null;
      // A camera that is in the file stays as the file says when mien starts again: the change belongs there.
      box.checked = unsavable === null && unsaved === null;
      setText(hint, keepWords({ unsavable, unsaved }));
    },
  };
}
