import { Observable, Subject, type Subscription } from 'rxjs';
import { type Areas, roundAreas } from '../domain/areas.js';
import type { CameraTest } from '../domain/camera-test.js';
import { AffectError, errorWords } from '../domain/errors.js';
import type { CameraConfig, CameraState, LiveEvent, LiveInsight, Preview, SystemStats } from '../domain/live.js';
import type { Logger } from '../domain/logger.js';
import type { FaceRecord } from '../domain/records.js';
import { EpisodeWindow } from '../live/episode-window.js';
import { InsightWindow } from '../live/insight-window.js';
import type {
  EpisodeQuery,
  EventNumbering,
  FacesWanted,
  InsightQuery,
  LiveSystem,
  RecentEpisode,
  SystemInfo,
} from '../live/live-system.js';
import type { PreviewOptions } from '../live/preview-hub.js';
import { asMeant, type KnownCamera } from '../live/same-opened.js';
import type { FaceQuestion } from '../mllm/keyframe-sink.js';
import type { Clock } from '../rx/clock.js';
import { redactCamera } from '../source/camera/redact.js';
import type { Bucket } from './bucket.js';
import { inForce, type Registered } from './camera-register.js';
import type { CameraRequests } from './camera-requests.js';
import type { Bus } from './connection.js';
import { EventFollower, type Numbered } from './event-stream.js';
import { EvidenceDesk } from './evidence.js';
import type { FleetView } from './fleet-view.js';
import type { WantedFeeds } from './wanted-feeds.js';
import { unpackWriting } from './wire.js';

export interface GatewayOptions {
  readonly bus: Bus;
  readonly register: Bucket<Registered>;
  readonly fleet: FleetView;
  readonly requests: CameraRequests;
  readonly feeds: WantedFeeds;
  /** Identity of the stream of events. */
  readonly epoch: string;
  readonly info: SystemInfo;
  readonly retainEpisodes: { readonly ms: number; readonly count: number };
  /** What clients may see at most. */
  readonly preview: PreviewOptions & { readonly enabled: boolean };
  /** Throws CONFIG_INVALID for a camera that no machine may open; addresses are looked up by the machine that does. */
  readonly check: (config: CameraConfig) => void;
  /** Has a camera tried by a machine that reads cameras. */
  readonly test: (config: CameraConfig, blurFaces: boolean) => Promise<CameraTest>;
  /** The numbers of events began anew: whoever follows them must begin anew, too. */
  readonly onReplaced: () => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

const MAX_INSIGHTS = 500;

/** All cameras of an installation, whichever machines read them: what a gateway serves. */
export class GatewaySystem implements LiveSystem {
  readonly events: Observable<LiveEvent>;
  readonly #options: GatewayOptions;
  readonly #told = new Subject<LiveEvent>();
  /** The past, for whoever listens from the start. */
  #early: LiveEvent[] | null = [];
  readonly #episodes: EpisodeWindow;
  readonly #insights: InsightWindow;
  readonly #evidence = new EvidenceDesk();
  readonly #follower: EventFollower;
  readonly #following: (Subscription | { unsubscribe(): void })[] = [];
  #before = 0;
  #heard = 0;
  #caughtUp = false;

