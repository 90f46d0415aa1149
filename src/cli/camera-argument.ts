import { basename, resolve } from 'node:path';
import type { CameraDefaults } from '../config/serve-config.js';
import { parseCameraAddress } from '../domain/camera-address.js';
import { AffectError } from '../domain/errors.js';
import type { CameraConfig, CameraInput } from '../domain/live.js';
import { redactUrl } from '../source/live/redact.js';

/** What an address on the command line means: by its scheme, a device name, the word "push", else a file. */
function inputOf(address: string): CameraInput {
  if (address === 'push') return { type: 'push' };
  const scheme = /^\s*(rtsp|http)s?:/i.exec(address)?.[1]?.toLowerCase();
  if (scheme === 'rtsp' || scheme === 'http') {
    const parsed = parseCameraAddress(address, scheme);
    if ('problem' in parsed) throw refused(address, parsed.problem);
    return scheme === 'rtsp' ? { type: 'rtsp', url: address, transport: 'tcp' } : { type: 'http', url: address };
  }
  if (/^\/dev\/|^\d{1,2}$/.test(address)) return { type: 'webcam', device: address, size: null, fps: null };
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(address)) {
    throw refused(address, 'begin it with rtsp://, rtsps://, http:// or https://, or name a device or a video file');
  }
  return { type: 'file', path: resolve(address), loop: true };
}

const refused = (address: string, problem: string): AffectError =>
  new AffectError('USAGE', `--camera ${redactUrl(address)}: ${problem}`);

/**
 * Cameras named by their addresses alone: ids are camera-1, camera-2 …, without those that are taken; files are looped.
 * Throws USAGE for an address of another scheme or with a fault, without its credentials.
 */
export function camerasOf(
  addresses: readonly string[],
  { taken, defaults }: { readonly taken: Iterable<string>; readonly defaults: CameraDefaults },
): CameraConfig[] {
  const ids = new Set(taken);
  return addresses.map((address) => {
    const input = inputOf(address);
    let number = 1;
    while (ids.has(`camera-${number}`)) number += 1;
    const id = `camera-${number}`;
    ids.add(id);
    return { id, name: input.type === 'file' ? basename(input.path) : id, input, ...defaults };
  });
}
