import { isBlinkUnit } from '../../../../src/domain/action-units.js';
import { firingOf, withFiring, withoutFiringsOf } from './firings.js';
import { addInsight, eventOfInsight, insightOf } from './insights.js';
import { type DashboardState, EMPTY_STATE, KEEP, type PageEvent, type PageFiring, type StatsPoint } from './state.js';
import { cameraAdded, cameraRemoved, followed, lanesRestarted, reducedTold, serverBack } from './system-log.js';
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
      // A blink has an episode of its own.
      if (isBlinkUnit(message.episode.label)) return before;
      return withEvent(withSkew(before, message.atMs - receivedAtMs), eventOf(before, message));
    case 'insight':
      return insightTold(before, message);
    case 'writing':
      // AU-only: words may name emotions.
      if (before.server?.emotions === false) return before;
      return { ...before, writings: addWriting(before.writings, message, receivedAtMs) };
    case 'rule':
      return { ...before, firings: withFiring(before.firings, firingOf(message)) };
    case 'state':
      return stateChanged(before, message.state, receivedAtMs + (before.skewMs ?? 0));
    case 'removed':
      return removed(before, message.source, receivedAtMs + (before.skewMs ?? 0));
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

/** The state with what is known of rules from before, or from while the page was away. */
export function rulesTold(
  before: DashboardState,
  told: { readonly rules: number; readonly firings: readonly PageFiring[] },
): DashboardState {
  return { ...before, rules: told.rules, firings: told.firings.reduce(withFiring, before.firings) };
}

/** The state without a notice that was read. */
export function dismissNotice(before: DashboardState, code: string): DashboardState {
  return { ...before, notices: before.notices.filter((notice) => notice.code !== code) };
}

function welcomed(before: DashboardState, message: Welcome, receivedAtMs: number): DashboardState {
  const {
    server: version,
    epoch,
    purpose,
    emotions,
    actionUnits,
    device,
    notice,
    scopes,
    tokenName,
    onlyCameras,
  } = message;
  const server = { version, epoch, purpose, emotions, actionUnits, device, notice, scopes, tokenName, onlyCameras };
  const cameras = new Map(message.sources.map((camera) => [camera.id, camera]));
  const skewMs = message.atMs - receivedAtMs;
  const same = before.server?.epoch === epoch;
  const back = serverBack(before.log, { atMs: message.atMs, another: before.server !== null && !same });
  const troubles = message.sources.reduce((told, camera) => followed(told, camera, message.atMs), back);
  const log = reducedTold(troubles, message.sources, message.atMs);
  if (same) return { ...before, server, cameras, skewMs, log };
  const { keepEvidence, notices } = before;
  return { ...EMPTY_STATE, keepEvidence, notices, server, cameras, skewMs, log };
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

function stateChanged(before: DashboardState, camera: CameraState, nowMs: number): DashboardState {
  const log = before.cameras.has(camera.id) ? before.log : cameraAdded(before.log, camera, nowMs);
  const cameras = new Map(before.cameras).set(camera.id, camera);
  return { ...before, cameras, log: reducedTold(followed(log, camera, nowMs), cameras.values(), nowMs) };
}

function removed(before: DashboardState, source: string, nowMs: number): DashboardState {
  return {
    ...before,
    cameras: without(before.cameras, source),
    cameraStats: without(before.cameraStats, source),
    statsHistory: without(before.statsHistory, source),
    clocksMs: without(before.clocksMs, source),
    // A camera of the same name counts its faces from 1 again.
    insights: before.insights.filter(({ insight }) => insight.source !== source),
    writings: before.writings.filter(({ writing }) => writing.source !== source),
    events: before.events.map((event) =>
      event.source === source && event.endMs === null ? { ...event, endMs: event.apexMs } : event,
    ),
    log: cameraRemoved(before.log, { source, camera: before.cameras.get(source) ?? null }, nowMs),
    firings: withoutFiringsOf(before.firings, source, nowMs),
  };
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
  const counted = new Map([...before.cameras].map(([id, camera]) => [id, countedOn(camera, cameras)]));
  const again = before.system !== null && system.laneRestarts > before.system.laneRestarts;
  const log = [...counted.values()].reduce(
    (told, camera) => followed(told, camera, atMs),
    again ? lanesRestarted(before.log, atMs) : before.log,
  );
  return {
    ...before,
    system,
    log,
    statsAtMs: atMs,
    cameraStats: new Map(cameras.map((camera) => [camera.id, camera])),
    statsHistory: history,
    cameras: counted,
  };
}

/** What of a camera's state only counts on is told with the numbers. */
function countedOn(camera: CameraState, numbers: StatsMessage['cameras']): CameraState {
  const now = numbers.find(({ id }) => id === camera.id);
  if (!now) return camera;
  const { attempts, retryAt, lastEnd, reconnects, decodeErrors, behindMs } = now;
  return { ...camera, attempts, retryAt, lastEnd, reconnects, decodeErrors, behindMs };
}
