import { diffConfig } from '../config/diff.js';
import type { ServeConfig } from '../config/serve-config.js';
import { errorWords } from '../domain/errors.js';
import type { CameraConfig } from '../domain/live.js';
import type { Logger } from '../domain/logger.js';
import type { LiveCameras } from '../live/live-cameras.js';

/**
 * Adds, changes and removes cameras so that they are those of the next configuration.
 *
 * @returns the configuration that is then in force: a camera whose change was refused stays as it is
 */
export async function reloadCameras(
  cameras: LiveCameras,
  configs: { readonly applied: ServeConfig; readonly next: ServeConfig },
  options: { readonly logger: Pick<Logger, 'warn'>; readonly isClosing: () => boolean },
): Promise<ServeConfig> {
  const { applied, next } = configs;
  const refused = await applyChanges(cameras, diffConfig(applied, next).cameras, options);
  return { ...next, cameras: appliedCameras(applied.cameras, next.cameras, refused) };
}

/** The cameras of a configuration that are in force: one whose change was refused is still to be changed next time. */
function appliedCameras(
  before: readonly CameraConfig[],
  after: readonly CameraConfig[],
  refused: ReadonlySet<string>,
): readonly CameraConfig[] {
  return [...after.filter(({ id }) => !refused.has(id)), ...before.filter(({ id }) => refused.has(id))];
}

/** Each change by itself: one that is refused does not stop the others. @returns ids of what was refused */
async function applyChanges(
  cameras: LiveCameras,
  changes: {
    readonly added: readonly CameraConfig[];
    readonly changed: readonly CameraConfig[];
    readonly removed: readonly string[];
  },
  { logger, isClosing }: { readonly logger: Pick<Logger, 'warn'>; readonly isClosing: () => boolean },
): Promise<ReadonlySet<string>> {
  const refused = new Set<string>();
  const known = (id: string): boolean => cameras.cameraConfig(id) !== undefined;
  const attempt = async (id: string, work: () => Promise<unknown>): Promise<void> => {
    if (isClosing()) return;
    try {
      await work();
    } catch (error) {
      refused.add(id);
      if (!isClosing()) logger.warn(`reload: ${errorWords(error)}`, { camera: id });
    }
  };
  // A camera may have been removed or added over REST since.
  for (const id of changes.removed) if (known(id)) await attempt(id, () => cameras.removeCamera(id));
  for (const camera of [...changes.changed, ...changes.added]) {
    await attempt(camera.id, () =>
      known(camera.id) ? cameras.replaceCamera(camera, 'configuration') : cameras.addCamera(camera, 'configuration'),
    );
  }
  return refused;
}
