import { z } from 'zod';
import type { Areas } from '../domain/areas.js';
import { AffectError } from '../domain/errors.js';
import type { Turn } from '../domain/frame.js';
import { areaKeys } from './camera-schema.js';
import { describeIssues } from './describe-issues.js';
import { keyText } from './layers.js';
import { isRecord } from './schema-walk.js';
import { yamlLayer } from './yaml-layer.js';

/** Masks and zones of a recording, and how its picture is turned before they hold. */
export interface WrittenAreas {
  readonly areas: Areas;
  /** Null where the file does not say. */
  readonly rotate: Turn | null;
}

const schema = z.strictObject(areaKeys);

/**
 * Masks and zones as YAML: the keys `masks`, `zones` and `rotate`, by themselves or of a camera of a configuration of
 * `mien serve`. `camera` names it; where there is only one it may be left out. Throws CONFIG_INVALID.
 */
export function readAreas(
  text: string,
  { file, camera }: { readonly file: string; readonly camera: string | null },
): WrittenAreas {
  const fail = (problem: string): never => {
    throw new AffectError('CONFIG_INVALID', `${file}: ${problem}`);
  };
  const { layer, problems } = yamlLayer(text, { file, baseDir: null });
  const problem = problems[0];
  if (problem) return fail(problem.text);
  const { masks, zones, rotate } = chosen(layer.value, camera, fail);
  const given = Object.fromEntries(Object.entries({ masks, zones, rotate }).filter(([, value]) => value !== undefined));
  const result = schema.safeParse(given);
  if (result.success) {
    const parsed = result.data as Partial<Areas> & { readonly rotate?: Turn };
    return { areas: { masks: parsed.masks ?? [], zones: parsed.zones ?? [] }, rotate: parsed.rotate ?? null };
  }
  const [first] = describeIssues(result.error.issues, { schema, shown: given });
  return fail(`${keyText(first!.path)}: ${first!.text}`);
}

function chosen(
  value: Readonly<Record<string, unknown>>,
  camera: string | null,
  fail: (problem: string) => never,
): Readonly<Record<string, unknown>> {
  if (!('cameras' in value)) {
    if (camera !== null) return fail('has no cameras; leave out #NAME');
    if (!('masks' in value) && !('zones' in value)) return fail('has neither masks nor zones');
    return value;
  }
  const cameras = Array.isArray(value.cameras) ? value.cameras.filter(isRecord) : [];
  const ids = cameras.map(({ id }) => String(id));
  const found = camera === null && cameras.length === 1 ? cameras[0] : cameras[ids.indexOf(camera ?? '')];
  return found ?? fail(`name one of its cameras, as in FILE#${ids[0] ?? 'door'}: ${ids.join(', ')}`);
}
