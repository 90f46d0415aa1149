import { h, setText } from '../dom.js';

/** Whether a change outlasts this run of mien: in the configuration file, where that can be. */
export interface KeepChoice {
  readonly root: HTMLElement;
  readonly on: boolean;
  /** `unsavable`: why nothing can be written there; `unsaved`: why the camera is not there as it runs, null: it is. */
  show(facts: { readonly unsavable: string | null; readonly unsaved: string | null | undefined }): void;
}

/** Asks for it, and says what happens otherwise. */
export function createKeepChoice(): KeepChoice {
  const box = h('input', {
    attributes: { type: 'checkbox', id: 'camera-keep', 'aria-describedby': 'camera-keep-hint' },
  });
  const hint = h('p', { className: 'sub', attributes: { id: 'camera-keep-hint' } });
  const label = h('label', { text: 'Keep it in the configuration file', attributes: { for: 'camera-keep' } });
  return {
    root: h('div', { className: 'camera-field flag camera-keep', children: [box, label, hint] }),
    get on() {
      return box.checked && !box.disabled;
    },
    show({ unsavable, unsaved }) {
      box.disabled = unsavable !== null;
      // A camera that is in the file stays as the file says when mien starts again: the change belongs there.
      box.checked = unsavable === null && unsaved === null;
      const until =
        unsaved === null ? 'it comes back as it was when mien is started again' : 'it lasts until mien stops';
      setText(
        hint,
        unsavable === null
          ? `Otherwise ${until}. User, password and keys are not written: the file names environment variables in their place.`
          : `It cannot be kept: ${unsavable}. So ${until}.`,
      );
    },
  };
}

/** What is to be done so that a camera works when mien is started again. */
export function savedWords(saved: {
  readonly unsaved: string | null;
  readonly variables: readonly string[];
}): string[] {
  const { unsaved, variables } = saved;
  if (unsaved !== null) return [`It runs, but it is not in the configuration file: ${unsaved}.`];
  if (variables.length === 0) return [];
  return [
    'It runs, and it is in the configuration file, without what is secret.',
    `Before mien is started again, set in its environment ${variables.join(', ')} to what stands for *** in its address${
      variables.length > 1 ? ', in this order' : ', such as user:password'
    }. Until then the camera will refuse access.`,
  ];
}
