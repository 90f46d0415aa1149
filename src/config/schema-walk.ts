import type { z } from 'zod';

type Schema = z.core.$ZodType;
type Path = readonly PropertyKey[];
/** The parts of zod's public `def` that a walk needs. */
interface Def {
  readonly type: string;
  readonly innerType?: Schema;
  readonly in?: Schema;
  readonly shape?: Readonly<Record<string, Schema>>;
  readonly element?: Schema;
  readonly options?: readonly Schema[];
  readonly discriminator?: string;
  readonly defaultValue?: unknown;
}

export const defOf = (schema: Schema): Def => schema._zod.def as unknown as Def;

/** The schema inside `optional`, `default` and `prefault`. */
export function unwrap(schema: Schema): Schema {
  const { innerType } = defOf(schema);
  return innerType ? unwrap(innerType) : schema;
}

/** The member of a discriminated union that a value names; any other schema as it is. */
function resolve(schema: Schema, value: unknown): Schema | undefined {
  const inner = unwrap(schema);
  const { discriminator, options } = defOf(inner);
  if (discriminator === undefined) return inner;
  const chosen = isRecord(value) ? value[discriminator] : undefined;
  return options?.find((option) => {
    const tag = defOf(option).shape?.[discriminator];
    return tag !== undefined && [...(tag._zod.values ?? [])].includes(chosen as string);
  });
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What lies at a path of a plain value; undefined where nothing does. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, step) =>
      (isRecord(at) && Object.hasOwn(at, step)) || Array.isArray(at)
        ? (at as Record<PropertyKey, unknown>)[step]
        : undefined,
    value,
  );
}

/** The schema of the key at a path, with `root` deciding which camera type an element is; undefined off the schema. */
export function schemaAt(schema: Schema, path: Path, root: unknown): Schema | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return schema;
  const inner = resolve(schema, root);
  if (!inner) return undefined;
  const def = defOf(inner);
  if (def.type === 'union' && def.discriminator === undefined)
    return def.options?.map((option) => schemaAt(option, path, root)).find((found) => found !== undefined);
  const next = def.type === 'array' ? def.element : def.shape?.[String(step)];
  return next && schemaAt(next, rest, valueAt(root, [step]));
}

/** The words that a schema lists: of an enumeration, a literal, or a union with some; empty where there are none. */
export function choicesOf(schema: Schema): string[] {
  const inner = unwrap(schema);
  const { options = [] } = defOf(inner);
  const words = [...(inner._zod.values ?? [])].filter((value): value is string => typeof value === 'string');
  return [...words, ...options.flatMap(choicesOf)];
}

/** The words that tell the members of the union around a path apart; empty where that is no union. */
export function tagsAt(schema: Schema, path: Path, root: unknown): string[] {
  const around = schemaAt(schema, path.slice(0, -1), root);
  const { discriminator, options = [] } = around ? defOf(unwrap(around)) : {};
  if (discriminator === undefined || discriminator !== path.at(-1)) return [];
  return options.flatMap((option) => choicesOf(defOf(option).shape![discriminator]!));
}

/** Keys that the object at a path may have; empty where there is no object. */
export function keysAt(schema: Schema, path: Path, root: unknown): string[] {
  const at = schemaAt(schema, path, root);
  const inner = at && resolve(at, valueAt(root, path));
  return Object.keys((inner && defOf(inner).shape) ?? {});
}

/** A plain configuration with every default written out, in the form people write; keys come in the schema's order. */
export function withDefaults(schema: Schema, value: unknown): unknown {
  const given = value === undefined ? defOf(schema).defaultValue : value;
  const inner = resolve(schema, given);
  const def = inner && defOf(inner);
  if (def?.type === 'array' && Array.isArray(given)) return given.map((item) => withDefaults(def.element!, item));
  if (!def?.shape || !isRecord(given)) return given;
  const entries = Object.entries(def.shape).map(([name, child]) => [name, withDefaults(child, valueAt(given, [name]))]);
  return Object.fromEntries(entries.filter(([, item]) => item !== undefined));
}
