import { basename, resolve } from 'node:path';
import type { Environment } from '../config/named-values.js';
import { fillPlaceholders } from '../config/placeholders.js';
import { parseCameraAddress } from '../domain/camera-address.js';
import type { CameraInput } from '../domain/camera-kinds.js';
import type { CameraDefaults } from '../domain/camera-treatment.js';
import { AffectError } from '../domain/errors.js';
import type { CameraConfig } from '../domain/live.js';
import { redactText, redactUrl } from '../source/live/redact.js';

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
 * Warnings for addresses with a password on the command line, one line each: other users of the machine can read it in the list of
 * processes, where a placeholder stands as written.
 */
export function exposedLogins(addresses: readonly string[]): string[] {
  return addresses
    .filter((address) => !address.includes('${') && redactText(address) !== address && /:\/\//.test(address))
    .map(
      (address) =>
        `--camera ${redactUrl(address)}: others can read its password in the list of processes; put it in an environment variable and write '\${NAME}' in its place, in single quotes`,
    );
}

/** The address with `${NAME}` filled in. Throws USAGE for a variable that is not set. */
function fromEnvironment(written: string, env: Environment): string {
  const { filled, missing } = fillPlaceholders(written, env);
  if (missing.length > 0) throw refused(written, `environment variable ${missing.join(', ')} is not set`);
  return filled;
}

/**
 * Cameras named by their addresses alone: ids are camera-1, camera-2 …, without those that are taken; files are looped.
 * In addresses `${NAME}` is taken from the environment. Throws USAGE for an address of another scheme or with a fault, without its credentials.
 */
export function camerasOf(
  addresses: readonly string[],
  {
    taken,
    defaults,
    env,
  }: { readonly taken: Iterable<string>; readonly defaults: CameraDefaults; readonly env: Environment },
): CameraConfig[] {
  const ids = new Set(taken);
  return addresses.map((written) => {
    const input = inputOf(fromEnvironment(written, env));
    let number = 1;
    while (ids.has(`camera-${number}`)) number += 1;
    const id = `camera-${number}`;
    ids.add(id);
    return { id, name: input.type === 'file' ? basename(input.path) : id, input, ...defaults };
  });
}
