import { isDeepStrictEqual } from 'node:util';
import { NOT_THERE, type WrittenCamera, withCamera, withoutCamera } from '../config/cameras-in-yaml.js';
import type { Environment } from '../config/named-values.js';
import { fillPlaceholders } from '../config/placeholders.js';
import type { ServeConfig } from '../config/serve-config.js';
import { openedBy } from '../domain/camera-input.js';
import type { CameraConfig } from '../domain/live.js';
import type { CameraFile } from '../server/server-options.js';
import { HIDDEN, redactCamera, redactUrl } from '../source/camera/redact.js';
import { ruleWithoutZone } from './check-rules.js';
import type { ConfigFile } from './config-file.js';

interface KeeperOptions {
  /** As it runs, with its credentials. */
  readonly ownConfig: (id: string) => CameraConfig | undefined;
  /** The configuration whose cameras were opened last. */
  readonly applied: () => ServeConfig;
  /** What the file says from now on: it is read again when it changes, and no camera is then opened for that. */
  readonly apply: (config: ServeConfig) => void;
  readonly env: Environment;
}

/** Keeps cameras that were added, changed and removed by request in the configuration file. */
export function createCameraKeeper(file: ConfigFile, options: KeeperOptions): CameraFile {
  const { ownConfig, applied, apply, env } = options;
  const inFile = (id: string): CameraConfig | null => applied().cameras.find((camera) => camera.id === id) ?? null;
  const withCameras = (change: (cameras: readonly CameraConfig[]) => readonly CameraConfig[]): ServeConfig => ({
    ...applied(),
    cameras: change(applied().cameras),
  });
  return {
    lasting: false,
    unsavable: () => file.unsavable(),
    unsaved(id) {
      const [is, written] = [ownConfig(id), inFile(id)];
      if (!is || !written) return NOT_THERE;
      // Its secrets are in the environment, and may not be there yet.
      const same = isDeepStrictEqual(redactCamera(is), redactCamera(written));
      return same ? null : 'the configuration file has it otherwise';
    },
    async save(id) {
      let written: WrittenCamera | undefined;
      const camera = ownConfig(id);
      if (!camera) return { unsaved: NOT_THERE, variables: [] };
      const next = (as: CameraConfig): ServeConfig =>
        withCameras((cameras) => (inFile(id) ? cameras.map((each) => (each.id === id ? as : each)) : [...cameras, as]));
      const unsaved = await file.edit((text) => {
        const problem = ruleWithoutZone(next(camera));
        if (problem !== null) return { problem };
        const { cameraDefaults: defaults } = applied();
        const result = withCamera(text, camera, { before: inFile(id), defaults, redact: redactUrl, hidden: HIDDEN });
        if (!('problem' in result)) written = result;
        return result;
      });
      if (unsaved !== null || !written) return { unsaved, variables: [] };
      const read = asRead(camera, written, env);
      apply(next(read));
      return { unsaved: null, variables: isDeepStrictEqual(read.input, camera.input) ? [] : written.variables };
    },
    async remove(id) {
      if (!inFile(id)) return null;
      const without = withCameras((cameras) => cameras.filter((camera) => camera.id !== id));
      const unsaved = await file.edit((before) => {
        const problem = ruleWithoutZone(without);
        if (problem !== null) return { problem };
        const text = withoutCamera(before, id);
        return text === null ? { problem: NOT_THERE } : { text };
      });
      if (unsaved === null) apply(without);
      return unsaved;
    },
  };
}

/** The camera as the file gives it when it is read: with what its variables hold now. */
function asRead(camera: CameraConfig, { opened, variables }: WrittenCamera, env: Environment): CameraConfig {
  const own = openedBy(camera.input);
  if (!own || opened === null || variables.length === 0) return camera;
  return { ...camera, input: { ...camera.input, [own.name]: fillPlaceholders(opened, env).filled } };
}
