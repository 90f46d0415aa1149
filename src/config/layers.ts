import { isRecord } from './schema-walk.js';

export type KeyPath = readonly (string | number)[];

/** One source of settings: a preset, a file, the environment, the command line. */
export interface Layer {
  readonly value: Readonly<Record<string, unknown>>;
  /** Where a key was written, for messages ("cams.yaml:12"); undefined when this layer does not have it. */
  locate(path: KeyPath): string | undefined;
}

/** Something wrong, where, and at which key. `text` is one line and holds no secret. */
export interface Problem {
  readonly where: string;
  readonly key: string;
  readonly text: string;
}

/** "cameras[2].url" */
export function keyText(path: KeyPath): string {
  return path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`),
    '',
  );
}

/** Groups are merged key by key; lists and values of later layers replace earlier ones. A key without a value counts as not given. */
export function mergeLayers(layers: readonly Layer[]): Readonly<Record<string, unknown>> {
  return layers.reduce<Readonly<Record<string, unknown>>>((merged, { value }) => mergeGroups(merged, value), {});
}

function mergeGroups(under: Readonly<Record<string, unknown>>, over: Readonly<Record<string, unknown>>) {
  const merged = new Map(Object.entries(under));
  for (const [name, value] of Object.entries(over)) {
    if (value === null || value === undefined) continue;
    const below = merged.get(name);
    merged.set(name, isRecord(value) ? mergeGroups(isRecord(below) ? below : {}, value) : value);
  }
  return Object.fromEntries(merged);
}

/** Where the value in force at a path, or else the nearest thing around it, was written. The last layer wins. */
export function locate(layers: readonly Layer[], path: KeyPath): string {
  for (let length = path.length; length > 0; length -= 1) {
    for (const layer of [...layers].reverse()) {
      const where = layer.locate(path.slice(0, length));
      if (where !== undefined) return where;
    }
  }
  return layers.map((layer) => layer.locate([])).find((where) => where !== undefined) ?? 'configuration';
}
