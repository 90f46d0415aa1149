import { type Areas, NO_AREAS } from '../../../../src/domain/areas.js';
import { h, setText } from '../dom.js';
import { type AreaAt, type AreaKind, addArea, removeArea, renameArea } from '../model/area-drawing.js';
import { call, picture } from '../rest.js';
import { createAreaCanvas } from './area-canvas.js';

const KINDS: readonly AreaKind[] = ['masks', 'zones'];

/** Draws the masks and zones of a camera, in a dialog over its picture. */
export function createAreaEditor(options: {
  readonly announce: (text: string) => void;
  /** Whether faces are blurred in pictures. */
  readonly blur: () => boolean;
}): {
  readonly root: HTMLElement;
  open(camera: { readonly id: string; readonly name: string }): Promise<void>;
} {
  let id = '';
  let areas: Areas = NO_AREAS;
  let shown: string | null = null;
  const title = h('h2', { attributes: { id: 'areas-title' } });
  const problem = h('p', { className: 'problem', attributes: { role: 'alert' } });
  const list = h('ul', { className: 'area-list' });
  const canvas = createAreaCanvas({
    areas: () => areas,
    change: (next) => {
      areas = next;
    },
  });
  const say = (text: string): void => {
    setText(problem, text);
    problem.hidden = text === '';
  };
  const rename = (at: AreaAt, name: string): void => {
    areas = renameArea(areas, at, name);
    canvas.draw();
  };
  const remove = (at: AreaAt): void => {
    areas = removeArea(areas, at);
    refresh();
  };
  const refresh = (): void => {
    list.replaceChildren(
      ...KINDS.flatMap((kind) => areas[kind].map(({ name }, index) => row({ kind, index }, name, { rename, remove }))),
    );
    canvas.draw();
  };
  const add = (kind: AreaKind): void => {
    areas = addArea(areas, kind);
    refresh();
    canvas.focus({ kind, index: areas[kind].length - 1 });
  };
  const save = async (): Promise<void> => {
    try {
      const { unsaved } = (await call('PUT', `sources/${id}/areas`, areas)) as { unsaved: string | null };
      options.announce('Masks and zones are in force.');
      if (unsaved === null) root.close();
      else say(`In force until mien stops, and not saved: ${unsaved}.`);
    } catch (error) {
      say((error as Error).message);
    }
  };
  const root = dialogOf({ title, canvas: canvas.root, list, add, problem, save: () => void save() });
  root.addEventListener('close', () => {
    if (shown !== null) URL.revokeObjectURL(shown);
    shown = null;
    canvas.show(null);
  });
  return {
    root,
    async open(camera) {
      id = camera.id;
      setText(title, `Masks and zones of ${camera.name}`);
      say('');
      try {
        const { config } = (await call('GET', `sources/${id}`)) as { config: Areas | null };
        areas = config ? { masks: config.masks, zones: config.zones } : NO_AREAS;
        shown = await picture(`sources/${id}/snapshot?blur=${options.blur() ? 1 : 0}`).catch(() => null);
        if (shown === null) say('There is no picture of this camera now; areas are drawn on an empty one.');
      } catch (error) {
        areas = NO_AREAS;
        say((error as Error).message);
      }
      canvas.show(shown);
      refresh();
      root.showModal();
    },
  };
}

/** An area in the list: its name, and a button that takes it away. */
function row(
  at: AreaAt,
  name: string,
  actions: { readonly rename: (at: AreaAt, name: string) => void; readonly remove: (at: AreaAt) => void },
): HTMLElement {
  const word = at.kind === 'masks' ? 'Mask' : 'Zone';
  const input = h('input', {
    attributes: { 'aria-label': `Name of ${word.toLowerCase()} ${at.index + 1}`, maxlength: '40', value: name },
  });
  input.addEventListener('input', () => actions.rename(at, input.value.trim()));
  const remove = h('button', {
    className: 'quiet',
    text: 'Remove',
    attributes: { type: 'button', 'aria-label': `Remove ${name}` },
    onClick: () => actions.remove(at),
  });
  return h('li', { children: [h('span', { className: at.kind, text: word }), input, remove] });
}

function dialogOf(parts: {
  readonly title: HTMLElement;
  readonly canvas: HTMLElement;
  readonly add: (kind: AreaKind) => void;
  readonly list: HTMLElement;
  readonly problem: HTMLElement;
  readonly save: () => void;
}): HTMLDialogElement {
  const { title, canvas, list, problem, add, save } = parts;
  const adding = (kind: AreaKind, text: string) =>
    h('button', { text, attributes: { type: 'button' }, onClick: () => add(kind) });
  const root: HTMLDialogElement = h('dialog', {
    className: 'area-editor',
    attributes: { 'aria-labelledby': 'areas-title' },
    children: [
      title,
      h('p', {
        className: 'sub',
        text: 'Masks are never looked at: drawn black before anything reads the picture. Zones name where a face is. Drag corners, or move them with the arrow keys.',
      }),
      canvas,
      h('div', { className: 'dialog-buttons', children: [adding('masks', 'Add mask'), adding('zones', 'Add zone')] }),
      list,
      problem,
      h('div', {
        className: 'dialog-buttons end',
        children: [
          h('button', { text: 'Cancel', attributes: { type: 'button' }, onClick: () => root.close() }),
          h('button', { className: 'primary', text: 'Save', attributes: { type: 'button' }, onClick: save }),
        ],
      }),
    ],
  });
  return root;
}
