import type { CameraField, CameraFields } from '../../../../src/domain/camera-fields.js';
import { CAMERA_ID, CAMERA_ID_WORDS } from '../../../../src/domain/camera-id.js';
import { acceptsOfField, fieldProblem, isOpened, openedField } from '../../../../src/domain/camera-input.js';
import { type CameraKind, kindNotes } from '../../../../src/domain/camera-kinds.js';
import { NAME_LENGTH, TREATMENT } from '../../../../src/domain/camera-treatment.js';
import { TURNS } from '../../../../src/domain/frame.js';

/** How a setting is typed: a line of text, one of several words, or yes and no. */
export type FormControl =
  | { readonly as: 'text'; readonly numeric: boolean; readonly placeholder: string }
  | { readonly as: 'choice'; readonly choices: readonly string[] }
  | { readonly as: 'flag' };

/** One setting of the form. */
export interface FormField {
  /** As the server names it in refusals: "input.url", "maxFps". */
  readonly key: string;
  readonly label: string;
  /** What it means, and what it takes. */
  readonly hint: string;
  readonly control: FormControl;
}

/** What is typed, by key. */
export type FormValues = Readonly<Record<string, string>>;

/** A camera's settings as JSON, as the server tells and takes them. */
export type Settings = Readonly<Record<string, unknown>>;

/** Where an input's settings begin. */
const INPUT = 'input.';

/** The settings of a kind of camera: what it opens and how, then how its pictures are treated. Nothing here knows a kind. */
export function formFields(kind: CameraKind): {
  readonly input: readonly FormField[];
  readonly treatment: readonly FormField[];
} {
  return { input: fieldsOf(kindNotes(kind).fields, INPUT), treatment: fieldsOf(TREATMENT, '') };
}

/** What a camera of any kind is called. */
export const NAME_FIELDS: readonly FormField[] = [
  {
    key: 'name',
    label: 'Name',
    hint: 'For people; the id where it is empty.',
    control: { as: 'text', numeric: false, placeholder: 'Front door' },
  },
  {
    key: 'id',
    label: 'Id',
    hint: `In addresses, messages and metrics; it stays. Takes ${CAMERA_ID_WORDS}.`,
    control: { as: 'text', numeric: false, placeholder: 'front-door' },
  },
];

const fieldsOf = (fields: CameraFields, before: string): FormField[] =>
  Object.entries(fields).map(([name, field]) => ({
    key: before + name,
    label: field.label,
    hint: hintOf(field),
    control: controlOf(field),
  }));

function hintOf(field: CameraField): string {
  if (field.shape === 'choice' || field.shape === 'turn' || field.shape === 'flag') return field.text;
  const none = field.shape === 'rate' ? `, or ${field.none}` : field.shape === 'pixels' ? ', or auto' : '';
  return `${field.text} Takes ${acceptsOfField(field)}${none}.`;
}

function controlOf(field: CameraField): FormControl {
  switch (field.shape) {
    case 'choice':
      return { as: 'choice', choices: field.choices };
    case 'turn':
      return { as: 'choice', choices: TURNS.map(String) };
    case 'flag':
      return { as: 'flag' };
    case 'address':
      return { as: 'text', numeric: false, placeholder: `${Object.keys(field.schemes)[0]}://user:password@host/path` };
    case 'pixels':
      return { as: 'text', numeric: false, placeholder: 'auto' };
    case 'rate':
      return { as: 'text', numeric: true, placeholder: field.none };
    case 'whole':
      return { as: 'text', numeric: true, placeholder: '' };
    case 'device':
    case 'path':
    case 'areas':
      return { as: 'text', numeric: false, placeholder: '' };
  }
}

