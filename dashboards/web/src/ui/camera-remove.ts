import { h, setText } from '../dom.js';
import { call } from '../rest.js';

/** A camera, and whether it is in the configuration file and can be taken out of it. */
export interface Removable {
  readonly id: string;
  readonly name: string;
  readonly inFile: boolean;
  readonly unsavable: string | null;
}

/** Removes a camera, once it is asked whether that is meant. */
export function createCameraRemove(options: {
  /** `why`: what is left to say; null: nothing. */
  readonly done: (camera: Removable, why: string | null) => void;
  readonly refused: (error: unknown) => void;
}): { readonly root: HTMLElement; readonly button: HTMLButtonElement; show(camera: Removable | null): void } {
  let camera: Removable | null = null;
  const question = h('p');
  const yes = h('button', {
    className: 'danger',
    text: 'Remove',
    attributes: { type: 'button' },
    onClick: () => void remove(),
  });
  const no = h('button', { text: 'Leave it', attributes: { type: 'button' }, onClick: () => ask(false) });
  const root = h('div', {
    className: 'past-sure',
    attributes: { role: 'alertdialog', 'aria-label': 'Remove?', hidden: '' },
    children: [question, h('div', { className: 'dialog-buttons', children: [no, yes] })],
  });
  const button = h('button', { text: 'Remove…', attributes: { type: 'button' }, onClick: () => ask(true) });

  function ask(on: boolean): void {
    root.hidden = !on;
    if (camera) setText(question, questionText(camera));
    (on ? no : button).focus();
  }
  async function remove(): Promise<void> {
    if (!camera) return;
    const gone = camera;
    const save = gone.inFile && gone.unsavable === null;
    yes.disabled = true;
    try {
      const answer = (await call('DELETE', `sources/${gone.id}${save ? '?save=1' : ''}`)) as {
        unsaved: string | null;
      } | null;
      const left = answer?.unsaved ?? null;
      options.done(gone, left === null ? null : `It is gone, and still in the configuration file: ${left}.`);
    } catch (error) {
      ask(false);
      options.refused(error);
    } finally {
      yes.disabled = false;
    }
  }
  return {
    root,
    button,
    show(next) {
      camera = next;
      root.hidden = true;
      button.hidden = next === null;
    },
  };
}

function questionText({ name, inFile, unsavable }: Removable): string {
  const what = `Remove ${name}? It is no longer read, and what the page remembers of it ends.`;
  if (!inFile) return `${what} It is not in the configuration file.`;
  return unsavable === null
    ? `${what} It is taken out of the configuration file, too.`
    : `${what} It comes back when mien is started again: ${unsavable}.`;
}
