import { behindWords } from '../domain/behind-words.js';
import type { CameraState } from '../domain/live.js';
import type { Logger, LogLevel } from '../domain/logger.js';
import { reducedWords } from '../domain/reduced.js';

type Words = readonly [LogLevel, string];

/** Lines for an operator from the states of cameras, as they are told to clients. Addresses come redacted. */
export function createCameraLog(logger: Logger): (state: CameraState) => void {
  /** Of each camera that runs, the state before. */
  const running = new Map<string, CameraState>();
  /** Why each does not decode by hardware, as it was told. */
  const decoding = new Map<string, string>();
  /** What is read less often at all cameras, as it was told. */
  let reduced = '';
  return (state) => {
    const words = state.reduced ? reducedWords(state.reduced) : '';
    if (words !== reduced) {
      reduced = words;
      if (words === '') logger.info('everything is read again');
      else logger.warn(`${words}; lower maxFps or maxSidePx, or have fewer cameras`);
    }
    const before = running.get(state.id);
    if (state.status === 'running') running.set(state.id, state);
    else running.delete(state.id);
    if (state.status === 'stopped') decoding.delete(state.id);
    const lines = state.status === 'running' ? runningWords(state, before) : stillWords(state);
    const problem = state.stream?.decoderProblem ?? null;
    if (problem !== null && decoding.get(state.id) !== problem) {
      decoding.set(state.id, problem);
      lines.push(['warn', problem]);
    }
    for (const [level, words] of lines) logger[level](`camera ${state.id}: ${words}`, { camera: state.id });
  };
}

function runningWords(
  { stream, damagedSince, behindSince, behindMs, reduced }: CameraState,
  before?: CameraState,
): Words[] {
  const damageTurned = (damagedSince === null) !== ((before?.damagedSince ?? null) === null);
  const behindTurned = (behindSince === null) !== ((before?.behindSince ?? null) === null);
  if (before && before.reduced !== reduced && !damageTurned && !behindTurned) return []; // told of all cameras at once
  if (!damageTurned && !behindTurned) {
    const { widthPx, heightPx, codec } = stream ?? { widthPx: 0, heightPx: 0, codec: null };
    return [['info', `running, ${codec ?? 'video'} ${widthPx}x${heightPx}`]];
  }
  const damage: Words =
    damagedSince === null
      ? ['info', 'pictures are whole again']
      : ['warn', 'pictures arrive damaged and are not read; check its network'];
  const lateness: Words =
    behindMs === null
      ? ['info', 'analysis keeps up again']
      : ['warn', `${behindWords(behindMs)}: lower maxFps or maxSidePx, or have fewer cameras`];
  return [...(damageTurned ? [damage] : []), ...(behindTurned ? [lateness] : [])];
}

function stillWords({ status, lastEnd }: CameraState): Words[] {
  // Stopped by us, or a file that was played: what ended it before is long past.
  if (status === 'stopped') return [['info', 'stopped']];
  if (status === 'failed') return [['warn', `failed${lastEnd ? ` (${lastEnd.reason}: ${lastEnd.message})` : ''}`]];
  if (status === 'waiting' && lastEnd)
    return [['warn', `${lastEnd.reason}: ${lastEnd.message}; it is tried again until it is back`]];
  return [['debug', status]];
}
