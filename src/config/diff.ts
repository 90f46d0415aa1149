import { isDeepStrictEqual } from 'node:util';
import type { CameraConfig } from '../domain/live.js';
import { configSchema } from './schema.js';
import { defOf, isRecord, unwrap } from './schema-walk.js';
import type { ServeConfig } from './serve-config.js';

/** What a reload has to do. */
export interface ConfigDiff {
  readonly cameras: {
    readonly added: readonly CameraConfig[];
    /** As they are now to be. */
    readonly changed: readonly CameraConfig[];
    /** Ids. */
    readonly removed: readonly string[];
  };
  /** Keys that changed and take effect only when mien is started again, for example "server.port"; sorted. */
  readonly restart: readonly string[];
}

/** Everything that changed from one configuration to the next. Cameras, and the defaults in them, change while running. */
export function diffConfig(from: ServeConfig, to: ServeConfig): ConfigDiff {
  const before = new Map(from.cameras.map((camera) => [camera.id, camera]));
  const after = new Set(to.cameras.map(({ id }) => id));
  return {
    cameras: {
      added: to.cameras.filter(({ id }) => !before.has(id)),
      changed: to.cameras.filter(
        (camera) => before.has(camera.id) && !isDeepStrictEqual(before.get(camera.id), camera),
      ),
      removed: from.cameras.map(({ id }) => id).filter((id) => !after.has(id)),
    },
    restart: [...changedKeys(from, to)].sort(),
  };
}

const WHILE_RUNNING = new Set(['cameras', 'cameraDefaults']);

function changedKeys(from: ServeConfig, to: ServeConfig): Set<string> {
  const keys = new Set<string>();
  for (const name of Object.keys(to) as (keyof ServeConfig)[]) {
    if (WHILE_RUNNING.has(name) || isDeepStrictEqual(from[name], to[name])) continue;
    const [was, is]: [unknown, unknown] = [from[name], to[name]];
    if (!isRecord(was) || !isRecord(is)) keys.add(name);
    else for (const key of Object.keys(is)) if (!isDeepStrictEqual(was[key], is[key])) keys.add(asWritten(name, key));
  }
  // Secrets are not enumerable, so a comparison by keys does not see that one was replaced.
  const secrets = ({ server }: ServeConfig): string[] => server.tokens.map(({ token }) => token);
  if (!isDeepStrictEqual(secrets(from), secrets(to))) keys.add('server.tokens');
  const signing = ({ webhooks }: ServeConfig): string[] => webhooks.targets.map(({ secret }) => secret);
  if (!isDeepStrictEqual(signing(from), signing(to))) keys.add('webhooks.targets');
  if (from.mqtt && to.mqtt) {
    const [{ password: was, ...tlsWas }, { password: is, ...tlsIs }] = [from.mqtt.secrets, to.mqtt.secrets];
    if (was !== is) keys.add('mqtt.password');
    if (!isDeepStrictEqual(tlsWas, tlsIs)) keys.add('mqtt.tls');
  }
  if (from.cluster && to.cluster) {
    const { secret: was, cameraKey: keyWas, ...tlsWas } = from.cluster.secrets;
    const { secret: is, cameraKey: keyIs, ...tlsIs } = to.cluster.secrets;
    if (was !== is) keys.add('cluster.secret');
    if (keyWas !== keyIs) keys.add('cluster.key');
    if (!isDeepStrictEqual(tlsWas, tlsIs)) keys.add('cluster.tls');
  }
  return keys;
}

/** The key of the file that sets a value: its unit is in the name here ("leaseMs"), and in the text there ("lease: 6s"). */
function asWritten(group: keyof ServeConfig, key: string): string {
  const written = Object.keys(shapeOf(group));
  const name = [key, key.replace(/Ms$/, '')].find((each) => written.includes(each));
  return name === undefined ? group : `${group}.${name}`;
}

function shapeOf(group: keyof ServeConfig): object {
  const section = defOf(configSchema).shape?.[group];
  return (section && defOf(unwrap(section)).shape) ?? {};
}
