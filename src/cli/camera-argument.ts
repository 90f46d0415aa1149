import { basename, resolve } from 'node:path';
import type { CameraDefaults } from '../config/serve-config.js';
import type { CameraConfig, CameraInput } from '../domain/live.js';

/** What an address on the command line means: by its scheme, a device name, the word "push", else a file. */
function inputOf(address: string): CameraInput {
  if (address === 'push') return { type: 'push' };
  if (/^rtsps?:\/\//i.test(address)) return { type: 'rtsp', url: address, transport: 'tcp' };
  if (/^https?:\/\//i.test(address)) return { type: 'http', url: address };
  if (/^\/dev\/|^\d{1,2}$/.test(address)) return { type: 'webcam', device: address, size: null, fps: null };
  return { type: 'file', path: resolve(address), loop: true };
}

/** A camera named by its address alone: ids are camera-1, camera-2 …; files are looped. */
export function cameraOf(
  address: string,
  { index, defaults }: { readonly index: number; readonly defaults: CameraDefaults },
): CameraConfig {
  const input = inputOf(address);
  const id = `camera-${index + 1}`;
  return { id, name: input.type === 'file' ? basename(input.path) : id, input, ...defaults };
}
