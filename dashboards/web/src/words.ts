import { actionUnitTitle } from '../../../src/domain/action-units.js';
import { behindWords } from '../../../src/domain/behind-words.js';
import type { Decoder } from '../../../src/domain/decoder.js';
import type { Device } from '../../../src/domain/device.js';
import { reducedWords } from '../../../src/domain/reduced.js';
import { percentText } from '../../../src/view/number-words.js';
import type { HeldLabel } from './model/people.js';
import type { EventKind, PageEvent } from './model/state.js';
import type { CameraState, CameraStats, CameraStatus, SourceEndReason } from './model/wire.js';

export const STATUS_WORDS: Readonly<Record<CameraStatus, string>> = {
  starting: 'Connecting',
  running: 'Live',
  waiting: 'Offline',
  stopped: 'Stopped',
  failed: 'Needs attention',
};

/** Said of a camera in place of "Live"; no status of its own, as frames arrive. */
const DAMAGED = 'Damaged pictures';

/** The status of a camera as the page knows it: nothing, while the server is away. */
export function statusNow(camera: CameraState, connected: boolean): { readonly name: string; readonly text: string } {
  const { status, damagedSince } = camera;
  if (!connected) return { name: 'unknown', text: 'Unknown' };
  if (status === 'running' && damagedSince !== null) return { name: 'damaged', text: DAMAGED };
  const behind = behindNow(camera);
  return behind === '' ? { name: status, text: STATUS_WORDS[status] } : { name: 'behind', text: capital(behind) };
}

/** "analysis behind, 3.4 s"; empty while what is shown of a camera is up to date. */
export function behindNow({ status, behindSince, behindMs }: CameraState): string {
  return status === 'running' && behindSince !== null && behindMs !== null ? behindWords(behindMs) : '';
}

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

/** What runs the models, as a person says it. */
export const DEVICE_WORDS: Readonly<Record<Device, string>> = {
  cpu: 'processor',
  cuda: 'GPU (CUDA)',
  coreml: 'Core ML',
  dml: 'GPU (DirectML)',
  webgpu: 'GPU (WebGPU)',
};

const DECODER_WORDS: Readonly<Record<Decoder, string>> = {
  none: 'software',
  vaapi: 'VA-API',
  cuda: 'CUDA',
  qsv: 'Quick Sync',
  videotoolbox: 'VideoToolbox',
};

/** What decodes a camera's video, or why it is not the hardware that was asked for; null while it has no connection. */
export function decodingText({ stream }: Pick<CameraState, 'stream'>): string | null {
  return stream && (stream.decoderProblem ?? DECODER_WORDS[stream.decoder]);
}

/** How many cameras send pictures that are read, and of how many that takes long. */
export function liveText(cameras: readonly CameraState[]): string {
  const count = (name: string): number => cameras.filter((camera) => statusNow(camera, true).name === name).length;
  const behind = count('behind');
  return `${count('running')} of ${countText(cameras.length, 'camera')} live${behind === 0 ? '' : `, ${behind} behind`}`;
}

/** Why a connection ended, said plainly. */
export const END_WORDS: Readonly<Record<SourceEndReason, string>> = {
  ended: 'The stream ended',
  unreachable: 'It cannot be reached',
  unauthorised: 'It refuses access: check user name, password and permissions',
  'not-found': 'The stream, file or device does not exist',
  stalled: 'No pictures come from it',
  undecodable: 'What it sends cannot be read as video',
  'size-changed': 'The picture size changed',
  'decoder-died': 'The decoder stopped unexpectedly',
  unusable: 'Its settings or software do not work here',
  stopped: 'It was stopped',
};

export const DROP_WORDS: Readonly<Record<string, string>> = {
  superseded: 'a newer picture came first',
  'rate-limited': 'over the rate set for it',
  'no-buffer': 'no free memory for a picture',
  undecodable: 'could not be decoded',
  damaged: 'damaged',
  failed: 'analysis failed',
  shutdown: 'shutting down',
};

export const KIND_WORDS: Readonly<Record<EventKind, string>> = {
  emotion: 'Expression',
  'action-unit': 'Action unit',
  blink: 'Blink',
  speech: 'Speech',
  insight: 'Words',
};

const AGREEMENT_WORDS: Readonly<Record<string, string>> = {
  agrees: 'agrees with the measurement',
  disagrees: 'disagrees with the measurement',
  unchecked: 'nothing could be checked',
  repeated: 'repeats the measurement',
};

const EPISODE_END_WORDS: Readonly<Record<string, string>> = {
  released: '',
  'face-lost': 'face left view',
  covered: 'covered',
  'scene-cut': 'picture cut',
  'source-end': 'no more pictures',
};

/** What a row of the event list is about. */
export function eventTitle({
  kind,
  label,
  detail,
}: Pick<PageEvent, 'kind' | 'label'> & Partial<Pick<PageEvent, 'detail'>>): string {
  // Of a model a claim, not a measurement: the row says so.
  if (kind === 'insight') return `${detail === 'repeated' ? 'In words' : 'LLM'}: ${label}`;
  return kind === 'action-unit' ? actionUnitTitle(label) : label;
}

