import type { z } from 'zod';
import { acceptsOf } from '../../src/config/keys.js';
import { configSchema } from '../../src/config/schema.js';
import { defOf, unwrap } from '../../src/config/schema-walk.js';

/** One key of the configuration that takes a value, as documents list it. */
export interface ConfigKey {
  /** Dotted; `[]` after a list, `[rtsp]` after the list of cameras for the keys of one type. */
  readonly path: string;
  readonly accepts: string;
  readonly text: string;
  /** In the form people write; undefined when there is none. */
  readonly initial: unknown;
  /** A list of groups, or one of several groups by type, whose keys follow. */
  readonly isGroupList: boolean;
}

/** Every key, in the schema's order. */
export function configKeys(): ConfigKey[] {
  return keysOf(configSchema, '');
}

function keysOf(schema: z.core.$ZodType, prefix: string): ConfigKey[] {
  return Object.entries(defOf(schema).shape ?? {}).flatMap(([name, child]) => {
    const inner = unwrap(child);
    const path = prefix === '' ? name : `${prefix}.${name}`;
    const { shape, element } = defOf(inner);
    if (shape) return keysOf(inner, path);
    const groups = groupsOf(element ?? inner);
    const own = {
      path,
      accepts: acceptsOf(inner) ?? '',
      text: (inner as z.ZodType).description ?? '',
      initial: defOf(child).defaultValue,
      isGroupList: groups.length > 0,
    };
    return [own, ...groups.flatMap(({ tag, schema: group }) => keysOf(group, `${path}[${tag}]`))];
  });
}

function groupsOf(element: z.core.$ZodType): { readonly tag: string; readonly schema: z.core.$ZodType }[] {
  const inner = unwrap(element);
  const { shape, options, discriminator } = defOf(inner);
  if (shape) return [{ tag: '', schema: inner }];
  if (!options || discriminator === undefined) return [];
  return options.map((schema) => ({
    tag: String([...(defOf(schema).shape![discriminator]!._zod.values ?? [])][0]),
    schema,
  }));
}

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** The table of docs/configuration.md. Keys that all camera types share stand once, under `cameras[]`. */
export function configTable(): string {
  const keys = configKeys();
  const types = keys.filter(({ path }) => /^cameras\[\w+\]\.id$/.test(path)).length;
  const shared = (path: string): boolean => {
    const name = /^cameras\[\w+\]\.(\w+)$/.exec(path)?.[1];
    return (
      name !== undefined &&
      keys.filter((key) => key.path.startsWith('cameras[') && key.path.endsWith(`].${name}`)).length === types
    );
  };
  const rows = new Map<string, string>();
  for (const { path, accepts, text, initial } of keys) {
    const isType = path.endsWith('].type');
    const shown = shared(path) && !isType ? path.replace(/\[\w+\]/, '[]') : path;
    const initialText = initial === undefined ? '' : `\`${JSON.stringify(initial).replace(/^"(.+)"$/, '$1')}\``;
    rows.set(
      shown,
      `| \`${shown}\` | ${initialText} | ${cell(isType ? (/\[([\w-]+)\]\.type$/.exec(path)?.[1] ?? accepts) : accepts)} | ${cell(text)} |`,
    );
  }
  return ['| key | default | accepts | meaning |', '| --- | --- | --- | --- |', ...rows.values()].join('\n');
}
