import { h, setAttribute, setText } from '../dom.js';
import type { FormField, FormValues } from '../model/camera-form.js';

/** Controls of some settings, each with its name, what it takes, and what is wrong with it. */
export interface FieldGroup {
  readonly root: HTMLElement;
  /** What is typed, by key. */
  values(): FormValues;
  /** By key; the others are well. @returns the first control that is not */
  tell(problems: Readonly<Record<string, string>>): HTMLElement | null;
}

type Control = HTMLInputElement | HTMLSelectElement;

/** Makes controls that stand at these values. */
export function createFieldGroup(fields: readonly FormField[], values: FormValues): FieldGroup {
  const made = fields.map((field) => createField(field, values[field.key] ?? ''));
  return {
    root: h('div', { className: 'camera-fields', children: made.map(({ root }) => root) }),
    values: () => Object.fromEntries(made.map(({ key, text }) => [key, text()])),
    tell(problems) {
      let first: HTMLElement | null = null;
      for (const { key, control, tell } of made) {
        tell(problems[key] ?? '');
        if (problems[key] !== undefined) first ??= control;
      }
      return first;
    },
  };
}

function createField({ key, label, hint, control: how }: FormField, value: string) {
  const id = `camera-${key.replaceAll('.', '-')}`;
  const control = createControl(how, { id, value });
  const problem = h('p', {
    className: 'field-problem',
    attributes: { id: `${id}-problem`, role: 'alert', hidden: '' },
  });
  const about = h('p', { className: 'sub', text: hint, attributes: { id: `${id}-hint` } });
  control.setAttribute('aria-describedby', `${id}-hint ${id}-problem`);
  const name = h('label', { text: label, attributes: { for: id } });
  const flag = how.as === 'flag';
  const tell = (text: string): void => {
    setText(problem, text === '' ? '' : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`);
    problem.hidden = text === '';
    setAttribute(control, 'aria-invalid', text === '' ? null : 'true');
  };
  control.addEventListener('input', () => tell(''));
  return {
    key,
    control,
    tell,
    root: h('div', {
      className: flag ? 'camera-field flag' : 'camera-field',
      attributes: { 'data-key': key },
      children: flag ? [control, name, about, problem] : [name, control, about, problem],
    }),
    text: () => (flag ? String((control as HTMLInputElement).checked) : control.value),
  };
}

function createControl(
  how: FormField['control'],
  { id, value }: { readonly id: string; readonly value: string },
): Control {
  if (how.as === 'choice') {
    const select = h('select', {
      attributes: { id },
      children: how.choices.map((choice) => h('option', { text: choice, attributes: { value: choice } })),
    });
    select.value = value;
    return select;
  }
  if (how.as === 'flag') {
    const box = h('input', { attributes: { id, type: 'checkbox' } });
    box.checked = value === 'true';
    return box;
  }
  const { numeric, placeholder } = how;
  const attributes = { id, type: 'text', autocomplete: 'off', spellcheck: 'false', placeholder };
  const input = h('input', { attributes: { ...attributes, ...(numeric && { inputmode: 'decimal' }) } });
  input.value = value;
  return input;
}
