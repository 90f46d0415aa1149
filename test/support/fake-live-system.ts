import { Observable, Subject } from 'rxjs';
import sharp from 'sharp';
import { NO_AREAS } from '../../src/domain/areas.js';
import { AffectError } from '../../src/domain/errors.js';
import type { Insight } from '../../src/domain/insight.js';
import {
  type CameraConfig,
  type CameraState,
  DROP_REASONS,
  type DropReason,
  type LiveEvent,
  type LiveInsight,
  type Preview,
  type SystemStats,
} from '../../src/domain/live.js';
import type { Episode, FaceRecord } from '../../src/domain/records.js';
import { micros, millis } from '../../src/domain/units.js';
import type { EpisodeQuery, LiveSystem, RecentEpisode } from '../../src/live/live-system.js';
import { FAKE_UNITS, fakeFace, shownBy, swell } from './fake-faces.js';
import { weighedIn } from './insight-builder.js';
import { emptyFrame, episode } from './record-builders.js';
import { scriptedAnswer, scriptedInsight } from './scripted-insights.js';

/** The script of one camera. */
export interface FakeCamera {
  readonly config: CameraConfig;
  readonly people: number;
  readonly status: CameraState['status'];
}

export interface FakeLiveSystem extends LiveSystem {
  /** Every running camera analyses one more frame: faces, and the episodes that begin, change or end with it. */
  tick(): void;
  /** Ticks in real time until the function it returns is called. */
  play(): () => void;
  /** Any event, as if it had happened. */
  emit(event: LiveEvent): void;
  /** Puts a camera into another state. */
  setStatus(id: string, status: CameraState['status']): void;
  /** Pictures pushed so far, newest last, at most 100. */
  readonly pushed: readonly { readonly source: string; readonly bytes: number }[];
  /** Subscribers of previews now. */
  readonly previewSubscribers: number;
}

const WIDTH_PX = 640;
const HEIGHT_PX = 360;
const EPOCH_MS = Date.parse('2026-01-15T09:30:00.000Z');

export function cameraConfig(id: string, more: Partial<CameraConfig> = {}): CameraConfig {
  const input = { type: 'rtsp', url: `rtsp://camera.test/${id}`, transport: 'tcp' } as const;
  return {
    id,
    name: id,
    input,
    maxSidePx: 1280,
    maxFps: null,
    minFacePx: 24,
    rotate: 0,
    decode: 'auto',
    ...NO_AREAS,
    ...more,
  };
}

/** Two people at the door, one at the desk, a camera that is away, and one that takes pushed pictures. */
export const FAKE_CAMERAS: readonly FakeCamera[] = [
  { config: cameraConfig('door', { name: 'Front door' }), people: 2, status: 'running' },
  { config: cameraConfig('desk', { name: 'Desk' }), people: 1, status: 'running' },
  { config: cameraConfig('yard', { name: 'Yard' }), people: 0, status: 'waiting' },
  { config: cameraConfig('phone', { name: 'Phone', input: { type: 'push' } }), people: 0, status: 'running' },
];

function addressOf({ input }: CameraConfig): string {
  if (input.type === 'rtsp' || input.type === 'http') return input.url;
  if (input.type === 'webcam') return input.device;
  return input.type === 'file' ? input.path : 'pushed by a client';
}

function stateOf(config: CameraConfig, status: CameraState['status'], nowMs = EPOCH_MS): CameraState {
  const away = status === 'waiting' || status === 'failed';
  return {
    id: config.id,
    name: config.name,
    status,
    inputType: config.input.type,
    address: addressOf(config),
    since: new Date(nowMs).toISOString(),
    lastEnd: away ? { reason: 'unreachable', message: `${addressOf(config)}: connection refused` } : null,
    retryAt: status === 'waiting' ? new Date(nowMs + 2000).toISOString() : null,
    attempts: away ? 3 : 0,
    reconnects: away ? 3 : 0,
    decodeErrors: 0,
    damagedSince: null,
    behindSince: null,
    behindMs: null,
    reduced: null,
    stream:
      status === 'running'
        ? { widthPx: 1280, heightPx: 720, codec: 'h264', decoder: 'none', decoderProblem: null }
        : null,
  };
}

/** A face as an aligned crop shows it. */
const EVIDENCE_SVG = `<svg xmlns="http://www.w3.org/2000/svg" width="224" height="224"><rect width="224" height="224" fill="#3d5566"/>
<ellipse cx="112" cy="118" rx="76" ry="96" fill="#d8a888"/><path d="M62 88q20-18 40 0M122 88q20-18 40 0" stroke="#50382a" stroke-width="7" fill="none"/>
<circle cx="82" cy="108" r="9" fill="#2b2b2b"/><circle cx="142" cy="108" r="9" fill="#2b2b2b"/>
<path d="M72 156q40 44 80 0z" fill="#8c3a3a"/></svg>`;

