import { isDeepStrictEqual } from 'node:util';
import type { Subscription } from 'rxjs';
import { errorWords } from '../domain/errors.js';
import type { LiveEvent } from '../domain/live.js';
import type { Logger } from '../domain/logger.js';
import { micros } from '../domain/units.js';
import type { CameraStart, LiveCameras } from '../live/live-cameras.js';
import type { Clock } from '../rx/clock.js';
import type { Bucket } from './bucket.js';
import { inForce, type Registered } from './camera-register.js';
import { answerRequests } from './camera-requests.js';
import { failedState } from './camera-states.js';
import type { Bus } from './connection.js';
import { type Beginning, beginningOf, EventPublisher, eventBus } from './event-publisher.js';
import { packEvidence } from './evidence.js';
import { LeaseKeeper, type TakenCamera } from './lease-keeper.js';
import type { HeldCamera, Nodes, Presence } from './nodes.js';
import type { Lease } from './plan-leases.js';
import { PreviewSender } from './preview-sender.js';
import { unpackWants, WantTable } from './wants.js';
import { cameraOf, packFaces, packWriting, type Told } from './wire.js';

export interface IngestOptions {
  readonly bus: Bus;
  readonly node: string;
  readonly cameras: LiveCameras;
  readonly register: Bucket<Registered>;
  readonly leases: Bucket<Lease>;
  readonly nodes: Nodes<Presence>;
  readonly leaseMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A camera that this node reads. */
interface Held {
  readonly publisher: EventPublisher;
  readonly fence: number;
  readonly stopAnswers: () => void;
  /** Steps with it, one after the other. */
  steps: Promise<void>;
  registered: Registered;
  /** Being stopped for another machine, which will tell of it: nobody is to hear that it is removed. */
  handingOver: boolean;
  highestTrack: number;
}

/** Time to tell the last events of a camera before another machine may have it. */
const LAST_WORDS_MS = 1_000;

/** Reads this node's share of the cameras, and tells the bus what they tell. */
export class IngestNode {
  readonly #options: IngestOptions;
  readonly #keeper: LeaseKeeper;
  readonly #held = new Map<string, Held>();
  readonly #wants = new WantTable();
  readonly #previews: PreviewSender;
  readonly #following: (Subscription | { unsubscribe(): void })[];

  constructor(options: IngestOptions) {
    const { bus, node, cameras, register, leases, nodes, leaseMs, clock, logger } = options;
    this.#options = options;
    this.#previews = new PreviewSender({ bus, cameras, wants: this.#wants, clock });
    this.#keeper = new LeaseKeeper({
      me: node,
      leases,
      returns: bus.returns,
      leaseMs,
      cameras: () => [...register.entries.keys()],
      nodes: () => {
        const alive = [...nodes.alive(clock.nowMs()).values()].filter(({ capacity }) => capacity > 0);
        return new Map(alive.map(({ node: name, capacity }) => [name, { capacity }]));
      },
      tracksOf: (camera) => this.#held.get(camera)?.highestTrack ?? 0,
      isConnected: () => bus.connected,
      clock,
      logger,
    });
    const wants = bus.connection.subscribe(bus.names.wants, {
      callback: (error, message) => {
        const told = error ? null : unpackWants(message.data);
        if (!told) return;
        this.#wants.take(told, clock.nowMs());
        this.#previews.look(this.#held.keys());
      },
    });
    this.#following = [
      wants,
      cameras.events.subscribe((event) => this.#tell(event)),
      register.changes.subscribe((camera) => this.#changed(camera)),
      this.#keeper.taken.subscribe((taken) => void this.#open(taken)),
      this.#keeper.lost.subscribe((camera) => void this.#stop(camera)),
    ];
  }

  start(): void {
    this.#keeper.start((camera) => this.#stop(camera));
  }

