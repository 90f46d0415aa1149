import { behindWords } from '../domain/behind-words.js';
import type { CameraState } from '../domain/live.js';

/** Lines for an operator from the states of cameras, as they are told to clients. Addresses come redacted. */
export function createCameraLog(write: (line: string) => void): (state: CameraState) => void {
  /** Of each camera that runs, the state before. */
  const running = new Map<string, CameraState>();
  return (state) => {
    const before = running.get(state.id);
    if (state.status === 'running') running.set(state.id, state);
    else running.delete(state.id);
    const lines = state.status === 'running' ? runningWords(state, before) : stillWords(state);
    for (const words of lines) write(`camera ${state.id}: ${words}`);
  };
}

function runningWords({ stream, damagedSince, behindSince, behindMs }: CameraState, before?: CameraState): string[] {
  const damageTurned = (damagedSince === null) !== ((before?.damagedSince ?? null) === null);
  const behindTurned = (behindSince === null) !== ((before?.behindSince ?? null) === null);
  if (!damageTurned && !behindTurned) {
    const { widthPx, heightPx, codec } = stream ?? { widthPx: 0, heightPx: 0, codec: null };
    return [`running, ${codec ?? 'video'} ${widthPx}x${heightPx}`];
  }
  const damage =
    damagedSince === null ? 'pictures are whole again' : 'pictures arrive damaged and are not read; check its network';
  const lateness =
    behindMs === null
      ? 'analysis keeps up again'
      : `${behindWords(behindMs)}: lower maxFps or maxSidePx, or have fewer cameras`;
  return [...(damageTurned ? [damage] : []), ...(behindTurned ? [lateness] : [])];
}

function stillWords({ status, lastEnd }: CameraState): string[] {
  // Stopped by us, or a file that was played: what ended it before is long past.
  if (status === 'stopped') return ['stopped'];
  if (status === 'failed') return [`failed${lastEnd ? ` (${lastEnd.reason}: ${lastEnd.message})` : ''}`];
  if (status === 'waiting' && lastEnd)
    return [`${lastEnd.reason}: ${lastEnd.message}; it is tried again until it is back`];
  return [];
}