  constructor(options: GatewayOptions) {
    const { retainEpisodes, bus, epoch, logger, onReplaced } = options;
    this.#options = options;
    this.#episodes = new EpisodeWindow({ retainMs: retainEpisodes.ms, capacity: retainEpisodes.count });
    this.#insights = new InsightWindow({
      retainMs: retainEpisodes.ms,
      capacity: Math.min(MAX_INSIGHTS, retainEpisodes.count),
    });
    this.#follower = new EventFollower(bus, epoch, {
      sinceMs: retainEpisodes.ms,
      onEvent: (event) => this.#take(event),
      onReplaced,
      logger,
    });
    this.events = new Observable((subscriber) => {
      for (const event of this.#early ?? []) subscriber.next(event);
      return this.#told.subscribe(subscriber);
    });
  }

  /** Facts of the machines that read cameras, once one was heard of. */
  get info(): SystemInfo {
    return { ...this.#options.info, ...this.#options.fleet.info };
  }

  get numbering(): EventNumbering {
    return { epoch: this.#options.epoch, before: this.#before };
  }

  /** Number of the newest event that came here. */
  get heard(): number {
    return this.#heard;
  }

  /** Resolves when the recent past is known. */
  async start(): Promise<void> {
    const { bus, feeds } = this.#options;
    const evidence = bus.connection.subscribe(bus.names.evidence, {
      callback: (error, message) => {
        if (!error) this.#evidence.take(message.data);
      },
    });
    this.#following.push(evidence);
    await this.#follower.start((before) => {
      this.#before = before;
      this.#heard = before;
    });
    this.#caughtUp = true;
    const writings = bus.connection.subscribe(bus.names.writings, {
      callback: (error, message) => {
        const writing = error ? null : unpackWriting(message.data);
        if (writing) this.#told.next({ type: 'writing', ...writing });
      },
    });
    this.#following.push(
      writings,
      feeds.faces.subscribe((event) => this.#told.next(event)),
    );
  }

  /** Whoever listens from now on is told of what follows only. */
  begin(): void {
    this.#early = null;
  }

  close(): void {
    this.#follower.close();
    for (const each of this.#following) each.unsubscribe();
    this.#told.complete();
  }

  cameras(): readonly CameraState[] {
    return this.#options.fleet.states();
  }

  cameraConfig(id: string): CameraConfig | undefined {
    const registered = this.#options.register.entries.get(id)?.value;
    return registered && redactCamera(inForce(registered));
  }

  async addCamera(config: CameraConfig): Promise<CameraState> {
    const { register, check, clock } = this.#options;
    if (register.entries.has(config.id)) {
      throw new AffectError('CAMERA_EXISTS', `camera ${config.id} already exists; choose another id, or replace it`);
    }
    check(config);
    await this.#register(config.id, 0, { config, origin: 'request', drawn: null, addedAtMs: clock.wallTimeMs() });
    return this.#options.fleet.state(config.id)!;
  }

  async replaceCamera(wanted: CameraConfig): Promise<CameraState> {
    const { revision, value } = this.#registered(wanted.id);
    const { config, origin } = this.#asMeant(wanted, value);
    await this.#register(config.id, revision, { ...value, config, origin, drawn: null });
    return this.#options.fleet.state(config.id)!;
  }

  async testCamera(wanted: CameraConfig, { blurFaces }: { readonly blurFaces: boolean }): Promise<CameraTest> {
    const { register, preview, test } = this.#options;
    const { config } = this.#asMeant(wanted, register.entries.get(wanted.id)?.value ?? null);
    return test(config, blurFaces || preview.blurFaces);
  }

  setAreas(id: string, areas: Areas): void {
    const { revision, value } = this.#registered(id);
    this.#register(id, revision, { ...value, drawn: roundAreas(areas) }).catch((error: unknown) => {
      this.#options.logger.warn(`camera ${id}: masks and zones are not in force: ${errorWords(error)}`, { camera: id });
    });
  }

  async removeCamera(id: string): Promise<void> {
    const { register } = this.#options;
    const { revision } = this.#registered(id);
    if (!(await register.remove(id, revision))) throw changedMeanwhile(id);
  }

  stats(): SystemStats {
    return this.#options.fleet.stats();
  }

  async latestFaces(id: string): Promise<readonly FaceRecord[]> {
    this.#registered(id);
    return this.#options.requests.faces(id);
  }

  recentEpisodes(query: EpisodeQuery): readonly RecentEpisode[] {
    return this.#episodes.recent(query, this.#options.clock.wallTimeMs());
  }

  recentInsights(query: InsightQuery): readonly LiveInsight[] {
    return this.#insights.recent(query, this.#options.clock.wallTimeMs());
  }

  async ask(id: string, asked: Omit<FaceQuestion, 'source'>): Promise<LiveInsight> {
    this.#registered(id);
    return this.#options.requests.ask(id, asked);
  }

  async snapshot(id: string, { blurFaces }: { readonly blurFaces: boolean }): Promise<Preview | null> {
    this.#registered(id);
    const { preview, requests } = this.#options;
    return preview.enabled ? requests.snapshot(id, blurFaces || preview.blurFaces) : null;
  }

  previews(id: string, { maxFps, maxSidePx, blurFaces }: PreviewOptions): Observable<Preview> {
    this.#registered(id);
    const { preview, feeds } = this.#options;
    if (!preview.enabled) return new Observable((subscriber) => subscriber.complete());
    return feeds.previews(id, {
      maxFps: Math.min(maxFps, preview.maxFps),
      maxSidePx: Math.min(maxSidePx, preview.maxSidePx),
      blurFaces: blurFaces || preview.blurFaces,
    });
  }

  pushFrame(id: string, jpeg: Uint8Array): void {
    const { bus, requests } = this.#options;
    if (this.#registered(id).value.config.input.type !== 'push') {
      throw new AffectError('CONFIG_INVALID', `camera ${id} does not accept pictures; only cameras of type push do`);
    }
    const most = bus.connection.info?.max_payload ?? Number.POSITIVE_INFINITY;
    if (jpeg.length > most) {
      throw new AffectError(
        'CONFIG_INVALID',
        `the picture has ${jpeg.length} bytes, and the bus takes ${most}; send a smaller one, or raise max_payload of nats-server`,
      );
    }
    requests.push(id, jpeg);
  }

  want(wanted: FacesWanted): void {
    this.#options.feeds.want(wanted);
  }

  ready(): boolean {
    return this.#caughtUp && this.#options.bus.connected;
  }

  /** Throws CONFIG_INVALID for what the request says anew and no machine may open. */
  #asMeant(wanted: CameraConfig, registered: Registered | null): KnownCamera {
    const known = registered && { config: inForce(registered), origin: registered.origin };
    const meant = asMeant(wanted, 'request', { known, redact: redactCamera });
    if (meant.config === wanted) this.#options.check(wanted);
    return meant;
  }

  #registered(id: string) {
    const entry = this.#options.register.entries.get(id);
    if (entry) return entry;
    throw new AffectError('CAMERA_UNKNOWN', `there is no camera ${id}`);
  }

  async #register(id: string, revision: number, value: Registered): Promise<void> {
    if ((await this.#options.register.write(id, value, revision)) === null) throw changedMeanwhile(id);
  }

  #take({ seq, atMs, event: kept }: Numbered): void {
    this.#heard = seq;
    if (!kept) return;
    const event = this.#evidence.complete(kept);
    const { fleet } = this.#options;
    if (event.type === 'episode') this.#episodes.add(event.episode, event.wallTimeMs);
    if (event.type === 'insight') this.#insights.add(event);
    if (event.type === 'state') fleet.tell(event.state);
    if (event.type === 'removed') {
      fleet.forget(event.source);
      this.#episodes.dropSource(event.source);
      this.#insights.dropSource(event.source);
    }
    const told: LiveEvent = { ...event, numbered: { seq, atMs } };
    this.#early?.push(told);
    this.#told.next(told);
  }
}

const changedMeanwhile = (id: string): AffectError =>
  new AffectError('CONFIG_INVALID', `camera ${id} was changed elsewhere at the same moment; look at it and try again`);
