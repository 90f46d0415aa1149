import { addInsight, eventOfInsight, insightOf } from './insights.js';
import { type DashboardState, EMPTY_STATE, KEEP, type PageEvent, type StatsPoint } from './state.js';
import type { CameraState, EpisodeMessage, InsightMessage, ServerMessage, StatsMessage, Welcome } from './wire.js';
import { addWriting, beforeAnswer, fresh } from './writings.js';

/** The state after a message of the server. Pure; `receivedAtMs` is Date.now() of its arrival. */
export function reduce(before: DashboardState, message: ServerMessage, receivedAtMs: number): DashboardState {
  switch (message.type) {
    case 'welcome':
      return welcomed(before, message, receivedAtMs);
    case 'faces': {
      const state = withSkew(before, message.sentAtMs - receivedAtMs);
      return withClock(state, message.source, message.arrivedAtMs - message.ptsUs / 1000);
    }
    case 'episode':
      // AU-only: nothing of emotions, whoever sends it.
      if (before.server?.emotions === false && message.episode.kind === 'emotion') return before;
      return withEvent(withSkew(before, message.atMs - receivedAtMs), eventOf(before, message));
    case 'insight':
      return insightTold(before, message);
    case 'writing':
      // AU-only: words may name emotions.
      if (before.server?.emotions === false) return before;
      return { ...before, writings: addWriting(before.writings, message, receivedAtMs) };
    case 'state':
      return stateChanged(before, message.state, message.seq);
    case 'removed':
      return {
        ...before,
        cameras: without(before.cameras, message.source),
        cameraStats: without(before.cameraStats, message.source),
        statsHistory: without(before.statsHistory, message.source),
        clocksMs: without(before.clocksMs, message.source),
        // A camera of the same name counts its faces from 1 again.
        insights: before.insights.filter(({ insight }) => insight.source !== message.source),
        writings: before.writings.filter(({ writing }) => writing.source !== message.source),
        events: before.events.map((event) =>
          event.source === message.source && event.endMs === null ? { ...event, endMs: event.apexMs } : event,
        ),
      };
    case 'stats': {
      const state = { ...before, writings: fresh(before.writings, receivedAtMs) };
      return withStats(withSkew(state, message.atMs - receivedAtMs), message);
    }
    case 'notice':
    case 'error': {
      const level = message.type === 'error' ? ('warning' as const) : message.level;
      const notice = { level, code: message.code, message: message.message, atMs: receivedAtMs };
      const others = before.notices.filter(({ code }) => code !== message.code);
      return { ...before, notices: [...others, notice].slice(-KEEP.notices) };
    }
    // Nothing to show of these, nor of what a newer server may say.
    default:
      return before;
  }
}

/** The state without a notice that was read. */
export function dismissNotice(before: DashboardState, code: string): DashboardState {
  return { ...before, notices: before.notices.filter((notice) => notice.code !== code) };
}

function welcomed(before: DashboardState, message: Welcome, receivedAtMs: number): DashboardState {
  const { server: version, epoch, purpose, emotions, actionUnits, device, notice, scopes } = message;
  const server = { version, epoch, purpose, emotions, actionUnits, device, notice, scopes };
  const cameras = new Map(message.sources.map((camera) => [camera.id, camera]));
  const skewMs = message.atMs - receivedAtMs;
  if (before.server?.epoch === epoch) return { ...before, server, cameras, skewMs };
  const { keepEvidence } = before;
  return { ...EMPTY_STATE, keepEvidence, notices: before.notices, server, cameras, skewMs };
}

/** The best estimate of the difference of the clocks is the message that travelled least. */
function withSkew(before: DashboardState, skewMs: number): DashboardState {
  return before.skewMs !== null && before.skewMs >= skewMs ? before : { ...before, skewMs };
}

function withClock(before: DashboardState, source: string, clockMs: number): DashboardState {
  const known = before.clocksMs.get(source);
  if (known !== undefined && Math.abs(known - clockMs) < 40) return before;
  return { ...before, clocksMs: new Map(before.clocksMs).set(source, clockMs) };
}

function without<T>(map: ReadonlyMap<string, T>, key: string): ReadonlyMap<string, T> {
  const copy = new Map(map);
  copy.delete(key);
  return copy;
}

