import { type Observable, Subject, type Subscription } from 'rxjs';
import { type BlackOut, createBlackOut } from '../areas/black-out.js';
import type { AffectEvidence } from '../domain/affect.js';
import type { Areas } from '../domain/areas.js';
import type { InsightFusion } from '../domain/insight.js';
import type {
  CameraConfig,
  CameraState,
  CameraStats,
  DropReason,
  LiveEvent,
  LiveFrame,
  SourceEnd,
  SourceState,
} from '../domain/live.js';
import type { FaceRecord } from '../domain/records.js';
import { SILENCE_MS } from '../domain/rules.js';
import type { Telemetry } from '../domain/telemetry.js';
import type { KeyframeSink } from '../mllm/keyframe-sink.js';
import type { FramePipeline } from '../pipeline/face-pipeline.js';
import type { AskTurn } from '../rx/latest-map.js';
import { type AnalysedFrame, analyseNewest } from './analyse-newest.js';
import type { CameraActivity } from './camera-activity.js';
import { cameraEvents } from './camera-events.js';
import { CameraFacts } from './camera-facts.js';
import { tellTelemetry } from './camera-telemetry.js';
import { PreviewHub } from './preview-hub.js';
import type { Reducer } from './reducer.js';

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
  /** Is told what happens here, and decides for all cameras. */
  readonly reducer: Pick<Reducer, 'take' | 'reduced' | 'forget'>;
  /** Asks about some of the frames; null: nobody does. @default null */
  readonly keyframes?: KeyframeSink | null;
  readonly onError: (error: unknown) => void;
}

/** One camera from its feed to the stream of what happens at it, and what follows from that. */
export class Camera {
  readonly previews: PreviewHub;
  /** Everything this camera tells clients; completes when it has stopped. */
  readonly events: Observable<LiveEvent>;
  readonly #options: CameraOptions;
  #config: CameraConfig;
  #blackOut: BlackOut;
  readonly #activity = new Subject<CameraActivity>();
  readonly #facts: CameraFacts;
  readonly #frames = new Subject<LiveFrame>();
  readonly #analysis: Subscription;
  #silence: NodeJS.Timeout | undefined;
  #stopping: Promise<void> | undefined;

  constructor(options: CameraOptions) {
    const { config, pipeline, telemetry, now, askTurn, reducer, onError } = options;
    const { id } = config;
    this.#options = options;
    this.#config = config;
    this.#blackOut = createBlackOut(config.masks);
    this.#facts = new CameraFacts({ id, since: now(), reduced: reducer.reduced });
    this.previews = new PreviewHub({ source: id, telemetry });
    this.events = cameraEvents(this.#activity, { id, state: () => this.state });
    this.#subscribe();
    this.#analysis = analyseNewest(this.#frames, {
      pipeline,
      telemetry,
      zones: () => this.#config.zones,
      now,
      askTurn,
      onDrop: (reason) => this.#activity.next({ type: 'dropped', reason, count: 1, unseen: false }),
      onError,
    }).subscribe((analysed) => this.#tell(analysed));
  }

  get config(): CameraConfig {
    return this.#config;
  }

  /** Masks and zones from the next frame on; nothing is opened again. */
  setAreas({ masks, zones }: Areas): void {
    this.#config = { ...this.#config, masks, zones };
    this.#blackOut = createBlackOut(masks);
  }

  get state(): CameraState | undefined {
    return this.#facts.state(this.#options.now());
  }

  get latestFaces(): readonly FaceRecord[] {
    return this.#facts.latestFaces;
  }

  /** True once the source has delivered a frame or ended for the first time; one that takes pictures opens nothing. */
  get tried(): boolean {
    return this.#facts.tried || this.#options.feed.push !== undefined;
  }

  start(): void {
    this.#options.feed.start({
      onFrame: (live) => this.#arrive(live),
      onDrop: (reason, count) => this.#activity.next({ type: 'dropped', reason, count, unseen: true }),
      onDecodeError: () => this.#activity.next({ type: 'decode-error' }),
      onState: (state) => this.#activity.next({ type: 'source', state }),
      onEnd: (end) => this.#activity.next({ type: 'ended', end }),
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
    return this.#facts.stats(this.#options.now());
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
    this.#fallSilent();
    this.previews.close();
    this.#options.telemetry.cameraRemoved(this.config.id);
    this.#activity.complete();
    this.#options.reducer.forget(this.config.id);
  }

  /** In this order: what is decided and the facts first, which the others tell. */
  #subscribe(): void {
    const { config, telemetry, now, reducer } = this.#options;
    this.#activity.subscribe((activity) => reducer.take(config.id, activity));
    this.#activity.subscribe((activity) => this.#facts.take(activity, now()));
    this.#activity.subscribe(tellTelemetry(telemetry, { id: config.id, facts: this.#facts, now }));
    this.#activity.subscribe((activity) => {
      if (activity.type !== 'analysed') return;
      const boxes = activity.records.flatMap(({ box }) => (box ? [box] : []));
      this.previews.offer({ frame: activity.live.lease.frame, nowMs: activity.at, boxes });
    });
    this.#activity.subscribe((activity) => this.#ask(activity));
  }

  #arrive(live: LiveFrame): void {
    this.#blackOut(live.lease.frame); // before anybody sees it
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#fallSilent(), SILENCE_MS);
    this.#activity.next({ type: 'arrived', live, at: this.#options.now() });
    this.#frames.next(live);
  }

  #tell(analysed: AnalysedFrame): void {
    this.#activity.next({ type: 'analysed', ...analysed, at: this.#options.now() });
    analysed.live.lease.release();
  }

  /** A fault in asking costs the question only. */
  #ask(activity: CameraActivity): void {
    const { config, keyframes, onError } = this.#options;
    if (!keyframes) return;
    try {
      if (activity.type === 'silent') keyframes.ended(activity.ended);
      if (activity.type !== 'analysed') return;
      const { live, records, episodes } = activity;
      const { wallTimeMs, lease } = live;
      keyframes.offer({ source: config.id, frame: lease.frame, records, episodes, wallTimeMs });
    } catch (error) {
      onError(error);
    }
  }

  #fallSilent(): void {
    this.#activity.next({ type: 'silent', ended: this.#options.pipeline.finish() });
  }
}
