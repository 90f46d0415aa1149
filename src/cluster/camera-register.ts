import { isDeepStrictEqual } from 'node:util';
import type { Areas } from '../domain/areas.js';
import type { CameraConfig } from '../domain/live.js';
import type { CameraOrigin } from '../live/live-cameras-options.js';
import type { Bucket, Codec } from './bucket.js';
import type { Seal } from './seal.js';

/** A camera of the installation, whoever reads it. */
export interface Registered {
  /** As configured or asked for, with credentials. */
  readonly config: CameraConfig;
  readonly origin: CameraOrigin;
  /** Masks and zones drawn since, which go over those of `config`. */
  readonly drawn: Areas | null;
  /** Media time of the camera counts from here, Date.now() scale, whichever machine reads it. */
  readonly addedAtMs: number;
}

/** A camera as it is to be read. */
export const inForce = ({ config, drawn }: Registered): CameraConfig => (drawn ? { ...config, ...drawn } : config);

/** Cameras on the bus are sealed: their addresses may hold passwords. */
export function registerCodec(seal: Seal): Codec<Registered> {
  return {
    write: (value, key) => seal.close(JSON.stringify(value), `camera ${key}`),
    read(bytes, key) {
      const text = seal.open(bytes, `camera ${key}`);
      return text === null ? null : (JSON.parse(text) as Registered);
    },
  };
}

/**
 * Makes the cameras of a configuration those of the installation: adds and changes them, and removes those that came
 * from a configuration and are in it no longer. What is as it was is left alone, what was drawn since included.
 */
export async function registerConfigured(
  register: Pick<Bucket<Registered>, 'entries' | 'write' | 'remove'>,
  cameras: readonly CameraConfig[],
  nowMs: number,
): Promise<void> {
  const wanted = new Set(cameras.map(({ id }) => id));
  for (const [id, { value, revision }] of [...register.entries]) {
    if (value.origin === 'configuration' && !wanted.has(id)) await register.remove(id, revision);
  }
  for (const config of cameras) {
    const known = register.entries.get(config.id);
    if (known?.value.origin === 'configuration' && isDeepStrictEqual(known.value.config, plain(config))) continue;
    const value: Registered = { config, origin: 'configuration', drawn: null, addedAtMs: nowMs };
    await register.write(config.id, value, known?.revision ?? 0);
  }
}

/** As it comes back from the bus. */
const plain = (config: CameraConfig): CameraConfig => JSON.parse(JSON.stringify(config)) as CameraConfig;
