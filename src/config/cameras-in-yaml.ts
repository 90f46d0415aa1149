import { isMap, isSeq, parseDocument, type YAMLMap } from 'yaml';
import type { CameraField } from '../domain/camera-fields.js';
import { fieldProblem, isOpened, openedBy } from '../domain/camera-input.js';
import { kindNotes } from '../domain/camera-kinds.js';
import { type CameraDefaults, PLACES, TREATMENT } from '../domain/camera-treatment.js';
import type { CameraConfig } from '../domain/live.js';
import { flowPoints } from './areas-in-yaml.js';
import { fillPlaceholders } from './placeholders.js';

/** Stands for a secret while its variable is not set: the camera then refuses the login, and everything else works. */
const UNSET = 'unset';

/** A file with a camera in it; the variables stand for what is secret in its address, in their order. */
export interface WrittenCamera {
  readonly text: string;
  readonly variables: readonly string[];
  /** What the camera opens, as the file says it; null where pictures come by themselves. */
  readonly opened: string | null;
}

interface WriteOptions {
  /** As the file has it; null: it is not in the file. */
  readonly before: CameraConfig | null;
  /** Of the configuration: what is so anyway is not written. */
  readonly defaults: CameraDefaults;
  /** An address with `hidden` in place of each secret. */
  readonly redact: (url: string) => string;
  readonly hidden: string;
}

/**
 * Pure: the text of a configuration file with a camera as it is; only what differs is written, and all else, comments
 * too, stays as a person wrote it. No secret is written: `${NAME}` stands for it. Or why it cannot be written.
 */
export function withCamera(
  text: string,
  camera: CameraConfig,
  options: WriteOptions,
): WrittenCamera | { readonly problem: string } {
  const { before, defaults } = options;
  const document = parseDocument(text, { version: '1.2' });
  if (document.errors.length > 0) return { problem: 'the configuration file cannot be read now' };
  const opened = openedText(camera, options);
  if ('problem' in opened) return opened;
  const entry = before ? cameraIn(document, camera.id) : newCameraIn(document);
  if (!entry) return { problem: before ? NOT_THERE : 'cameras come from somewhere else than the configuration file' };
  const [was, is] = [before ? settingsOf(before, defaults) : {}, settingsOf(camera, defaults)];
  for (const key of Object.keys(was)) if (!(key in is)) entry.delete(key);
  for (const [key, value] of Object.entries(is)) {
    if (key in was && JSON.stringify(was[key]) === JSON.stringify(value)) continue;
    entry.set(key, document.createNode(key === opened.key ? opened.text : value));
  }
  for (const key of Object.keys(PLACES)) flowPoints(entry.get(key));
  const written = entry.get(opened.key);
  return {
    text: document.toString({ lineWidth: 0, flowCollectionPadding: false }),
    variables: opened.text === written ? opened.variables : [],
    opened: typeof written === 'string' ? written : null,
  };
}

/** Why a camera that is configured elsewhere is not written. */
export const NOT_THERE = 'this camera is not in the configuration file';

/** Pure: the text without a camera; null where it has none with this id. */
export function withoutCamera(text: string, id: string): string | null {
  const document = parseDocument(text, { version: '1.2' });
  const cameras = document.get('cameras');
  if (document.errors.length > 0 || !isSeq(cameras) || !cameraIn(document, id)) return null;
  cameras.items = cameras.items.filter((item) => !(isMap(item) && item.get('id') === id));
  if (cameras.items.length === 0) cameras.flow = true;
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

type Document = ReturnType<typeof parseDocument>;

function cameraIn(document: Document, id: string): YAMLMap | null {
  const cameras = document.get('cameras');
  const found = isSeq(cameras) ? cameras.items.find((item) => isMap(item) && item.get('id') === id) : null;
  return isMap(found) ? found : null;
}

/** An entry at the end of the list. A preset's cameras would give way to a new list. */
function newCameraIn(document: Document): YAMLMap | null {
  if (!document.get('cameras') && !document.has('preset')) document.set('cameras', document.createNode([]));
  const cameras = document.get('cameras');
  if (!isSeq(cameras)) return null;
  if (cameras.items.length === 0) cameras.flow = false;
  const entry = document.createNode({}) as YAMLMap;
  cameras.add(entry);
  return entry;
}

/** Settings as YAML writes them, without those that are so anyway. */
function settingsOf(camera: CameraConfig, defaults: CameraDefaults): Readonly<Record<string, unknown>> {
  const { id, name, input } = camera;
  const values = { ...camera, ...input } as unknown as Readonly<Record<string, unknown>>;
  const written: Record<string, unknown> = { id, ...(name !== id && { name }), type: input.type };
  const add = (
    fields: Readonly<Record<string, CameraField>>,
    initial: (key: string, field: CameraField) => unknown,
  ) => {
    for (const [key, field] of Object.entries(fields)) {
      const same = JSON.stringify(values[key]) === JSON.stringify(initial(key, field));
      if (!same) written[key] = inYaml(field, values[key]);
    }
  };
  const initially = (_: string, field: CameraField): unknown => (isOpened(field) ? undefined : field.initial);
  add(kindNotes(input.type).fields, initially);
  add(TREATMENT, (key) => defaults[key as keyof CameraDefaults]);
  add(PLACES, initially);
  return written;
}

function inYaml(field: CameraField, value: unknown): unknown {
  if (field.shape === 'rate') return value ?? field.none;
  if (field.shape !== 'pixels') return value;
  const size = value as { readonly widthPx: number; readonly heightPx: number } | null;
  return size ? `${size.widthPx}x${size.heightPx}` : 'auto';
}

/** What a camera opens, with a variable for each secret, or why that cannot be written. */
function openedText(
  { id, input }: CameraConfig,
  { redact, hidden }: WriteOptions,
):
  | { readonly key: string; readonly text: string; readonly variables: readonly string[] }
  | { readonly problem: string } {
  const opened = openedBy(input);
  if (!opened) return { key: '', text: '', variables: [] };
  const { name: key, field, text } = opened;
  // Whoever wrote it over the network must not reach the environment.
  if (text.includes('${')) return { problem: `${key} holds "\${", which the file would take for a variable` };
  const shown = field.shape === 'address' ? redact(text) : text;
  const parts = shown.split(hidden);
  if (shown === text || parts.length === 1) return { key, text, variables: [] };
  const base = `CAMERA_${id.toUpperCase().replaceAll('-', '_')}_SECRET`;
  const variables = parts.slice(1).map((_, at) => (at === 0 ? base : `${base}_${at + 1}`));
  const written = parts.map((part, at) => (at === 0 ? part : `\${${variables[at - 1]}:-${UNSET}}${part}`)).join('');
  if (fieldProblem(field, fillPlaceholders(written, {}).filled) !== null) {
    return { problem: `too much of ${key} is secret; write it into the file yourself, with \${NAME} for what is` };
  }
  return { key, text: written, variables };
}