interface Running {
  config: CameraConfig;
  state: CameraState;
  people: number;
  frame: number;
  latest: readonly FaceRecord[];
  readonly open: Map<number, Episode>;
  /** Last question by track, and those whose answer is still to come. */
  readonly told: Map<number, { readonly ordinal: number; readonly episode: string }>;
  readonly asked: { readonly dueFrame: number; readonly insight: Insight; readonly wallTimeMs: number }[];
}

/**
 * A live system that plays a script: same calls, same events. Wall time starts in January 2026 and moves with the
 * frames; `arrivedAt` alone is the real clock, so that latency can be measured.
 */
export function createFakeLiveSystem(
  options: {
    readonly cameras?: readonly FakeCamera[];
    readonly fps?: number;
    readonly wallClock?: boolean;
    /** A model is asked of every expression at its height. */
    readonly insights?: boolean;
  } = {},
): FakeLiveSystem {
  const { fps = 25, wallClock = false, insights = false } = options;
  const startedMs = wallClock ? Date.now() : EPOCH_MS;
  const events = new Subject<LiveEvent>();
  const cameras = new Map<string, Running>();
  const recent: RecentEpisode[] = [];
  const recentInsights: LiveInsight[] = [];
  events.subscribe((event) => {
    if (event.type === 'insight') recentInsights.unshift(event);
  });
  const pushed: { source: string; bytes: number }[] = [];
  let previewSubscribers = 0;
  let ticks = 0;

  // Real time where asked for: a timer's ticks come late, and a scripted clock would fall behind.
  const wallMs = (): number => (wallClock ? Date.now() : startedMs + Math.round((ticks * 1000) / fps));
  const found = (id: string): Running => {
    const camera = cameras.get(id);
    if (!camera) throw new AffectError('CAMERA_UNKNOWN', `there is no camera "${id}": GET /api/v1/sources lists them`);
    return camera;
  };
  const put = (config: CameraConfig, status: CameraState['status'], people: number): CameraState => {
    const state = stateOf(config, status, wallMs());
    cameras.set(config.id, {
      config,
      state,
      people,
      frame: 0,
      latest: [],
      open: new Map(),
      told: new Map(),
      asked: [],
    });
    return state;
  };
  for (const { config, status, people } of options.cameras ?? FAKE_CAMERAS) put(config, status, people);

  const tell = (change: Episode): void => {
    recent.unshift({ episode: change, wallTimeMs: wallMs() });
    recent.length = Math.min(recent.length, 1000);
    events.next({ type: 'episode', source: change.source, episode: change, wallTimeMs: wallMs() });
  };

  let evidenceJpeg: Uint8Array | null = null;
  if (insights) {
    sharp(Buffer.from(EVIDENCE_SVG))
      .resize(160)
      .jpeg()
      .toBuffer()
      .then((data) => {
        evidenceJpeg = new Uint8Array(data);
      });
  }
  /** Asks once for each expression, at its height; the answer comes as much later as it says. */
  const ask = (camera: Running, track: number, level: number): void => {
    const record = camera.latest.find((face) => face.track === track);
    const shown = camera.open.get(track);
    const before = camera.told.get(track) ?? { ordinal: 0, episode: '' };
    if (!insights || !record || !shown || level < 0.9 || before.episode === shown.id) return;
    const ordinal = before.ordinal + 1;
    camera.told.set(track, { ordinal, episode: shown.id });
    // The second person's model starts with another answer.
    const insight = { ...scriptedInsight(record, ordinal, track - 1), episodeId: shown.id };
    const dueFrame = camera.frame + Math.round((insight.latencyMs / 1000) * fps);
    camera.asked.push({ dueFrame, insight, wallTimeMs: wallMs() });
  };
  const answer = (camera: Running): void => {
    while ((camera.asked[0]?.dueFrame ?? Number.POSITIVE_INFINITY) <= camera.frame) {
      const { insight, wallTimeMs } = camera.asked.shift()!;
      const source = camera.config.id;
      const fusion = insight.emotion === null ? null : weighedIn({ episodeId: insight.episodeId });
      events.next({ type: 'insight', source, insight, fusion, evidenceJpeg, wallTimeMs });
    }
  };

  const follow = (camera: Running, track: number, seconds: number): void => {
    const id = camera.config.id;
    const level = swell(track, seconds);
    const open = camera.open.get(track);
    const ptsUs = micros(seconds * 1e6);
    if (!open && level > 0.5) {
      const label = shownBy(track);
      // One begins every 6 s; the first may be under way at 0.
      const ordinal = Math.round(seconds / 6) + 1;
      const begun = episode({
        id: `${id}/${track}/emotion/${label}/${ordinal}`,
        phase: 'new',
        source: id,
        track,
        label,
        onsetUs: ptsUs,
        apexUs: ptsUs,
        offsetUs: null,
        peak: level,
        mean: level,
        endReason: null,
      });
      camera.open.set(track, begun);
      tell(begun);
    } else if (open && level > 0.5 && level > open.peak + 0.2) {
      const changed: Episode = { ...open, phase: 'update', peak: level, apexUs: ptsUs };
      camera.open.set(track, changed);
      tell(changed);
    } else if (open && level < 0.4) {
      camera.open.delete(track);
      tell({ ...open, phase: 'end', offsetUs: ptsUs, endReason: 'released' });
    }
  };

  const frameOf = (camera: Running): void => {
    const source = camera.config.id;
    const seconds = camera.frame / fps;
    const base = { source, frame: camera.frame, seconds, widthPx: WIDTH_PX, heightPx: HEIGHT_PX };
    const wallTime = new Date(wallMs()).toISOString();
    const faces = Array.from({ length: camera.people }, (_, at) =>
      fakeFace({ ...base, track: at + 1, people: camera.people }),
    );
    const none = { ...emptyFrame(camera.frame), source, ptsUs: micros(seconds * 1e6) };
    camera.latest = (faces.length > 0 ? faces : [none]).map((record) => ({ ...record, wallTime }));
    events.next({
      type: 'faces',
      source,
      frame: camera.frame,
      ptsUs: micros(seconds * 1e6),
      widthPx: WIDTH_PX,
      heightPx: HEIGHT_PX,
      wallTimeMs: wallMs(),
      arrivedAt: millis(performance.now()),
      records: camera.latest,
    });
    for (let track = 1; track <= camera.people; track++) {
      follow(camera, track, seconds);
      ask(camera, track, swell(track, seconds));
    }
    answer(camera);
    camera.frame++;
  };

  const picture = async (id: string, maxSidePx: number, blur: boolean): Promise<Preview> => {
    const { latest, frame, config } = found(id);
    const shapes = latest.map(({ box }) => {
      if (!box) return '';
      const [rx, ry] = [(box.right - box.left) / 2, (box.bottom - box.top) / 2];
      const ellipse = `<ellipse cx="${box.left + rx}" cy="${box.top + ry}" rx="${rx * 0.85}" ry="${ry * 0.95}" fill="#d8a888"/>`;
      return blur ? ellipse.replace('#d8a888', '#888') : ellipse;
    });
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH_PX}" height="${HEIGHT_PX}">
      <rect width="100%" height="100%" fill="hsl(${(config.id.length * 67) % 360} 20% 32%)"/>
      <rect x="${(frame * 4) % WIDTH_PX}" y="${HEIGHT_PX - 8}" width="40" height="8" fill="#fff"/>${shapes.join('')}</svg>`;
    const scale = Math.min(1, maxSidePx / WIDTH_PX);
    const { data, info } = await sharp(Buffer.from(svg))
      .resize(Math.round(WIDTH_PX * scale))
      .jpeg({ quality: 75 })
      .toBuffer({ resolveWithObject: true });
    return {
      source: id,
      ptsUs: micros((frame / fps) * 1e6),
      widthPx: info.width,
      heightPx: info.height,
      jpeg: new Uint8Array(data),
    };
  };

  const stats = (): SystemStats => ({
    uptimeSeconds: ticks / fps,
    rssBytes: 412_000_000,
    lanes: 1,
    laneRestarts: 0,
    eventLoopLagMs: 1.5,
    clients: 0,
    cameras: [...cameras.values()].map(({ config, state, frame, people }) => ({
      id: config.id,
      inputFps: state.status === 'running' ? fps : 0,
      analysedFps: state.status === 'running' ? fps - 0.5 : 0,
      dropped: Object.fromEntries(
        DROP_REASONS.map((name, at) => [name, at === 0 ? Math.floor(frame / 50) : 0]),
      ) as Record<DropReason, number>,
      analysed: frame,
      attempts: state.attempts,
      retryAt: state.retryAt,
      lastEnd: state.lastEnd,
      reconnects: state.reconnects,
      decodeErrors: state.decodeErrors,
      behindMs: state.behindMs,
      latencyMs: frame > 0 ? { p50: 31.5, p95: 48, p99: 62 } : null,
      faces: people,
    })),
  });

  const system: FakeLiveSystem = {
    info: {
      mienVersion: '0.1.0',
      purpose: 'research',
      emotions: true,
      actionUnits: FAKE_UNITS,
      device: 'cpu',
      models: [
        {
          id: 'mien-affect',
          version: '0.2.0',
          sha256: 'ab'.repeat(32),
          licence: 'Apache-2.0',
          job: 'affect',
          precision: 'float',
        },
      ],
      notice: 'Faces are being analysed here for research. Nothing is kept. Ask the operator for details.',
      startedAt: new Date(startedMs).toISOString(),
    },
    events,
    cameras: () => [...cameras.values()].map(({ state }) => state),
    cameraConfig: (id) => cameras.get(id)?.config,
    setAreas: (id, areas) => {
      const camera = cameras.get(id);
      if (!camera) throw new AffectError('CAMERA_UNKNOWN', `there is no camera ${id}`);
      camera.config = { ...camera.config, ...areas };
    },
    addCamera: async (config) => {
      if (cameras.has(config.id)) {
        throw new AffectError(
          'CAMERA_EXISTS',
          `camera "${config.id}" exists: PUT /api/v1/sources/${config.id} changes it`,
        );
      }
      if (cameras.size >= 16)
        throw new AffectError('CAMERA_LIMIT', '16 cameras are all that is allowed: remove one first');
      const state = put(config, 'starting', 1);
      events.next({ type: 'state', state });
      return state;
    },
    replaceCamera: async (config) => {
      const { people } = found(config.id);
      const state = put(config, 'starting', people);
      events.next({ type: 'state', state });
      return state;
    },
    testCamera: async () => ({
      stream: { widthPx: 1920, heightPx: 1080, codec: 'h264', decoder: 'none', decoderProblem: null },
      firstPictureMs: 412.6,
      fps: 24.96,
      damaged: 0,
      end: null,
      picture: 'none',
      jpeg: null,
    }),
    removeCamera: async (id) => {
      found(id);
      cameras.delete(id);
      events.next({ type: 'removed', source: id });
    },
    stats,
    latestFaces: (id) => found(id).latest,
    recentEpisodes: ({ source, kind, sinceMs, limit = 100 }: EpisodeQuery) =>
      recent
        .filter(({ episode: { source: from, kind: what }, wallTimeMs }) => {
          return (!source || from === source) && (!kind || what === kind) && wallTimeMs >= (sinceMs ?? 0);
        })
        .slice(0, limit),
    ask: async (id, { track, question }) => {
      const face = found(id).latest.find((record) => record.track === track);
      if (!face) throw new AffectError('TRACK_UNKNOWN', `camera ${id} does not see face ${track}; it sees none now`);
      const answer = scriptedAnswer({ source: id, track, ptsUs: face.ptsUs, question });
      const told: LiveInsight = { source: id, insight: answer, fusion: null, evidenceJpeg: null, wallTimeMs: wallMs() };
      events.next({ type: 'insight', ...told });
      return told;
    },
    recentInsights: ({ source, limit = 50 }) =>
      recentInsights.filter((item) => !source || item.source === source).slice(0, limit),
    snapshot: async (id, { blurFaces }) => (found(id).frame === 0 ? null : picture(id, WIDTH_PX, blurFaces)),
    previews: (id, { maxFps, maxSidePx, blurFaces }) =>
      new Observable((subscriber) => {
        found(id);
        previewSubscribers++;
        let busy = false;
        let nextMs = 0;
        const subscription = events.subscribe((event) => {
          if (event.type === 'removed' && event.source === id) subscriber.complete();
          if (event.type !== 'faces' || event.source !== id || busy || wallMs() < nextMs) return;
          nextMs = wallMs() + 1000 / maxFps;
          busy = true;
          picture(id, maxSidePx, blurFaces).then(
            (preview) => {
              busy = false;
              subscriber.next(preview);
            },
            (error: unknown) => subscriber.error(error),
          );
        });
        return () => {
          previewSubscribers--;
          subscription.unsubscribe();
        };
      }),
    pushFrame: (id, jpeg) => {
      if (found(id).config.input.type !== 'push') {
        throw new AffectError('CONFIG_INVALID', `camera "${id}" takes no pushed pictures: its input type is not push`);
      }
      pushed.push({ source: id, bytes: jpeg.length });
      if (pushed.length > 100) pushed.shift();
    },
    ready: () => true,
    tick: () => {
      ticks++;
      for (const camera of [...cameras.values()]) if (camera.state.status === 'running') frameOf(camera);
    },
    play: () => {
      const timer = setInterval(() => system.tick(), 1000 / fps);
      return () => clearInterval(timer);
    },
    emit: (event) => events.next(event),
    setStatus: (id, status) => {
      const camera = found(id);
      camera.state = stateOf(camera.config, status, wallMs());
      events.next({ type: 'state', state: camera.state });
    },
    pushed,
    get previewSubscribers() {
      return previewSubscribers;
    },
  };
  return system;
}
