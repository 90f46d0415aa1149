import { openedBy } from '../domain/camera-input.js';
import type { CameraConfig } from '../domain/live.js';
import type { CameraOrigin } from './live-cameras-options.js';

/** A camera there is: as it is, as clients are shown it, and who asked for what it opens. */
export interface KnownCamera {
  readonly config: CameraConfig;
  readonly shown: CameraConfig;
  readonly origin: CameraOrigin;
}

/**
 * Pure: a configuration that opens what a known camera does, with its credentials, when it repeats it as clients are shown
 * it; null when it says something else. Whatever else was changed about the address, nothing that was hidden is kept.
 */
export function openedAsShown(
  wanted: CameraConfig,
  { config, shown }: Omit<KnownCamera, 'origin'>,
): CameraConfig | null {
  const [asked, own, seen] = [openedBy(wanted.input), openedBy(config.input), openedBy(shown.input)];
  if (wanted.input.type !== config.input.type || !asked || !own || asked.text !== seen?.text) return null;
  return { ...wanted, input: { ...wanted.input, [own.name]: own.text } };
}

/** Pure: what a request means, and who answers for it: what it repeats was allowed to whoever asked for it then. */
export function asMeant(
  wanted: CameraConfig,
  askedBy: CameraOrigin,
  known: KnownCamera | null,
): { readonly config: CameraConfig; readonly origin: CameraOrigin } {
  const same = askedBy === 'request' && known ? openedAsShown(wanted, known) : null;
  return same && known ? { config: same, origin: known.origin } : { config: wanted, origin: askedBy };
}
