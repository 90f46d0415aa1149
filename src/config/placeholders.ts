import { OPENED_NAMES, openedField } from '../domain/camera-input.js';
import { CAMERA_KIND_NAMES } from '../domain/camera-kinds.js';
import type { KeyPath, Problem } from './layers.js';
import type { Environment } from './named-values.js';
import { isRecord } from './schema-walk.js';

/** ${NAME} or ${NAME:-text when unset}. */
const PLACEHOLDER = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

/** Takes the place of what opens a camera while secrets are not at hand, so that everything else can be checked. */
function standIn(type: unknown): string {
  const kind = CAMERA_KIND_NAMES.find((name) => name === type);
  const field = kind && openedField(kind)?.field;
  return field?.shape === 'address' ? `${Object.keys(field.schemes)[0]}://unset.invalid/` : 'unset';
}

/** Pure: text with its placeholders filled in, and the variables that are not set, whose place "unset" takes. */
export function fillPlaceholders(
  text: string,
  env: Environment,
): { readonly filled: string; readonly missing: readonly string[] } {
  const missing: string[] = [];
  const filled = text.replace(PLACEHOLDER, (_, variable: string, otherwise: string | undefined) => {
    const value = env[variable] || otherwise;
    if (value === undefined) missing.push(variable);
    return value ?? 'unset';
  });
  return { filled, missing };
}

/**
 * Cameras with the placeholders in what they open (url, path, device) filled in from the environment. Only for configurations that
 * the operator wrote: a camera sent over REST must never reach the environment.
 *
 * @param unset - 'problem': a variable that is not set is one; 'stand-in': a harmless value takes its place
 */
export function expandCameras(
  cameras: readonly unknown[],
  options: { readonly env: Environment; readonly unset: 'problem' | 'stand-in' },
): {
  readonly cameras: readonly unknown[];
  readonly problems: readonly (Omit<Problem, 'where' | 'key'> & { readonly path: KeyPath })[];
} {
  const problems: { path: KeyPath; text: string }[] = [];
  const expanded = cameras.map((camera, index) => {
    if (!isRecord(camera)) return camera;
    const result: Record<string, unknown> = { ...camera };
    for (const name of OPENED_NAMES) {
      const written = camera[name];
      if (typeof written !== 'string') continue;
      const { filled, missing } = fillPlaceholders(written, options.env);
      result[name] = missing.length > 0 && written.startsWith('${') ? standIn(camera.type) : filled;
      if (missing.length > 0 && options.unset === 'problem') {
        problems.push({
          path: ['cameras', index, name],
          text: `environment variable ${missing.join(', ')} is not set`,
        });
      }
    }
    return result;
  });
  return { cameras: expanded, problems };
}
