import { KEEP, type LogEntry, type LogKind } from './state.js';
import type { CameraState } from './wire.js';

type Log = readonly LogEntry[];

/** Trouble of a camera by its kind: since when. */
function troublesOf(camera: CameraState): ReadonlyMap<LogKind, string> {
  const { status, since, damagedSince, behindSince } = camera;
  const troubles = new Map<LogKind, string>();
  if (status === 'waiting' || status === 'failed') troubles.set('away', since);
  if (status === 'running' && damagedSince !== null) troubles.set('damaged', damagedSince);
  if (status === 'running' && behindSince !== null) troubles.set('behind', behindSince);
  return troubles;
}

const isOpen = (entry: LogEntry, what: LogKind, source: string | null): boolean =>
  entry.endMs === null && entry.what === what && entry.source === source;

/** In order of beginning; the oldest that have ended give way. */
function added(log: Log, entry: LogEntry): Log {
  const others = log.filter(({ id }) => id !== entry.id);
  const after = others.findIndex(({ atMs }) => atMs > entry.atMs);
  others.splice(after < 0 ? others.length : after, 0, entry);
  const oldest = others.length > KEEP.log ? others.findIndex(({ endMs }) => endMs !== null) : -1;
  return oldest < 0 ? others : others.toSpliced(oldest, 1);
}

const changed = (log: Log, of: (entry: LogEntry) => boolean, change: (entry: LogEntry) => LogEntry): Log =>
  log.some(of) ? log.map((entry) => (of(entry) ? change(entry) : entry)) : log;

const closed = (log: Log, of: (entry: LogEntry) => boolean, endMs: number): Log =>
  changed(log, of, (entry) => ({ ...entry, endMs: Math.max(entry.atMs, endMs) }));

/** Something that happened at a moment. */
const moment = (log: Log, about: About): Log => added(log, entryOf(about));

type About = Pick<LogEntry, 'what' | 'source' | 'atMs'> & Partial<LogEntry>;

function entryOf(about: About): LogEntry {
  const { what, source, atMs } = about;
  return { id: `${source}/${what}/${atMs}`, endMs: atMs, camera: null, note: '', ...about };
}

/** Trouble that goes on: one row, whose camera is what it is now. */
function goingOn(
  log: Log,
  { what, source, since, camera }: Pick<LogEntry, 'what' | 'source' | 'camera'> & { readonly since: string },
): Log {
  const known = (entry: LogEntry): boolean => isOpen(entry, what, source);
  if (log.some(known)) return changed(log, known, (entry) => ({ ...entry, camera: worst(entry, camera) }));
  return added(log, entryOf({ what, source, atMs: Date.parse(since), endMs: null, camera }));
}

function worst({ what, camera }: LogEntry, now: CameraState | null): CameraState | null {
  return what === 'behind' && (camera?.behindMs ?? 0) > (now?.behindMs ?? 0) ? camera : now;
}

/** The log after a camera's state was told: its troubles begin, go on and end. `nowMs`: server clock. */
export function followed(before: Log, camera: CameraState, nowMs: number): Log {
  const troubles = troublesOf(camera);
  let log = before;
  for (const what of ['away', 'damaged', 'behind'] as const) {
    const since = troubles.get(what);
    if (since !== undefined) log = goingOn(log, { what, source: camera.id, since, camera });
    else {
      // A camera that is back says since when.
      const endMs = what === 'away' && camera.status === 'running' ? Date.parse(camera.since) : nowMs;
      log = closed(log, (entry) => isOpen(entry, what, camera.id), endMs);
    }
  }
  return log;
}

/** The log after it was told whether less is read: at all cameras alike, and those that are away say nothing new of it. */
export function reducedTold(log: Log, cameras: Iterable<CameraState>, nowMs: number): Log {
  for (const camera of cameras) {
    if (camera.status !== 'running' || camera.reduced === null) continue;
    return goingOn(log, { what: 'reduced', source: null, since: camera.reduced.since, camera });
  }
  return closed(log, (entry) => isOpen(entry, 'reduced', null), nowMs);
}

/** The log after a camera was added. */
export const cameraAdded = (log: Log, camera: CameraState, atMs: number): Log =>
  moment(log, { what: 'added', source: camera.id, atMs, camera });

/** The log after a camera was removed: what went on there has ended. */
export function cameraRemoved(
  log: Log,
  about: { readonly source: string; readonly camera: CameraState | null },
  atMs: number,
): Log {
  const ended = closed(log, ({ source, endMs }) => source === about.source && endMs === null, atMs);
  return moment(ended, { what: 'removed', ...about, atMs });
}

/** The log while the page has no connection. */
export const serverLost = (log: Log, atMs: number): Log =>
  log.some((entry) => isOpen(entry, 'server', null))
    ? log
    : added(log, { ...entryOf({ what: 'server', source: null, atMs }), endMs: null });

/** The log after the server's welcome. Of another run: nothing that went on is known to go on. */
export function serverBack(log: Log, { atMs, another }: { readonly atMs: number; readonly another: boolean }): Log {
  const ended = closed(log, ({ what, endMs }) => endMs === null && (another || what === 'server'), atMs);
  return another ? moment(ended, { what: 'restarted', source: null, atMs }) : ended;
}

/** The log after lanes were started again. */
export const lanesRestarted = (log: Log, atMs: number): Log => moment(log, { what: 'lane', source: null, atMs });

/** The log after what is known of recording: null while it goes on, or where nothing is kept. */
export function recordingTold(
  log: Log,
  stopped: { readonly since: string; readonly reason: string } | null,
  nowMs: number,
): Log {
  const known = (entry: LogEntry): boolean => isOpen(entry, 'recording', null);
  if (stopped === null) return closed(log, known, nowMs);
  const begun = goingOn(log, { what: 'recording', source: null, since: stopped.since, camera: null });
  return changed(
    begun,
    (entry) => known(entry) && entry.note !== stopped.reason,
    (entry) => ({ ...entry, note: stopped.reason }),
  );
}

/** Rows as they are shown: what goes on first, each newest first; of what has ended at most `limit`. */
export function logRows(
  log: Log,
  limit: number,
): { readonly shown: readonly LogEntry[]; readonly open: number; readonly ended: number } {
  const newest = log.toReversed();
  const open = newest.filter(({ endMs }) => endMs === null);
  const ended = newest.filter(({ endMs }) => endMs !== null);
  return { shown: [...open, ...ended.slice(0, limit)], open: open.length, ended: ended.length };
}