/** What stands in the form at first: the settings of a camera, and of those it has none the defaults. */
export function valuesOf(kind: CameraKind, config: Settings | null, defaults: Settings): FormValues {
  const input = (config?.input ?? {}) as Settings;
  const known = input.type === kind ? input : {};
  const texts = (fields: CameraFields, before: string, of: Settings) =>
    Object.entries(fields).map(([name, field]) => [
      before + name,
      name in of ? textOf(of[name]) : isOpened(field) ? '' : textOf(field.initial),
    ]);
  return {
    id: textOf(config?.id),
    name: textOf(config?.name),
    ...Object.fromEntries(texts(kindNotes(kind).fields, INPUT, known)),
    ...Object.fromEntries(texts(TREATMENT, '', config ?? defaults)),
  };
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'object') return String(value);
  const { widthPx, heightPx } = value as { readonly widthPx: number; readonly heightPx: number };
  return `${widthPx}x${heightPx}`;
}

/** What is sent, or what is wrong with what is typed, by key. `areas`: masks and zones, which are drawn elsewhere. */
export function bodyOf(
  kind: CameraKind,
  values: FormValues,
  areas: Settings,
): { readonly body: Settings; readonly problems: Readonly<Record<string, string>> } {
  const problems: Record<string, string> = {};
  const read = (fields: CameraFields, before: string): Settings =>
    Object.fromEntries(
      Object.entries(fields).map(([name, field]) => {
        const value = readAs(field, values[before + name] ?? '');
        const problem = fieldProblem(field, value);
        if (problem !== null) problems[before + name] = problem;
        return [name, value];
      }),
    );
  const [id, name] = [values.id ?? '', (values.name ?? '').trim()];
  if (!CAMERA_ID.test(id)) problems.id = `must be ${CAMERA_ID_WORDS}`;
  if (name.length > NAME_LENGTH.most) problems.name = `is longer than ${NAME_LENGTH.most} characters; shorten it`;
  const input = { type: kind, ...read(kindNotes(kind).fields, INPUT) };
  const body = { id, ...(name !== '' && { name }), input, ...read(TREATMENT, ''), ...areas };
  return { body, problems };
}

/** What a text means; what it cannot mean is left for `fieldProblem` to refuse. */
function readAs(field: CameraField, typed: string): unknown {
  const text = typed.trim();
  switch (field.shape) {
    case 'flag':
      return text === 'true';
    case 'turn':
      return Number(text);
    case 'whole':
      return text === '' ? Number.NaN : Number(text);
    case 'rate':
      return text === '' || text === field.none ? null : Number(text.replace(',', '.'));
    case 'pixels': {
      const [, width, height] = /^(\d+)\s*[x×]\s*(\d+)$/.exec(text) ?? [];
      return text === '' || text === 'auto' ? null : { widthPx: Number(width), heightPx: Number(height) };
    }
    default:
      return text;
  }
}

/** An id for a name: "Front door" is "front-door"; one that is taken gets a number. */
export function idFor(name: string, taken: (id: string) => boolean): string {
  const plain = name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/g, '-');
  const base = plain.replaceAll(/^[-_]+|-+$/g, '').slice(0, 60);
  if (base === '' || !taken(base)) return base;
  let number = 2;
  while (taken(`${base}-${number}`)) number++;
  return `${base}-${number}`;
}

/** A refusal of the server, beside the fields that it names; the rest is `all`. */
export function refusedFields(
  kind: CameraKind,
  refusal: {
    readonly code: string;
    readonly message: string;
    readonly fields: readonly { readonly key: string; readonly text: string }[];
  },
): { readonly fields: Readonly<Record<string, string>>; readonly all: string } {
  const { code, message } = refusal;
  const known = new Set(Object.keys(valuesOf(kind, null, {})));
  const opened = openedField(kind);
  if (code === 'CAMERA_EXISTS') return { fields: { id: message }, all: '' };
  // What a camera opens is all that is not checked field by field.
  if (code === 'CONFIG_INVALID' && opened) return { fields: { [INPUT + opened.name]: shortened(message) }, all: '' };
  const named = refusal.fields.filter(({ key }) => known.has(key));
  const others = refusal.fields.filter(({ key }) => !known.has(key)).map(({ key, text }) => `${key}: ${text}`);
  return {
    fields: Object.fromEntries(named.map(({ key, text }) => [key, text])),
    all: refusal.fields.length === 0 ? message : others.join('; '),
  };
}

/** Without the address that it is about: it stands beside it. */
const shortened = (message: string): string => message.replace(/^camera input .*?: (?=[a-z])/, '');
