import { openedField } from '../../../../src/domain/camera-input.js';
import { CAMERA_KIND_NAMES, type CameraKind, kindNotes } from '../../../../src/domain/camera-kinds.js';
import { h, setText } from '../dom.js';
import {
  bodyOf,
  type FormValues,
  formFields,
  idFor,
  NAME_FIELDS,
  refusedFields,
  type Settings,
  valuesOf,
} from '../model/camera-form.js';
import { savedWords } from '../model/camera-kept.js';
import { refusal } from '../model/rights.js';
import type { DashboardState } from '../model/state.js';
import { call, Refusal } from '../rest.js';
import { createFieldGroup, type FieldGroup } from './camera-fields.js';
import { createKeepChoice } from './camera-keep.js';
import { createCameraRemove } from './camera-remove.js';
import { createCameraTry } from './camera-try.js';

interface Defaults {
  readonly defaults: Settings;
  readonly unsavable: string | null;
  readonly lasting: boolean;
}
interface Known {
  readonly config: Settings | null;
  readonly unsaved: string | null;
}
type Saved = Parameters<typeof savedWords>[0];

/** Adds, changes, tries and removes a camera. Its form follows from the declaration of each kind (src/domain/camera-kinds). */
export class CameraDialog {
  readonly root: HTMLDialogElement;
  readonly button = h('button', { text: 'Add camera', attributes: { type: 'button', 'aria-haspopup': 'dialog' } });
  readonly #options: { announce: (text: string) => void; blur: () => boolean; state: () => DashboardState };
  /** The camera that is changed; null: one is added. */
  #known: Settings | null = null;
  #defaults: Settings = {};
  #kind: CameraKind = 'rtsp';
  #groups: { readonly name: FieldGroup; readonly input: FieldGroup; readonly treatment: FieldGroup } | null = null;
  readonly #title = h('h2', { attributes: { id: 'camera-title' } });
  readonly #kinds = h('select', {
    attributes: { id: 'camera-kind', 'aria-describedby': 'camera-kind-about' },
    children: CAMERA_KIND_NAMES.map((kind) => h('option', { text: kindNotes(kind).word, attributes: { value: kind } })),
  });
  readonly #about = h('p', { className: 'sub', attributes: { id: 'camera-kind-about' } });
  readonly #hidden = h('p', {
    className: 'sub camera-hidden',
    text: 'In the address, *** stands for what is not shown, such as user and password. Leave the address as it is to keep it, or write a new one out in full.',
  });
  readonly #slots = { name: h('div'), input: h('div'), treatment: h('div') };
  readonly #more = h('details', {
    children: [h('summary', { text: 'How its pictures are read' }), this.#slots.treatment],
  });
  readonly #problem = h('p', { className: 'problem', attributes: { role: 'alert', hidden: '' } });
  readonly #keep = createKeepChoice();
  readonly #try = createCameraTry({
    body: () => this.#checked(),
    blur: () => this.#options.blur(),
    refused: (error) => this.#refused(error),
  });
  readonly #remove = createCameraRemove({
    done: ({ name }, why) => this.#done(`${name} is removed.`, why === null ? [] : [why]),
    refused: (error) => this.#refused(error),
  });
  readonly #save = h('button', { className: 'primary', attributes: { type: 'submit' } });
  readonly #form = h('form', { attributes: { novalidate: '', autocomplete: 'off' } });
  readonly #after = h('div', { className: 'camera-after', attributes: { role: 'status' } });

  constructor(options: { announce: (text: string) => void; blur: () => boolean; state: () => DashboardState }) {
    this.#options = options;
    const cancel = h('button', { text: 'Cancel', attributes: { type: 'button' }, onClick: () => this.root.close() });
    const kind = h('div', {
      className: 'camera-field',
      children: [h('label', { text: 'Kind', attributes: { for: 'camera-kind' } }), this.#kinds, this.#about],
    });
    const buttons = [this.#try.button, this.#remove.button, h('span', { className: 'spring' }), cancel, this.#save];
    const { name, input } = this.#slots;
    this.#form.append(
      ...[
        kind,
        name,
        input,
        this.#hidden,
        this.#more,
        this.#keep.root,
        this.#try.root,
        this.#problem,
        this.#remove.root,
      ],
      h('div', { className: 'dialog-buttons end', children: buttons }),
    );
    this.root = h('dialog', {
      className: 'camera-dialog',
      attributes: { 'aria-labelledby': 'camera-title' },
      children: [this.#title, this.#form, this.#after],
    });
    this.#kinds.addEventListener('change', () => this.#choose(this.#kinds.value as CameraKind, this.#values()));
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#submit();
    });
    this.button.addEventListener('click', () => void this.open(null));
    this.root.addEventListener('close', () => this.#forget());
  }

  /** What this page's token allows. */
  update({ server }: DashboardState): void {
    const reason = refusal(server, 'admin');
    this.button.disabled = reason !== null;
    this.button.title = reason ?? '';
  }

  /** @param camera - to be changed; null: one is added */
  async open(camera: { readonly id: string; readonly name: string } | null): Promise<void> {
    setText(this.#title, camera ? `Edit ${camera.name}` : 'Add a camera');
    setText(this.#save, camera ? 'Save' : 'Add');
    this.#form.hidden = false;
    this.#after.hidden = true;
    this.#more.open = false;
    this.#say('');
    this.#try.clear();
    this.root.showModal();
    try {
      const [facts, known] = (await Promise.all([
        call('GET', 'source-defaults'),
        camera ? call('GET', `sources/${camera.id}`) : null,
      ])) as [Defaults, Known | null];
      this.#defaults = facts.defaults;
      this.#known = known?.config ?? null;
      const { unsavable, lasting } = facts;
      this.#keep.show({ unsavable, lasting, unsaved: known?.unsaved });
      this.#remove.show(camera && { ...camera, unsavable, inFile: known?.unsaved === null });
      const kind = (this.#known?.input as { type?: CameraKind } | undefined)?.type ?? CAMERA_KIND_NAMES[0];
      this.#choose(kind, valuesOf(kind, this.#known, this.#defaults));
    } catch (error) {
      this.#refused(error);
    }
  }

  /** The form of a kind; what stands in fields that it has as well stays. */
  #choose(kind: CameraKind, before: FormValues): void {
    const { input, treatment } = formFields(kind);
    const values = { ...valuesOf(kind, this.#known, this.#defaults), ...before };
    const names = this.#known ? NAME_FIELDS.filter(({ key }) => key !== 'id') : NAME_FIELDS;
    this.#kind = kind;
    this.#kinds.value = kind;
    setText(this.#about, kindNotes(kind).about);
    this.#groups = {
      name: createFieldGroup(names, values),
      input: createFieldGroup(input, values),
      treatment: createFieldGroup(treatment, values),
    };
    for (const part of ['name', 'input', 'treatment'] as const)
      this.#slots[part].replaceChildren(this.#groups[part].root);
    // Pictures that come by themselves need no opening.
    this.#try.button.hidden = openedField(kind) === null;
    this.#try.clear();
    this.#hidden.hidden = !Object.values(values).some((text) => text.includes('***'));
    if (!this.#known) this.#suggestId();
  }

  /** The id follows the name until somebody writes one. */
  #suggestId(): void {
    const [name, id] = [...this.#slots.name.querySelectorAll('input')];
    const taken = (wanted: string): boolean => this.#options.state().cameras.has(wanted);
    let suggested = idFor(name!.value, taken);
    name!.addEventListener('input', () => {
      const next = idFor(name!.value, taken);
      if (id!.value === '' || id!.value === suggested) id!.value = next;
      suggested = next;
    });
  }

  #values(): FormValues {
    const { name, input, treatment } = this.#groups ?? {};
    return { ...name?.values(), ...input?.values(), ...treatment?.values() };
  }

  /** What is sent; null once what is wrong is said. */
  #checked(): Settings | null {
    const known = this.#known;
    const values = { ...this.#values(), ...(known && { id: String(known.id) }) };
    const { body, problems } = bodyOf(this.#kind, values, known ? { masks: known.masks, zones: known.zones } : {});
    this.#tell(problems, '');
    return Object.keys(problems).length === 0 ? body : null;
  }

  async #submit(): Promise<void> {
    const body = this.#checked();
    if (body === null) return;
    const known = this.#known;
    const keep = this.#keep.on;
    const query = keep ? '?save=1' : '';
    this.#save.disabled = true;
    try {
      const { id, ...rest } = body;
      const saved = (await (known
        ? call('PUT', `sources/${String(id)}${query}`, rest)
        : call('POST', `sources${query}`, body))) as Saved;
      const name = String(body.name ?? id);
      this.#done(`${name} is ${known ? 'changed' : 'added'}.`, keep ? savedWords(saved) : []);
    } catch (error) {
      this.#refused(error);
    } finally {
      this.#save.disabled = false;
    }
  }

  /** Done; what is left to be told stands in place of the form. */
  #done(what: string, more: readonly string[]): void {
    this.#options.announce(what);
    if (more.length === 0) {
      this.root.close();
      return;
    }
    this.#form.hidden = true;
    this.#after.hidden = false;
    const close = h('button', {
      className: 'primary',
      text: 'Close',
      attributes: { type: 'button' },
      onClick: () => this.root.close(),
    });
    this.#after.replaceChildren(
      h('h3', { text: what }),
      ...more.map((text) => h('p', { text })),
      h('div', { className: 'dialog-buttons end', children: [close] }),
    );
    close.focus();
  }

  #refused(error: unknown): void {
    if (!(error instanceof Refusal)) {
      this.#say(`The server cannot be reached: ${(error as Error).message}.`);
      return;
    }
    const { fields, all } = refusedFields(this.#kind, error);
    this.#tell(fields, all);
  }

  #tell(problems: Readonly<Record<string, string>>, all: string): void {
    this.#say(all);
    const { name, input, treatment } = this.#groups ?? {};
    const wrong = [name, input, treatment].map((group) => group?.tell(problems) ?? null);
    if (wrong[2]) this.#more.open = true;
    wrong.find((control) => control !== null)?.focus();
  }

  #say(text: string): void {
    setText(this.#problem, text);
    this.#problem.hidden = text === '';
  }

  /** What was typed may be secret: nothing of it stays in the page. */
  #forget(): void {
    this.#try.clear();
    this.#groups = null;
    for (const slot of Object.values(this.#slots)) slot.replaceChildren();
  }
}
