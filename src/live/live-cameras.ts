import { EMPTY, firstValueFrom, type Observable, of, Subject, Subscription, share, timeout } from 'rxjs';
import type { Areas } from '../domain/areas.js';
import type { CameraTest } from '../domain/camera-test.js';
import { counted } from '../domain/counted.js';
import { AffectError } from '../domain/errors.js';
import type { CameraConfig, CameraState, LiveEvent, LiveInsight, Preview, SystemStats } from '../domain/live.js';
import type { FaceRecord } from '../domain/records.js';
import type { FaceQuestion } from '../mllm/keyframe-sink.js';
import { untilAborted } from '../rx/until-aborted.js';
import { askAbout } from './ask-about.js';
import { Camera } from './camera.js';
import { EpisodeWindow } from './episode-window.js';
import { InsightWindow } from './insight-window.js';
import {
  type CameraOrigin,
  type CameraStart,
  FROM_THE_START,
  type LiveCamerasOptions,
} from './live-cameras-options.js';
import type { EpisodeQuery, InsightQuery, LiveSystem, RecentEpisode, SystemInfo } from './live-system.js';
import { LoopLag } from './loop-lag.js';
import type { PreviewOptions } from './preview-hub.js';
import { Reducer } from './reducer.js';
import { asMeant, type KnownCamera } from './same-opened.js';
import { tryCamera } from './try-camera.js';
import { Turns } from './turns.js';

export type { CameraOrigin, CameraStart, LiveCamerasOptions } from './live-cameras-options.js';

/**
 * Frames in work for each lane: one has the lane while the main thread prepares the next model run of the other. More
 * would only wait inside the pool, and be old when it has them.
 */
const TURNS_PER_LANE = 2;
/** Longest wait for the next frame when a snapshot is asked for. */
const SNAPSHOT_WAIT_MS = 2_000;
/** Insights kept at most: each has a picture of some 10 KB. */
const MAX_INSIGHTS = 500;

/** All cameras of a process. */
export class LiveCameras implements LiveSystem {
  readonly info: SystemInfo;
  readonly events: Observable<LiveEvent>;
  readonly #options: LiveCamerasOptions;
  readonly #now: () => number;
  readonly #cameras = new Map<string, Camera>();
  /** Who asked for what each opens. */
  readonly #origins = new Map<string, CameraOrigin>();
  readonly #events = new Subject<LiveEvent>();
  readonly #episodes: EpisodeWindow;
  readonly #insights: InsightWindow;
  readonly #asking = new Subscription();
  readonly #startedAt: number;
  readonly #turns: Turns;
  readonly #reducer: Reducer;
  readonly #lag: LoopLag;
  /** Changes of the set of cameras, one after the other. */
  #changing: Promise<unknown> = Promise.resolve();
  readonly #closing = new AbortController();
  #closed: Promise<void> | undefined;

