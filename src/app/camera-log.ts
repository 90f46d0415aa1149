import type { CameraState } from '../domain/live.js';

/** A camera that is away keeps being tried: its reason is repeated this seldom. */
const REPEAT_MS = 60_000;

/**
 * Lines for an operator from the states of cameras: each change once, a reason that goes on once a minute with the
 * number of tries. Addresses come redacted.
 */
export function createCameraLog(write: (line: string) => void, now: () => number): (state: CameraState) => void {
  const last = new Map<string, { readonly reason: string; readonly at: number; readonly reconnects: number }>();
  return (state) => {
    const { id, status, lastEnd, reconnects, stream } = state;
    if (status === 'running') {
      last.delete(id);
      const { widthPx, heightPx, codec } = stream ?? { widthPx: 0, heightPx: 0, codec: null };
      write(`camera ${id}: running, ${codec ?? 'video'} ${widthPx}x${heightPx}`);
    } else if (status === 'stopped') {
      write(`camera ${id}: stopped`); // By us, or a file that was played: what ended it before is long past.
    } else if (status === 'failed') {
      write(`camera ${id}: failed${lastEnd ? ` (${lastEnd.reason}: ${lastEnd.message})` : ''}`);
    } else if (status === 'waiting' && lastEnd) {
      const before = last.get(id);
      if (before?.reason === lastEnd.reason && now() - before.at < REPEAT_MS) return;
      const tries = before?.reason === lastEnd.reason ? `, ${reconnects - before.reconnects} tries since` : '';
      last.set(id, { reason: lastEnd.reason, at: now(), reconnects });
      write(`camera ${id}: ${lastEnd.reason}: ${lastEnd.message}${tries}; it is opened again when it is back`);
    }
  };
}
