import { openedBy } from '../domain/camera-input.js';
import type { CameraConfig } from '../domain/live.js';

/**
 * Pure: a configuration that opens what a known camera does, with its credentials, when it repeats it as clients are shown
 * it; null when it says something else. Whatever else was changed about the address, nothing that was hidden is kept.
 */
export function openedAsShown(
  wanted: CameraConfig,
  known: CameraConfig,
  redact: (config: CameraConfig) => CameraConfig,
): CameraConfig | null {
  const [asked, own, shown] = [openedBy(wanted.input), openedBy(known.input), openedBy(redact(known).input)];
  if (wanted.input.type !== known.input.type || !asked || !own || asked.text !== shown?.text) return null;
  return { ...wanted, input: { ...wanted.input, [own.name]: own.text } };
}
