import type { KeyPath, Problem } from './layers.js';
import type { Environment } from './named-values.js';
import { isRecord } from './schema-walk.js';

/** ${NAME} or ${NAME:-text when unset}. */
const PLACEHOLDER = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;
const EXPANDED_KEYS = ['url', 'path', 'device'];
/** Stand-ins while secrets are not at hand, so that everything else can be checked. */
const STAND_INS: Readonly<Record<string, string>> = { rtsp: 'rtsp://unset.invalid/', http: 'http://unset.invalid/' };

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
 * Cameras with the placeholders of url, path and device filled in from the environment. Only for configurations that
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
    for (const name of EXPANDED_KEYS) {
      const written = camera[name];
      if (typeof written !== 'string') continue;
      const { filled, missing } = fillPlaceholders(written, options.env);
      const standIn = written.startsWith('${') ? (STAND_INS[String(camera.type)] ?? 'unset') : filled;
      result[name] = missing.length > 0 ? standIn : filled;
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