  constructor(options: LiveCamerasOptions) {
    this.#options = options;
    this.info = options.info;
    this.events = options.follow ? this.#events.pipe(options.follow, share()) : this.#events;
    this.#now = options.now ?? (() => performance.now());
    this.#startedAt = this.#now();
    this.#lag = new LoopLag(this.#now);
    this.#reducer = new Reducer({ now: this.#now, telemetry: options.telemetry });
    this.#turns = new Turns(() => TURNS_PER_LANE * options.lanes().count);
    this.#episodes = new EpisodeWindow({ retainMs: options.retainEpisodes.ms, capacity: options.retainEpisodes.count });
    this.#insights = new InsightWindow({
      retainMs: options.retainEpisodes.ms,
      capacity: Math.min(MAX_INSIGHTS, options.retainEpisodes.count),
    });
    const { keyframes } = options;
    this.#asking.add(
      keyframes?.writings.subscribe((writing) => {
        if (this.#cameras.has(writing.source)) this.#events.next({ type: 'writing', ...writing });
      }),
    );
    const told = keyframes?.insights.subscribe(({ evidence, ...answered }) => {
      const camera = this.#cameras.get(answered.source);
      if (!camera) return;
      const insight: LiveInsight = { ...answered, fusion: evidence && camera.weighIn(evidence) };
      this.#insights.add(insight);
      this.#events.next({ type: 'insight', ...insight });
    });
    this.#asking.add(told);
  }

  cameras(): readonly CameraState[] {
    return [...this.#cameras.values()].flatMap(({ state }) => (state ? [state] : []));
  }

  cameraConfig(id: string): CameraConfig | undefined {
    const camera = this.#cameras.get(id);
    return camera && this.#options.redact(camera.config);
  }

  /** As it is, with its credentials: for the configuration file, never for clients. */
  ownConfig(id: string): CameraConfig | undefined {
    return this.#cameras.get(id)?.config;
  }

  addCamera(
    config: CameraConfig,
    origin: CameraOrigin = 'request',
    start: CameraStart = FROM_THE_START,
  ): Promise<CameraState> {
    return this.#change(async () => {
      const { maxCameras } = this.#options;
      if (this.#cameras.has(config.id)) {
        throw new AffectError('CAMERA_EXISTS', `camera ${config.id} already exists; choose another id, or replace it`);
      }
      if (this.#cameras.size >= maxCameras) {
        throw new AffectError(
          'CAMERA_LIMIT',
          `there are already ${counted(maxCameras, 'camera')}, which is the limit; remove one, or raise maxCameras`,
        );
      }
      await this.#check(config, origin);
      return this.#open(config, origin, start);
    });
  }

  replaceCamera(
    wanted: CameraConfig,
    askedBy: CameraOrigin = 'request',
    start: CameraStart = FROM_THE_START,
  ): Promise<CameraState> {
    return this.#change(async () => {
      const camera = this.#camera(wanted.id);
      const { config, origin } = this.#asMeant(wanted, askedBy);
      await this.#check(config, origin);
      await camera.stop();
      this.#forget(config.id); // its tracks and episodes are counted anew
      this.#closing.signal.throwIfAborted();
      return this.#open(config, origin, start);
    });
  }

  async testCamera(
    wanted: CameraConfig,
    { blurFaces, signal }: { readonly blurFaces: boolean; readonly signal: AbortSignal },
  ): Promise<CameraTest> {
    const { config, origin } = this.#asMeant(wanted, 'request');
    const { openSource, preview } = this.#options;
    await this.#check(config, origin);
    const either = AbortSignal.any([signal, this.#closing.signal]);
    const picture = preview.enabled ? (blurFaces || preview.blurFaces ? 'blurred' : 'shown') : null;
    return tryCamera(config, { open: (bare) => openSource(bare, origin), picture, signal: either });
  }

  setAreas(id: string, areas: Areas): void {
    this.#camera(id).setAreas(areas);
  }

  removeCamera(id: string): Promise<void> {
    return this.#change(async () => {
      await this.#camera(id).stop();
      this.#forget(id);
    });
  }

  stats(): SystemStats {
    const lanes = this.#options.lanes();
    return {
      uptimeSeconds: (this.#now() - this.#startedAt) / 1000,
      rssBytes: process.memoryUsage.rss(),
      lanes: lanes.count,
      laneRestarts: lanes.restarts,
      eventLoopLagMs: this.#lag.read(),
      clients: this.#options.clients(),
      cameras: [...this.#cameras.values()].map((camera) => camera.stats()),
    };
  }

  latestFaces(id: string): readonly FaceRecord[] {
    return this.#camera(id).latestFaces;
  }

  async ask(id: string, asked: Omit<FaceQuestion, 'source'>): Promise<LiveInsight> {
    return askAbout({ source: id, ...asked }, { faces: this.#camera(id).latestFaces, asker: this.#options.asker });
  }

  recentInsights(query: InsightQuery): readonly LiveInsight[] {
    return this.#insights.recent(query, Date.now());
  }

  recentEpisodes(query: EpisodeQuery): readonly RecentEpisode[] {
    return this.#episodes.recent(query, Date.now());
  }

  async snapshot(id: string, { blurFaces }: { readonly blurFaces: boolean }): Promise<Preview | null> {
    const next = this.previews(id, { maxFps: 30, maxSidePx: 1920, blurFaces });
    return firstValueFrom(next.pipe(timeout({ first: SNAPSHOT_WAIT_MS, with: () => of(null) })), {
      defaultValue: null,
    });
  }

  previews(id: string, { maxFps, maxSidePx, blurFaces }: PreviewOptions): Observable<Preview> {
    const { previews } = this.#camera(id);
    const allowed = this.#options.preview;
    if (!allowed.enabled) return EMPTY;
    return previews.watch({
      maxFps: Math.min(maxFps, allowed.maxFps),
      maxSidePx: Math.min(maxSidePx, allowed.maxSidePx),
      blurFaces: blurFaces || allowed.blurFaces,
    });
  }

  pushFrame(id: string, jpeg: Uint8Array): void {
    if (this.#camera(id).push(jpeg)) return;
    throw new AffectError('CONFIG_INVALID', `camera ${id} does not accept pictures; only cameras of type push do`);
  }

  ready(): boolean {
    return !this.#closing.signal.aborted && [...this.#cameras.values()].every(({ tried }) => tried);
  }

  /** Stops every camera, ends what goes on, and completes `events`. Idempotent. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#closing.abort(stopping());
    await this.#changing.catch(() => undefined);
    await Promise.all([...this.#cameras.values()].map((camera) => camera.stop()));
    this.#asking.unsubscribe();
    this.#events.complete();
    this.#lag.stop();
  }

  /** Looking a name up may take long; closing does not wait for it. */
  #check(config: CameraConfig, origin: CameraOrigin): Promise<void> {
    return untilAborted(this.#options.check(config, origin), this.#closing.signal, stopping);
  }

  #asMeant(wanted: CameraConfig, askedBy: CameraOrigin): KnownCamera {
    const config = this.ownConfig(wanted.id);
    const known = config ? { config, origin: this.#origins.get(wanted.id)! } : null;
    return asMeant(wanted, askedBy, { known, redact: this.#options.redact });
  }

  #camera(id: string): Camera {
    const camera = this.#cameras.get(id);
    if (camera) return camera;
    throw new AffectError('CAMERA_UNKNOWN', `there is no camera ${id}`);
  }

  #open(config: CameraConfig, origin: CameraOrigin, start: CameraStart): CameraState {
    const { telemetry, openFeed, createPipeline, keyframes = null, onError } = this.#options;
    const camera = new Camera({
      config,
      feed: openFeed(config, origin, start),
      pipeline: createPipeline(config, this.#reducer.pace, start),
      telemetry,
      keyframes,
      now: this.#now,
      askTurn: this.#turns.seat(),
      reducer: this.#reducer,
      onError: (error) => onError(config.id, error),
    });
    this.#cameras.set(config.id, camera);
    this.#origins.set(config.id, origin);
    camera.events.subscribe((event) => {
      if (event.type === 'episode') this.#episodes.add(event.episode, event.wallTimeMs);
      this.#events.next(event);
    });
    camera.start();
    return camera.state!;
  }

  #forget(id: string): void {
    this.#cameras.delete(id);
    this.#origins.delete(id);
    this.#episodes.dropSource(id);
    this.#insights.dropSource(id);
    this.#options.keyframes?.endSource(id);
    this.#events.next({ type: 'removed', source: id });
  }

  #change<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#changing
      .catch(() => undefined)
      .then(() => {
        this.#closing.signal.throwIfAborted();
        return work();
      });
    this.#changing = result;
    return result;
  }
}

const stopping = (): AffectError => new AffectError('INTERRUPTED', 'mien is stopping');
