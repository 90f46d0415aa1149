import { type Areas, NO_AREAS } from './areas.js';
import type { CameraInput } from './camera-kinds.js';
import { type CameraDefaults, TREATMENT } from './camera-treatment.js';
import type { CameraConfig } from './live.js';

const TREATED = Object.keys(TREATMENT) as readonly (keyof CameraDefaults)[];

/** A camera as people describe it: what is left out or undefined is up to the defaults. */
export type DescribedCamera = {
  readonly id: string;
  readonly name?: string | undefined;
  readonly input: CameraInput;
} & {
  readonly [K in keyof CameraDefaults]?: CameraDefaults[K] | undefined;
} & { readonly [K in keyof Areas]?: Areas[K] | undefined };

/** A camera as the live system takes it; what it does not say comes from the defaults. */
export function cameraConfigOf(described: DescribedCamera, defaults: CameraDefaults): CameraConfig {
  const { id, name = id, input, masks = NO_AREAS.masks, zones = NO_AREAS.zones } = described;
  const treated = TREATED.map((key) => [key, described[key] === undefined ? defaults[key] : described[key]]);
  return { id, name, input, masks, zones, ...(Object.fromEntries(treated) as CameraDefaults) };
}