function eventOf(state: DashboardState, { episode, source, atMs }: EpisodeMessage): PageEvent {
  // Without a frame of the camera yet, the message itself is the best date of what it tells.
  const last = episode.offsetUs ?? episode.apexUs;
  const clock = state.clocksMs.get(source) ?? atMs - last / 1000;
  return {
    id: episode.id,
    kind: episode.kind,
    source,
    track: episode.track,
    label: episode.label,
    atMs: episode.onsetUs / 1000 + clock,
    apexMs: episode.apexUs / 1000 + clock,
    endMs: episode.offsetUs === null ? null : episode.offsetUs / 1000 + clock,
    peak: episode.peak,
    confidence: episode.confidence,
    detail: episode.endReason ?? '',
  };
}

function insightTold(before: DashboardState, message: InsightMessage): DashboardState {
  const emotions = before.server?.emotions !== false;
  const told = insightOf(message, { emotions, keepEvidence: before.keepEvidence });
  const writings = beforeAnswer(before.writings, { ...message.insight, source: message.source });
  return withEvent({ ...before, writings, insights: addInsight(before.insights, told) }, eventOfInsight(told));
}

function withEvent(before: DashboardState, event: PageEvent): DashboardState {
  const events = [...before.events];
  const at = events.findLastIndex(({ id }) => id === event.id);
  if (at >= 0) {
    // What is read of the past may be older than what came since.
    if (events[at]!.endMs !== null && event.endMs === null) return before;
    // Dates keep to the first estimate of the clock: a row must not wander.
    const shift = events[at]!.atMs - event.atMs;
    events[at] = {
      ...event,
      atMs: event.atMs + shift,
      apexMs: event.apexMs + shift,
      endMs: event.endMs === null ? null : event.endMs + shift,
    };
    return { ...before, events };
  }
  let place = events.length;
  while (place > 0 && events[place - 1]!.atMs > event.atMs) place -= 1;
  events.splice(place, 0, event);
  const forgotten = Math.max(0, events.length - KEEP.events);
  return { ...before, events: events.slice(forgotten), eventsForgotten: before.eventsForgotten + forgotten };
}

function stateChanged(before: DashboardState, camera: CameraState, seq: number): DashboardState {
  const known = before.cameras.get(camera.id);
  const state = { ...before, cameras: new Map(before.cameras).set(camera.id, camera) };
  const damagedSince = known?.damagedSince ? null : camera.damagedSince;
  const behindSince = known?.behindSince ? null : camera.behindSince;
  const troubleSince = damagedSince ?? behindSince;
  if (known?.status === camera.status && troubleSince === null) return state;
  const atMs = Date.parse(troubleSince ?? camera.since);
  const ended = camera.status === 'waiting' || camera.status === 'failed';
  return withEvent(state, {
    id: `camera/${camera.id}/${seq}`,
    kind: 'camera',
    source: camera.id,
    track: null,
    label: damagedSince !== null ? 'damaged' : behindSince !== null ? 'behind' : camera.status,
    atMs,
    apexMs: atMs,
    endMs: atMs,
    peak: null,
    confidence: null,
    detail: ended ? (camera.lastEnd?.reason ?? '') : '',
  });
}

const total = (dropped: Readonly<Record<string, number>>): number =>
  Object.values(dropped).reduce((sum, count) => sum + count, 0);

function withStats(before: DashboardState, { atMs, system, cameras }: StatsMessage): DashboardState {
  const history = new Map<string, readonly StatsPoint[]>();
  for (const camera of cameras) {
    const earlier = before.cameraStats.get(camera.id);
    const point: StatsPoint = {
      atMs,
      p50: camera.latencyMs?.p50 ?? null,
      p95: camera.latencyMs?.p95 ?? null,
      p99: camera.latencyMs?.p99 ?? null,
      analysedFps: camera.analysedFps,
      droppedNow: earlier ? Math.max(0, total(camera.dropped) - total(earlier.dropped)) : 0,
    };
    history.set(camera.id, [...(before.statsHistory.get(camera.id) ?? []), point].slice(-KEEP.statsSeconds));
  }
  return {
    ...before,
    system,
    statsAtMs: atMs,
    cameraStats: new Map(cameras.map((camera) => [camera.id, camera])),
    statsHistory: history,
    cameras: new Map([...before.cameras].map(([id, camera]) => [id, countedOn(camera, cameras)])),
  };
}

/** What of a camera's state only counts on is told with the numbers. */
function countedOn(camera: CameraState, numbers: StatsMessage['cameras']): CameraState {
  const now = numbers.find(({ id }) => id === camera.id);
  if (!now) return camera;
  const { attempts, retryAt, lastEnd, reconnects, decodeErrors, behindMs } = now;
  return { ...camera, attempts, retryAt, lastEnd, reconnects, decodeErrors, behindMs };
}
