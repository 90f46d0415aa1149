import { posix, resolve, sep } from 'node:path';
import { parseAddress } from '../../domain/camera-address.js';
import type { AddressField, OpenedField } from '../../domain/camera-fields.js';
import { openedBy, settingProblem } from '../../domain/camera-input.js';
import type { CameraInput } from '../../domain/camera-kinds.js';
import { AffectError } from '../../domain/errors.js';
import { classifyIp } from './address-class.js';
import { isStream, streamKindOf } from './kinds.js';
import { cameraAddress, HIDDEN } from './redact.js';

/** What a camera may be. */
export interface CameraInputPolicy {
  /** A configuration file is written by who owns the machine; a request comes over the network. */
  readonly addedBy: 'configuration' | 'request';
  /** Addresses of this machine and of local networks: where cameras usually are. */
  readonly privateAddresses: 'allow' | 'refuse';
  /** For requests: files must lie below one of these folders; none without folders. */
  readonly allowedFolders: readonly string[];
  /** @default process.platform */
  readonly platform?: NodeJS.Platform;
}

/**
 * Pure: refuses an input that could make ffmpeg do anything but play a camera: settings beyond their limits, other
 * schemes, control characters, leading '-', a webcam name that is an option or a path, files outside of the allowed
 * folders, and, by policy, addresses written as numbers in any notation. Names are checked by `checkCameraTarget`. Throws
 * CONFIG_INVALID, one line without credentials.
 */
export function checkCameraInput(input: CameraInput, policy: CameraInputPolicy): void {
  const problem = inputProblem(input, policy);
  if (problem !== null) throw refusal(input, problem);
}

/** Pure: what `checkCameraInput` refuses, in words that follow the camera's address; null when nothing is wrong. */
export function inputProblem(input: CameraInput, policy: CameraInputPolicy): string | null {
  const opened = openedBy(input);
  const setting = settingProblem(input);
  if (setting) return setting.name === opened?.name ? setting.problem : `${setting.name} ${setting.problem}`;
  const own = isStream(input) ? streamKindOf(input).problem?.(input, policy.platform ?? process.platform) : null;
  return own ?? (opened && policyProblem(opened, policy));
}

function policyProblem(
  { field, text }: { readonly field: OpenedField; readonly text: string },
  policy: CameraInputPolicy,
): string | null {
  switch (field.shape) {
    case 'address':
      return urlProblem(text, field, policy);
    case 'path':
      return fileProblem(text, policy);
    case 'device':
      return null;
  }
}

const refusal = (input: CameraInput, problem: string): AffectError =>
  new AffectError('CONFIG_INVALID', `camera input ${shown(input)}: ${problem}`);

/** What `checkCameraTarget` asks the system. */
export interface TargetLookups {
  /** All IP addresses of a name; rejects when there is none. */
  readonly addresses: (host: string) => Promise<readonly string[]>;
  /** The path with every link resolved; rejects when nothing is there. */
  readonly realPath: (path: string) => Promise<string>;
}

/**
 * For cameras added by request, after `checkCameraInput`: looks up the host of an address once and refuses it when any of its IP
 * addresses is not allowed, and a file that a link leads out of the allowed folders. Also give `refusesAddress(policy)`
 * to createLiveSource, which asks again at each connection. Throws CONFIG_INVALID.
 */
export async function checkCameraTarget(
  input: CameraInput,
  policy: CameraInputPolicy,
  lookups: TargetLookups,
): Promise<void> {
  const opened = openedBy(input);
  if (policy.addedBy !== 'request' || !opened) return;
  const { field, text } = opened;
  const problem =
    field.shape === 'address'
      ? await hostProblem(text, field, policy, lookups)
      : field.shape === 'path'
        ? await linkProblem(text, policy, lookups)
        : null;
  if (problem !== null) throw refusal(input, problem);
}

async function hostProblem(
  url: string,
  { schemes }: AddressField,
  policy: CameraInputPolicy,
  { addresses }: TargetLookups,
): Promise<string | null> {
  const target = parseAddress(url, schemes);
  const found = 'problem' in target ? [] : await addresses(target.host).catch(() => []);
  if (found.length === 0) return 'has an unknown host; check its name';
  return found.some(refusesAddress(policy)) ? NOT_ALLOWED : null;
}

async function linkProblem(path: string, policy: CameraInputPolicy, { realPath }: TargetLookups) {
  const real = await realPath(path).catch(() => null);
  if (real === null) return 'there is no such file; check its name';
  const folders = await Promise.all(policy.allowedFolders.map((folder) => realPath(folder).catch(() => folder)));
  return fileProblem(real, { ...policy, allowedFolders: folders });
}

/** Whether the policy forbids connecting to this IP address. */
export function refusesAddress(policy: CameraInputPolicy): (ip: string) => boolean {
  return (ip) => {
    const kind = classifyIp(ip);
    if (kind === 'private') return policy.privateAddresses === 'refuse';
    return policy.addedBy === 'request' && kind !== 'public';
  };
}

const NOT_ALLOWED = 'points to an address that is not allowed; name a camera, or add it in the configuration file';

const RETYPE = `has ${HIDDEN} where something is not shown; write it out, or leave the address of the camera as it was`;

function urlProblem(url: string, { schemes }: AddressField, policy: CameraInputPolicy): string | null {
  if (policy.addedBy === 'request' && url.includes(HIDDEN)) return RETYPE;
  const target = parseAddress(url, schemes);
  if ('problem' in target) return target.problem;
  return classifyIp(target.host) !== null && refusesAddress(policy)(target.host) ? NOT_ALLOWED : null;
}

function fileProblem(path: string, policy: CameraInputPolicy): string | null {
  if (policy.addedBy === 'configuration') return null;
  if (policy.allowedFolders.length === 0)
    return 'files cannot be added by request; name allowed folders in the configuration';
  const full = resolve(path);
  const inside = policy.allowedFolders.some((folder) => {
    const root = resolve(folder);
    return full.startsWith(root.endsWith(sep) ? root : root + sep);
  });
  return inside ? null : 'is outside the allowed folders';
}

/** A file's folder is not repeated to who asks over the network. */
function shown(input: CameraInput): string {
  const text = cameraAddress(input);
  return text.length > 120 ? `${text.slice(0, 120)}...` : posix.normalize(text) === '.' ? '(empty)' : text;
}
