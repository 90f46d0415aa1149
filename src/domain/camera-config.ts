import type { CameraInput } from './camera-kinds.js';
import type { CameraDefaults } from './camera-treatment.js';
import type { CameraConfig } from './live.js';

/** A camera as people describe it: what is left out or undefined is up to the defaults. */
export type DescribedCamera = {
  readonly id: string;
  readonly name?: string | undefined;
  readonly input: CameraInput;
} & {
  readonly [K in keyof CameraDefaults]?: CameraDefaults[K] | undefined;
};

/** A camera as the live system takes it; what it does not say comes from the defaults. */
export function cameraConfigOf(described: DescribedCamera, defaults: CameraDefaults): CameraConfig {
  const { id, name, input, maxSidePx, maxFps, minFacePx } = described;
  return {
    id,
    name: name ?? id,
    input,
    maxSidePx: maxSidePx ?? defaults.maxSidePx,
    maxFps: maxFps === undefined ? defaults.maxFps : maxFps,
    minFacePx: minFacePx ?? defaults.minFacePx,
  };
}
