import { behindWords } from '../domain/behind-words.js';
import type { CameraState } from '../domain/live.js';

/** Lines for an operator from the states of cameras, as they are told to clients. Addresses come redacted. */
export function createCameraLog(write: (line: string) => void): (state: CameraState) => void {
  /** What is wrong with cameras that run. */
  const damaged = new Set<string>();
  const behind = new Set<string>();
  return ({ id, status, lastEnd, stream, damagedSince, behindSince, behindMs }) => {
    const say = (words: string): void => write(`camera ${id}: ${words}`);
    const turned = (set: Set<string>, is: boolean): boolean =>
      is !== set.has(id) && (is ? !!set.add(id) : set.delete(id));
    const damageTurned = turned(damaged, status === 'running' && damagedSince !== null);
    const behindTurned = turned(behind, status === 'running' && behindSince !== null);
    if (status === 'running') {
      const { widthPx, heightPx, codec } = stream ?? { widthPx: 0, heightPx: 0, codec: null };
      if (damageTurned) {
        say(
          damagedSince === null
            ? 'pictures are whole again'
            : 'pictures arrive damaged and are not read; check its network',
        );
      }
      if (behindTurned) {
        say(
          behindMs === null
            ? 'analysis keeps up again'
            : `${behindWords(behindMs)}: lower maxFps or maxSidePx, or have fewer cameras`,
        );
      }
      if (!damageTurned && !behindTurned) say(`running, ${codec ?? 'video'} ${widthPx}x${heightPx}`);
    } else if (status === 'stopped') {
      // Stopped by us, or a file that was played: what ended it before is long past.
      say('stopped');
    } else if (status === 'failed') say(`failed${lastEnd ? ` (${lastEnd.reason}: ${lastEnd.message})` : ''}`);
    else if (status === 'waiting' && lastEnd) {
      say(`${lastEnd.reason}: ${lastEnd.message}; it is tried again until it is back`);
    }
  };
}
