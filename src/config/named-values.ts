import { parse } from 'yaml';
import type { z } from 'zod';
import { acceptsOf } from './keys.js';
import { type KeyPath, keyText, type Layer, type Problem } from './layers.js';
import { nearest } from './nearest.js';
import { defOf, isRecord, keysAt, schemaAt, unwrap } from './schema-walk.js';

/** Environment of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A setting given by name: on the command line (`--port 80`, `--set server.port=80`) or by code. */
export interface Override {
  /** Dotted key, for example "server.port". */
  readonly key: string;
  /** Text is read as YAML unless the key takes text; anything else is taken as it is. */
  readonly value: unknown;
  /** What gave it, for messages, for example "--port". */
  readonly origin: string;
}

interface Setting {
  readonly path: KeyPath;
  readonly value: unknown;
  readonly where: string;
}

const plainName = (text: string): string => text.toLowerCase().replaceAll(/[_-]/g, '');

/**
 * Settings of environment variables: MIEN_SERVER__PORT is server.port; two underscores part the steps, and case and
 * single underscores do not count. Variables without two underscores that match no first-level key are not ours.
 */
export function environmentLayer(schema: z.ZodType, env: Environment): { layer: Layer; problems: Problem[] } {
  const settings: Setting[] = [];
  const problems: Problem[] = [];
  for (const name of Object.keys(env).sort()) {
    const text = env[name];
    if (!name.startsWith('MIEN_') || text === undefined || text === '') continue;
    const steps = name.slice('MIEN_'.length).split('__');
    const where = `environment ${name}`;
    const path = matchSteps(schema, steps);
    if (path.length < steps.length) {
      if (steps.length === 1) continue;
      problems.push({ where, key: keyText(path) || steps[0]!.toLowerCase(), text: unknownStep(schema, path, steps) });
      continue;
    }
    const value = readText(schema, path, text);
    if (value === undefined) problems.push({ where, key: keyText(path), text: unreadable(schema, path) });
    else settings.push({ path, value, where });
  }
  return { layer: settingsLayer(settings), problems };
}

/** Settings given by name; an unknown name is a problem. */
export function overrideLayer(
  schema: z.ZodType,
  overrides: readonly Override[],
): { layer: Layer; problems: Problem[] } {
  const settings: Setting[] = [];
  const problems: Problem[] = [];
  for (const { key, value, origin } of overrides) {
    const steps = key.split('.');
    const path = matchSteps(schema, steps);
    const read = typeof value === 'string' ? readText(schema, path, value) : value;
    if (path.length < steps.length) problems.push({ where: origin, key, text: unknownStep(schema, path, steps) });
    else if (read === undefined) problems.push({ where: origin, key, text: unreadable(schema, path) });
    else settings.push({ path, value: read, where: origin });
  }
  return { layer: settingsLayer(settings), problems };
}

/** The longest part of the steps that names a key. */
function matchSteps(schema: z.ZodType, steps: readonly string[]): string[] {
  const path: string[] = [];
  for (const step of steps) {
    const name = keysAt(schema, path, {}).find((candidate) => plainName(candidate) === plainName(step));
    if (name === undefined) break;
    path.push(name);
  }
  return path;
}

function unknownStep(schema: z.ZodType, path: KeyPath, steps: readonly string[]): string {
  const known = keysAt(schema, path, {});
  const step = steps[path.length]!;
  if (known.length === 0) return 'takes a whole value here: give lists as YAML, such as [{id: door, type: push}]';
  const meant = nearest(plainName(step), known.map(plainName));
  const name = known.find((candidate) => plainName(candidate) === meant);
  return `unknown key "${step}"${name ? `; did you mean "${name}"?` : `; known: ${known.join(', ')}`}`;
}

function unreadable(schema: z.ZodType, path: KeyPath): string {
  const at = schemaAt(schema, path, {});
  return `cannot be read as YAML; expected ${(at && acceptsOf(unwrap(at))) ?? 'a group of keys, such as {a: 1}'}`;
}

/** Text for keys that take text, YAML for the others; undefined when it is no YAML or has no value. */
function readText(schema: z.ZodType, path: KeyPath, text: string): unknown {
  const at = schemaAt(schema, path, {});
  if (at && takesText(at)) return text;
  try {
    return parse(text) ?? undefined;
  } catch {
    return undefined;
  }
}

function takesText(schema: z.core.$ZodType): boolean {
  const def = defOf(unwrap(schema));
  return def.in ? takesText(def.in) : def.type === 'string' || def.type === 'enum';
}

function settingsLayer(settings: readonly Setting[]): Layer {
  const value: Record<string, unknown> = {};
  for (const { path, value: leaf } of settings) {
    let group = value;
    for (const step of path.slice(0, -1)) {
      const below = group[step];
      const next: Record<string, unknown> = isRecord(below) ? { ...below } : {};
      group[step] = next;
      group = next;
    }
    group[path.at(-1)!] = leaf;
  }
  const isUnder = (path: KeyPath, setting: Setting): boolean => {
    const shorter = Math.min(path.length, setting.path.length);
    return path.length >= setting.path.length && keyText(path.slice(0, shorter)) === keyText(setting.path);
  };
  return { value, locate: (path) => settings.find((setting) => isUnder(path, setting))?.where };
}