/** What else there is to say of it. */
export function eventDetail({ kind, detail }: Pick<PageEvent, 'kind' | 'detail'>): string {
  if (detail === '') return '';
  return kind === 'insight' ? (AGREEMENT_WORDS[detail] ?? '') : (EPISODE_END_WORDS[detail] ?? detail);
}

/** Why its last connection ended, with what the server says of it, which names the cure; null when none ended. */
export function endText({ lastEnd, address }: Pick<CameraState, 'lastEnd' | 'address'>): string | null {
  if (!lastEnd) return null;
  const words = END_WORDS[lastEnd.reason];
  const said = lastEnd.message.startsWith(`${address}: `) ? lastEnd.message.slice(address.length + 2) : '';
  return said === '' || words.toLowerCase().includes(said.toLowerCase()) ? words : `${words}: ${said}`;
}

/** One line on a camera that is not well, or of which less is read; empty for any other. `nowMs` is the server's clock. */
export function troubleOf(camera: CameraState, nowMs: number): string {
  const { status, damagedSince, reduced } = camera;
  if (status !== 'running' || damagedSince !== null || reduced === null) return outageOf(camera, nowMs);
  return `${capital(reducedWords(reduced))}.`;
}

/** One line on a camera that does not run, or sends damaged pictures; empty for one that is well. `nowMs` is the server's clock. */
export function outageOf(camera: CameraState, nowMs: number): string {
  const { status, retryAt, attempts, damagedSince, decodeErrors } = camera;
  if (status === 'running') {
    if (damagedSince === null) return '';
    return `Pictures arrive damaged and are not read: ${countText(decodeErrors, 'decode error')}. Check its network.`;
  }
  const end = endText(camera);
  const why = end === null ? '' : `${end}. `;
  if (status === 'starting') return `${why}Waiting for the first picture.`;
  if (status === 'stopped') return 'Stopped.';
  if (status === 'failed') return `${why || 'It cannot work. '}It is not tried again until its settings change.`;
  const tried =
    attempts === 0 ? '' : `Tried ${countText(attempts, 'time')} since ${timeOfDay(Date.parse(camera.since))}. `;
  const seconds = retryAt === null ? null : Math.ceil((Date.parse(retryAt) - nowMs) / 1000);
  return seconds === null || seconds <= 0
    ? `${why}${tried}Trying again now.`
    : `${why}${tried}Next try in ${waitText(seconds)}.`;
}

const waitText = (seconds: number): string =>
  seconds < 90 ? `${seconds}\u00a0s` : `${Math.round(seconds / 60)}\u00a0min`;

/** `happiness 92 %`; while the label is about to give way, its own small share would only mislead. */
export const heldText = ({ label, confidence, leads }: HeldLabel): string =>
  leads ? `${label} ${percentText(confidence)}` : `${label}, changing`;

export const millisText = (ms: number | null | undefined): string =>
  ms === null || ms === undefined || !Number.isFinite(ms) ? '–' : `${ms < 10 ? ms.toFixed(1) : Math.round(ms)}\u00a0ms`;

export const rateText = (fps: number): string => (fps < 10 ? fps.toFixed(1) : fps.toFixed(0));

type Paces = Pick<CameraStats, 'analysedFps' | 'inputFps'>;

/** "24 of 25"; "25" while all that comes is read, and while more is, of what came earlier. */
export function readOfCome({ analysedFps, inputFps }: Paces): string {
  const [read, come] = [rateText(analysedFps), rateText(inputFps)];
  return read === come || analysedFps > inputFps ? read : `${read} of ${come}`;
}

/** "24 of 25 fps". */
export const pacesText = (paces: Paces): string => `${readOfCome(paces)}\u00a0fps`;

export function bytesText(bytes: number): string {
  const mib = bytes / 2 ** 20;
  return mib >= 1024 ? `${(mib / 1024).toFixed(1)}\u00a0GB` : `${mib.toFixed(mib < 10 ? 1 : 0)}\u00a0MB`;
}

/** A length of time as `4.2 s`, `3 min 10 s`, `2 h 5 min`, `3 d 4 h`. */
export function lengthText(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)}\u00a0s`;
  if (seconds < 60) return `${Math.round(seconds)}\u00a0s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}\u00a0min ${Math.round(seconds % 60)}\u00a0s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48
    ? `${hours}\u00a0h ${minutes % 60}\u00a0min`
    : `${Math.floor(hours / 24)}\u00a0d ${hours % 24}\u00a0h`;
}

/** How far back a moment lies: `0:34 ago`. */
export function agoText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')} ago`;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** Time of day of the server's instant, here: `14:03:07`. */
export function timeOfDay(ms: number): string {
  const date = new Date(ms);
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

export const countText = (value: number, singular: string, plural = `${singular}s`): string =>
  `${value.toLocaleString('en-US')} ${value === 1 ? singular : plural}`;