  /** What it holds now, for its report. */
  get held(): readonly HeldCamera[] {
    const { cameras } = this.#options;
    const stats = new Map(cameras.stats().cameras.map((each) => [each.id, each]));
    return cameras.cameras().flatMap((state) => {
      const [held, numbers] = [this.#held.get(state.id), stats.get(state.id)];
      return held && numbers ? [{ fence: held.fence, state, stats: numbers }] : [];
    });
  }

  /** Whether a camera is being stopped here because another machine reads it. */
  isHandedOver(camera: string): boolean {
    return this.#held.get(camera)?.handingOver ?? false;
  }

  /** Gives its cameras to others, each once its last words are told. */
  async close(): Promise<void> {
    await this.#keeper.close((camera) => this.#stop(camera));
    this.#previews.close();
    for (const each of this.#following) each.unsubscribe();
  }

  async #open({ camera, fence, tracks, abandoned }: TakenCamera): Promise<void> {
    const { bus, register, cameras, clock, logger } = this.#options;
    const registered = register.entries.get(camera)?.value;
    await this.#held.get(camera)?.steps; // it may come back while it is still being stopped
    if (!registered || this.#keeper.held.get(camera)?.fence !== fence) return;
    const isMine = (): Promise<boolean> => this.#keeper.isMine(camera);
    const begin = (): Promise<Beginning> => beginningOf(bus, camera, abandoned);
    const publisher = new EventPublisher({ camera, bus: eventBus(bus), begin, isMine, clock, logger });
    const held: Held = {
      publisher,
      fence,
      stopAnswers: answerRequests(bus, camera, cameras),
      steps: Promise.resolve(),
      registered,
      handingOver: false,
      highestTrack: tracks,
    };
    this.#held.set(camera, held);
    logger.info(`camera ${camera}: this machine reads it now`, { camera });
    this.#step(camera, held, async () => {
      await cameras.addCamera(inForce(registered), registered.origin, this.#startOf(held));
      this.#previews.look([camera]);
    });
  }

  /** Time and numbers of faces go on where they were, whoever read the camera. */
  #startOf({ registered, highestTrack }: Held): CameraStart {
    const sinceMs = Math.max(0, this.#options.clock.wallTimeMs() - registered.addedAtMs);
    return { ptsUs: micros(sinceMs * 1000), firstTrack: highestTrack + 1 };
  }

  async #stop(camera: string): Promise<number> {
    const held = this.#held.get(camera);
    if (!held) return 0;
    const { register, cameras } = this.#options;
    held.handingOver = register.entries.has(camera);
    this.#step(camera, held, async () => {
      if (this.#held.get(camera) !== held) return;
      this.#previews.end(camera);
      held.stopAnswers();
      if (cameras.cameraConfig(camera)) await cameras.removeCamera(camera);
      await held.publisher.close(LAST_WORDS_MS);
      this.#held.delete(camera);
    });
    await held.steps;
    return held.highestTrack;
  }

  /** A camera of the register was changed: masks and zones at once, the rest by opening it again. */
  #changed(camera: string): void {
    const { register, cameras } = this.#options;
    const held = this.#held.get(camera);
    const next = register.entries.get(camera)?.value;
    if (!held || !next || isDeepStrictEqual(next, held.registered)) return;
    const before = held.registered;
    held.registered = next;
    this.#step(camera, held, async () => {
      const same = isDeepStrictEqual(next.config, before.config) && next.origin === before.origin;
      const { masks, zones } = inForce(next);
      if (same) cameras.setAreas(camera, { masks, zones });
      else if (cameras.cameraConfig(camera))
        await cameras.replaceCamera(inForce(next), next.origin, this.#startOf(held));
      else await cameras.addCamera(inForce(next), next.origin, this.#startOf(held));
    });
  }

  /** What cannot be opened is told as the camera's state: the reason is for whoever added it, anywhere. */
  #step(camera: string, held: Held, step: () => Promise<void>): void {
    held.steps = held.steps.then(step).catch((error: unknown) => {
      const words = errorWords(error);
      this.#options.logger.warn(`camera ${camera}: ${words}`, { camera });
      const known = this.#options.cameras.cameraConfig(camera) !== undefined;
      if (!known) held.publisher.tell({ type: 'state', state: failedState(held.registered.config, words) });
    });
  }

  #tell(event: LiveEvent): void {
    const { bus, clock } = this.#options;
    switch (event.type) {
      case 'faces': {
        for (const { track } of event.records) this.#noteTrack(event.source, track ?? 0);
        const wanted = this.#wants.faces(event.source, clock.nowMs());
        if (wanted === 'no' || !bus.connected) return;
        bus.connection.publish(bus.names.faces(event.source), packFaces(event, wanted === 'with-landmarks'));
        return;
      }
      case 'writing': {
        if (!bus.connected) return;
        const { type: _, ...writing } = event;
        bus.connection.publish(bus.names.writings, packWriting(writing));
        return;
      }
      case 'silent':
        return; // Gateways see it in states.
      default:
        this.#tellNumbered(event);
    }
  }

  #tellNumbered(event: Told): void {
    const held = this.#held.get(cameraOf(event));
    // A face may be told of in an episode alone: the frame that it was found in came to no end.
    if (event.type === 'episode') this.#noteTrack(event.source, event.episode.track);
    const isOver = event.type === 'removed' || (event.type === 'state' && event.state.status === 'stopped');
    if (!held || (held.handingOver && isOver)) return;
    const { bus } = this.#options;
    const picture = event.type === 'insight' ? packEvidence(event) : null;
    if (picture && bus.connected) bus.connection.publish(bus.names.evidence, picture);
    held.publisher.tell(event);
  }

  #noteTrack(camera: string, track: number): void {
    const held = this.#held.get(camera);
    if (held && track > held.highestTrack) held.highestTrack = track;
  }
}
