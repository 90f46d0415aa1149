import type { CameraState, CameraStats, SystemStats } from '../domain/live.js';
import type { SystemInfo } from '../live/live-system.js';
import type { Clock } from '../rx/clock.js';
import type { Bucket } from './bucket.js';
import { inForce, type Registered } from './camera-register.js';
import { orphanedState, startingState } from './camera-states.js';
import type { HeldCamera, Nodes } from './nodes.js';

export interface FleetOptions {
  readonly register: Pick<Bucket<Registered>, 'entries'>;
  readonly nodes: Nodes;
  /** A camera that no node reports for so long has none. */
  readonly orphanedMs: number;
  /** Since when the bus is connected, as the clock counts; null while it is not: then nobody’s silence counts. */
  readonly connectedSinceMs: () => number | null;
  readonly clients: () => number;
  readonly clock: Clock;
}

/** States and numbers of all cameras, put together from what nodes report and tell. */
export class FleetView {
  readonly #options: FleetOptions;
  readonly #states = new Map<string, CameraState>();
  /** When each camera was last reported by a node; the first look counts as one. */
  readonly #reportedMs = new Map<string, number>();
  readonly #startedMs: number;

  constructor(options: FleetOptions) {
    this.#options = options;
    this.#startedMs = options.clock.nowMs();
  }

  /** A state that a camera told. */
  tell(state: CameraState): void {
    this.#states.set(state.id, state);
  }

  forget(camera: string): void {
    this.#states.delete(camera);
    this.#reportedMs.delete(camera);
  }

  states(): readonly CameraState[] {
    return [...this.#options.register.entries.keys()].flatMap((camera) => this.state(camera) ?? []);
  }

  state(camera: string): CameraState | undefined {
    const registered = this.#options.register.entries.get(camera)?.value;
    if (!registered) return undefined;
    const held = this.#held().get(camera);
    if (held) return held.state;
    if (this.#isOrphaned(camera)) {
      const told = this.#states.get(camera);
      const since = told?.status === 'waiting' ? new Date(told.since) : new Date();
      return orphanedState(inForce(registered), since);
    }
    return this.#states.get(camera) ?? startingState(inForce(registered));
  }

  /** What a camera told or was reported to be last. */
  told(camera: string): CameraState | undefined {
    return this.#states.get(camera);
  }

  /** Cameras that are in the register no longer, that no node reports, and of whose removal nobody has told. */
  removed(): readonly string[] {
    const held = this.#held();
    return [...this.#states.keys()].filter(
      (camera) => !this.#options.register.entries.has(camera) && !held.has(camera) && this.#isOrphaned(camera),
    );
  }

  /** Cameras that no node holds. */
  orphaned(): readonly string[] {
    this.#held();
    return [...this.#options.register.entries.keys()].filter((camera) => this.#isOrphaned(camera));
  }

  /** What the machines that read cameras say of their models; nothing before one was heard of. */
  get info(): Partial<SystemInfo> {
    for (const { info } of this.#alive()) if (info) return info;
    return {};
  }

  /** Numbers of all machines together; the greatest lag of an event loop. */
  stats(): SystemStats {
    const reports = this.#alive();
    const sum = (of: (system: (typeof reports)[number]['system']) => number): number =>
      reports.reduce((total, { system }) => total + of(system), 0);
    const cameras: CameraStats[] = [...this.#held().values()].map(({ stats }) => stats);
    return {
      uptimeSeconds: (this.#options.clock.nowMs() - this.#startedMs) / 1000,
      rssBytes: sum(({ rssBytes }) => rssBytes),
      lanes: sum(({ lanes }) => lanes),
      laneRestarts: sum(({ laneRestarts }) => laneRestarts),
      eventLoopLagMs: Math.max(0, ...reports.map(({ system }) => system.eventLoopLagMs)),
      clients: this.#options.clients(),
      cameras,
    };
  }

  #alive() {
    const { nodes, clock } = this.#options;
    return [...nodes.alive(clock.nowMs()).values()];
  }

  /** Of two nodes that report a camera, the one that took it later. */
  #held(): ReadonlyMap<string, HeldCamera> {
    const nowMs = this.#options.clock.nowMs();
    const held = new Map<string, HeldCamera>();
    for (const { cameras } of this.#alive()) {
      for (const camera of cameras) {
        const { id } = camera.state;
        const other = held.get(id);
        if (!other || other.fence < camera.fence) held.set(id, camera);
      }
    }
    for (const [camera, { state }] of held) {
      this.#reportedMs.set(camera, nowMs);
      // What is known when nobody reports any more.
      if (this.#options.register.entries.has(camera)) this.#states.set(camera, state);
    }
    return held;
  }

  #isOrphaned(camera: string): boolean {
    const nowMs = this.#options.clock.nowMs();
    const reported = this.#reportedMs.get(camera);
    if (reported === undefined) this.#reportedMs.set(camera, nowMs);
    const connectedMs = this.#options.connectedSinceMs() ?? nowMs;
    return nowMs - Math.max(reported ?? nowMs, connectedMs) > this.#options.orphanedMs;
  }
}
