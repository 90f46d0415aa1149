import { posix, resolve, sep } from 'node:path';
import { parseCameraAddress } from '../../domain/camera-address.js';
import type { CameraInput } from '../../domain/camera-kinds.js';
import { AffectError } from '../../domain/errors.js';
import { classifyIp } from './address-class.js';
import { cameraAddress } from './redact.js';

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

const MAX_CHARACTERS = 2048;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

/**
 * Pure: refuses an input that could make ffmpeg do anything but play a camera: other schemes, control characters, leading '-', a
 * webcam name that is an option or a path, files outside of the allowed folders, and, by policy, addresses written as
 * numbers in any notation. Names are checked by `checkCameraTarget`. Throws CONFIG_INVALID, one line without credentials.
 */
export function checkCameraInput(input: CameraInput, policy: CameraInputPolicy): void {
  const refuse = (problem: string): never => {
    throw new AffectError('CONFIG_INVALID', `camera input ${shown(input)}: ${problem}`);
  };
  if (input.type === 'push') return;
  if ('url' in input) {
    const problem = urlProblem(input, policy);
    if (problem !== null) refuse(problem);
    return;
  }
  const text = input.type === 'file' ? input.path : input.device;
  if (text === '') refuse('is empty; say what to open');
  if (text.length > MAX_CHARACTERS) refuse(`is longer than ${MAX_CHARACTERS} characters; shorten it`);
  if (CONTROL.test(text)) refuse('contains a control character; remove it');
  if (text.startsWith('-')) refuse("begins with '-'; only options do");
  const problem =
    input.type === 'file' ? fileProblem(input.path, policy) : webcamProblem(input, policy.platform ?? process.platform);
  if (problem !== null) refuse(problem);
}

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
  if (policy.addedBy !== 'request') return;
  const problem =
    'url' in input
      ? await hostProblem(input, policy, lookups)
      : input.type === 'file'
        ? await linkProblem(input.path, policy, lookups)
        : null;
  if (problem !== null) throw new AffectError('CONFIG_INVALID', `camera input ${shown(input)}: ${problem}`);
}

type UrlInput = Extract<CameraInput, { url: string }>;

async function hostProblem(input: UrlInput, policy: CameraInputPolicy, { addresses }: TargetLookups) {
  const target = parseCameraAddress(input.url, input.type);
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

function urlProblem(input: UrlInput, policy: CameraInputPolicy): string | null {
  const target = parseCameraAddress(input.url, input.type);
  if ('problem' in target) return target.problem;
  return classifyIp(target.host) !== null && refusesAddress(policy)(target.host) ? NOT_ALLOWED : null;
}

function webcamProblem(input: Extract<CameraInput, { type: 'webcam' }>, platform: NodeJS.Platform): string | null {
  const { device, size, fps } = input;
  const whole = (value: number) => Number.isInteger(value) && value >= 1 && value <= 16_384;
  if (size !== null && !(whole(size.widthPx) && whole(size.heightPx))) return 'size must be whole pixels, 1 to 16384';
  if (fps !== null && !(fps > 0 && fps <= 1000)) return 'fps must be above 0 and at most 1000';
  if (platform === 'darwin' || platform === 'win32') {
    return /[:"=]/.test(device) ? "a device name has no ':', '=' or quote; name it as the system lists it" : null;
  }
  return /^\/dev\/(video\d{1,3}|v4l\/by-(id|path)\/[\w:.+-]+)$/.test(device)
    ? null
    : 'must be /dev/videoN or a name below /dev/v4l/by-id or by-path';
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
