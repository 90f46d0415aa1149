import type { CameraDefaults } from '../domain/camera-treatment.js';
import { AffectError } from '../domain/errors.js';
import type { CameraConfig } from '../domain/live.js';
import { cameraEntry } from './camera-schema.js';
import { describeIssues } from './describe-issues.js';
import { keyText } from './layers.js';
import { toCameraConfig } from './serve-config.js';

/**
 * One camera as sent by a client, with the keys of `cameras` in the configuration. Placeholders are not filled in: a
 * client must not reach the environment. Whether a file or address may be opened is the server's to decide.
 *
 * Throws CONFIG_INVALID with every problem.
 */
export function parseCamera(value: unknown, defaults: CameraDefaults): CameraConfig {
  const result = cameraEntry.safeParse(value);
  if (result.success) return toCameraConfig(result.data, defaults);
  const problems = describeIssues(result.error.issues, { schema: cameraEntry, shown: value });
  throw new AffectError(
    'CONFIG_INVALID',
    problems.map(({ path, text }) => `${keyText(path) || 'camera'}: ${text}`).join('; '),
  );
}
