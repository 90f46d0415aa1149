import { type Observable, Subject, type Subscription } from 'rxjs';
import type { AffectEvidence } from '../domain/affect.js';
import type { Box } from '../domain/face.js';
import type { InsightFusion } from '../domain/insight.js';
import {
  type CameraConfig,
  type CameraState,
  type CameraStats,
  DROP_REASONS,
  type DropReason,
  type LiveEvent,
  type LiveFrame,
  type SourceEnd,
  type SourceState,
  type Telemetry,
} from '../domain/live.js';
import type { Episode, FaceRecord } from '../domain/records.js';
import type { KeyframeSink, SeenFrame } from '../mllm/keyframe-sink.js';
import type { FramePipeline } from '../pipeline/frame-pipeline.js';
import type { AskTurn } from '../rx/latest-map.js';
import { type AnalysedFrame, analyseNewest } from './analyse-newest.js';
import { Lateness } from './lateness.js';
import { PreviewHub } from './preview-hub.js';
import { RollingWindow } from './rolling-window.js';
import { StateNews } from './state-news.js';

/** What a feed tells its camera. */
export interface FeedHandlers {
  /** Must release the frame. */
  readonly onFrame: (frame: LiveFrame) => void;
  readonly onDrop: (reason: DropReason, count: number) => void;
  readonly onDecodeError: () => void;
  /** Every change, also of a count. */
  readonly onState: (state: SourceState) => void;
  readonly onEnd: (end: SourceEnd) => void;
}

/** A supervised source: opened again whenever it ends, until stopped. */
export interface CameraFeed {
  start(handlers: FeedHandlers): void;
  /** Idempotent; resolves when nothing is called any more and its process is gone. */
  stop(): Promise<void>;
  /** One JPEG; only of feeds of type 'push'. */
  push?(jpeg: Uint8Array): void;
}

export interface CameraOptions {
  readonly config: CameraConfig;
  readonly feed: CameraFeed;
  readonly pipeline: FramePipeline<unknown>;
  readonly telemetry: Telemetry;
  readonly now: () => number;
  /** A turn at the lanes, which all cameras share. */
  readonly askTurn: AskTurn;
  /** Asks about some of the frames; null: nobody does. @default null */
  readonly keyframes?: KeyframeSink | null;
  readonly onError: (error: unknown) => void;
}

const RATE_WINDOW_MS = 5_000;
const LATENCY_WINDOW_MS = 10_000;
/** Without frames for this long, what goes on is ended: an expression cannot be held by a camera that is away. */
const SILENCE_MS = 2_000;

/** One camera from its feed to its events. */
export class Camera {
  readonly config: CameraConfig;
  readonly previews: PreviewHub;
  readonly #options: CameraOptions;
  readonly #frames = new Subject<LiveFrame>();
  readonly #events = new Subject<LiveEvent>();
  readonly #analysis: Subscription;
  readonly #arrivals = new RollingWindow({ windowMs: RATE_WINDOW_MS, capacity: 2_000 });
  readonly #results = new RollingWindow({ windowMs: RATE_WINDOW_MS, capacity: 2_000 });
  readonly #latencies = new RollingWindow({ windowMs: LATENCY_WINDOW_MS, capacity: 2_000 });
  readonly #dropped = Object.fromEntries(DROP_REASONS.map((reason) => [reason, 0])) as Record<DropReason, number>;
  readonly #since: number;
  readonly #news = new StateNews();
  #analysed = 0;
  #faces = 0;
  #latest: readonly FaceRecord[] = [];
  #source: SourceState | undefined;
  #lateness = new Lateness();
  #tried = false;
  #silence: NodeJS.Timeout | undefined;
  #stopping: Promise<void> | undefined;

