import type { CameraState } from '../domain/live.js';

/** Lines for an operator from the states of cameras, as they are told to clients. Addresses come redacted. */
export function createCameraLog(write: (line: string) => void): (state: CameraState) => void {
  const damaged = new Set<string>();
  return ({ id, status, lastEnd, stream, damagedSince }) => {
    const say = (words: string): void => write(`camera ${id}: ${words}`);
    if (status === 'running' && damagedSince !== null) {
      damaged.add(id);
      say('pictures arrive damaged and are not read; check its network');
    } else if (status === 'running' && damaged.delete(id)) say('pictures are whole again');
    else if (status === 'running') {
      const { widthPx, heightPx, codec } = stream ?? { widthPx: 0, heightPx: 0, codec: null };
      say(`running, ${codec ?? 'video'} ${widthPx}x${heightPx}`);
    } else {
      damaged.delete(id);
      // Stopped by us, or a file that was played: what ended it before is long past.
      if (status === 'stopped') say('stopped');
      else if (status === 'failed') say(`failed${lastEnd ? ` (${lastEnd.reason}: ${lastEnd.message})` : ''}`);
      else if (status === 'waiting' && lastEnd) {
        say(`${lastEnd.reason}: ${lastEnd.message}; it is tried again until it is back`);
      }
    }
  };
}