  constructor(options: CameraOptions) {
    this.#options = options;
    this.config = options.config;
    this.#since = options.now();
    this.previews = new PreviewHub({ source: options.config.id, telemetry: options.telemetry });
    this.#analysis = analyseNewest(this.#frames, {
      pipeline: options.pipeline,
      telemetry: options.telemetry,
      now: options.now,
      askTurn: options.askTurn,
      onDrop: (reason) => this.#drop(reason, 1),
      onError: options.onError,
    }).subscribe((analysed) => this.#publish(analysed));
  }

  /** Everything this camera tells; completes when it has stopped. */
  get events(): Observable<LiveEvent> {
    return this.#events;
  }

  get state(): CameraState | undefined {
    const { behindSince } = this.#lateness;
    return this.#source && { ...this.#source, behindSince, behindMs: this.#lateness.behindMs(this.#options.now()) };
  }

  get latestFaces(): readonly FaceRecord[] {
    return this.#latest;
  }

  /** True once the source has delivered a frame or ended for the first time; one that takes pictures opens nothing. */
  get tried(): boolean {
    return this.#tried || this.#options.feed.push !== undefined;
  }

  start(): void {
    this.#options.feed.start({
      onFrame: (frame) => this.#arrive(frame),
      onDrop: (reason, count) => {
        if (reason !== 'rate-limited') this.#countArrivals(count);
        this.#drop(reason, count);
      },
      onDecodeError: () => this.#options.telemetry.decodeError(this.config.id),
      onState: (state) => {
        this.#source = state;
        this.#options.telemetry.cameraStatus(this.config.id, state.status, state.attempts);
        if (state.status === 'running') this.#tellState();
        else this.#forgetLateness();
      },
      onEnd: ({ reason }) => {
        this.#tried = true;
        this.#options.telemetry.cameraEnded(this.config.id, reason);
      },
    });
  }

  push(jpeg: Uint8Array): boolean {
    this.#options.feed.push?.(jpeg);
    return this.#options.feed.push !== undefined;
  }

  /** Late evidence for the frames that follow: what became of it, counted. A fault in it costs the evidence only. */
  weighIn(evidence: AffectEvidence): InsightFusion | null {
    const { pipeline, telemetry, onError } = this.#options;
    try {
      const fusion = pipeline.weighIn(evidence);
      if (fusion) telemetry.mllmFused(fusion.reason ?? 'accepted');
      return fusion;
    } catch (error) {
      onError(error);
      return null;
    }
  }

  stats(): CameraStats {
    const now = this.#options.now();
    const ranks = this.#latencies.percentiles(now, [50, 95, 99]);
    return {
      id: this.config.id,
      inputFps: this.#arrivals.rate(now, this.#since),
      analysedFps: this.#results.rate(now, this.#since),
      dropped: { ...this.#dropped },
      analysed: this.#analysed,
      attempts: this.#source?.attempts ?? 0,
      retryAt: this.#source?.retryAt ?? null,
      lastEnd: this.#source?.lastEnd ?? null,
      reconnects: this.#source?.reconnects ?? 0,
      decodeErrors: this.#source?.decodeErrors ?? 0,
      behindMs: this.#lateness.behindMs(now),
      latencyMs: ranks && { p50: ranks[0]!, p95: ranks[1]!, p99: ranks[2]! },
      faces: this.#faces,
    };
  }

  /** Ends the feed, then what goes on. Idempotent. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    await this.#options.feed.stop();
    clearTimeout(this.#silence);
    this.#analysis.unsubscribe();
    this.#frames.complete();
    this.#endEpisodes();
    this.previews.close();
    this.#options.telemetry.cameraRemoved(this.config.id);
    this.#events.complete();
  }

  #arrive(frame: LiveFrame): void {
    this.#tried = true;
    this.#countArrivals(1);
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#fallSilent(), SILENCE_MS);
    this.#lateness.arrived(frame, this.#options.now());
    this.#tellLateness();
    this.#frames.next(frame);
  }

  #forgetLateness(): void {
    this.#lateness = new Lateness();
    this.#tellLateness();
  }

  /** The numbers with every frame, the state only when it changes. */
  #tellLateness(): void {
    this.#options.telemetry.cameraBehind(this.config.id, this.#lateness.behindMs(this.#options.now()) ?? 0);
    this.#tellState();
  }

  #tellState(): void {
    const { state } = this;
    if (state && this.#news.isNews(state)) this.#events.next({ type: 'state', state });
  }

  #countArrivals(count: number): void {
    const { now, telemetry } = this.#options;
    this.#arrivals.add(now(), count);
    telemetry.framesArrived(this.config.id, count);
  }

  #drop(reason: DropReason, count: number): void {
    this.#dropped[reason] += count;
    this.#options.telemetry.frameDropped(this.config.id, reason, count);
  }

  #publish({ live, records, episodes }: AnalysedFrame): void {
    const { now, telemetry } = this.#options;
    const { id } = this.config;
    const { frame } = live.lease;
    const at = now();
    const latencyMs = at - live.arrivedAt;
    this.#lateness.shown(live, at);
    const boxes = records.flatMap(({ box }): Box<'frame'>[] => (box ? [box] : []));
    this.#analysed += 1;
    this.#faces = boxes.length;
    this.#latest = records;
    this.#results.add(at, 1);
    this.#latencies.add(at, latencyMs);
    telemetry.frameAnalysed(id, { faces: boxes.length, latencyMs });
    this.#events.next({
      type: 'faces',
      source: id,
      frame: frame.index,
      ptsUs: frame.ptsUs,
      widthPx: frame.widthPx,
      heightPx: frame.heightPx,
      wallTimeMs: live.wallTimeMs,
      arrivedAt: live.arrivedAt,
      records,
    });
    for (const episode of episodes) this.#tell(episode, live.wallTimeMs);
    this.previews.offer({ frame, nowMs: at, boxes });
    this.#ask({ source: id, frame, records, episodes, wallTimeMs: live.wallTimeMs });
    live.lease.release();
  }

  /** A fault in asking costs the question only. */
  #ask(seen: SeenFrame): void {
    try {
      this.#options.keyframes?.offer(seen);
    } catch (error) {
      this.#options.onError(error);
    }
  }

  #tell(episode: Episode, wallTimeMs: number): void {
    this.#options.telemetry.episode(this.config.id, episode.kind, episode.phase);
    this.#events.next({ type: 'episode', source: this.config.id, episode, wallTimeMs });
  }

  #fallSilent(): void {
    this.#faces = 0;
    this.#latest = [];
    this.#endEpisodes();
    if (this.#lateness.caughtUp) this.#forgetLateness();
  }

  #endEpisodes(): void {
    const ended = this.#options.pipeline.finish();
    for (const episode of ended) this.#tell(episode, Date.now());
    this.#options.keyframes?.ended(ended);
  }
}
