import { type Observable, Subject, type Subscription } from 'rxjs';
import { errorWords } from '../domain/errors.js';
import type { Logger } from '../domain/logger.js';
import type { Clock } from '../rx/clock.js';
import type { Bucket, Entry } from './bucket.js';
import { type Lease, type LeaseView, PATIENCE, planLeases } from './plan-leases.js';

/** A camera that is this node's now, and where its past ends. */
export interface TakenCamera {
  readonly camera: string;
  readonly fence: number;
  /** Highest number of a face that an earlier holder may have told. */
  readonly tracks: number;
  /** The holder before gave no word of leaving: what went on there has no end yet. */
  readonly abandoned: boolean;
}

/** Ends a camera here, its last events told. @returns highest number of a face that it told */
export type StopCamera = (camera: string) => Promise<number>;

export interface LeaseKeeperOptions {
  readonly me: string;
  readonly leases: Pick<Bucket<Lease>, 'entries' | 'changes' | 'write' | 'remove'>;
  /** Each time the bus is there again: of what was not heard meanwhile nothing follows. */
  readonly returns: Observable<void>;
  readonly leaseMs: number;
  readonly cameras: () => readonly string[];
  readonly nodes: () => LeaseView['nodes'];
  /** Highest number of a face so far at a camera that is held. */
  readonly tracksOf: (camera: string) => number;
  /** Nothing is decided on old news while the store cannot be reached. */
  readonly isConnected: () => boolean;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn' | 'debug'>;
}

/** Numbers of faces that a holder may have given since it last renewed its lease. */
const TRACKS_UNSEEN = 1000;
/** Ticks in a lease time: one in two renews. */
const TICKS = 6;
const NEVER_HELD: Entry<Lease> = { value: { node: null, fence: 0, tracks: 0 }, revision: 0 };

interface Held {
  readonly fence: number;
  revision: number;
  renewedMs: number;
  /** Highest number of a face that is known here; never less than what the holder before told. */
  tracks: number;
}

/** Holds this node's share of the cameras: takes, renews, gives back. What it tells is acted upon by others. */
export class LeaseKeeper {
  readonly #options: LeaseKeeperOptions;
  readonly #held = new Map<string, Held>();
  readonly #seen = new Map<string, { readonly revision: number; readonly atMs: number }>();
  readonly #taken = new Subject<TakenCamera>();
  readonly #lost = new Subject<string>();
  readonly #following: readonly Subscription[];
  readonly #busy = new Map<string, Promise<void>>();
  #turn: () => void = () => undefined;
  #cancelTurn: () => void = () => undefined;
  #closed = false;

  constructor(options: LeaseKeeperOptions) {
    this.#options = options;
    this.#following = [
      options.leases.changes.subscribe((camera) => {
        this.#look(camera);
        if (options.leases.entries.get(camera)?.value.node === null) this.#soon();
      }),
      options.returns.subscribe(() => this.#seen.clear()),
    ];
  }

  /** Cameras that became this node's. */
  get taken(): Observable<TakenCamera> {
    return this.#taken;
  }

  /** Cameras that are this node's no longer: given back, removed, or taken by another. */
  get lost(): Observable<string> {
    return this.#lost;
  }

  get held(): ReadonlyMap<string, { readonly fence: number }> {
    return this.#held;
  }

  /** @param stop - ends a camera here before others may have it */
  start(stop: StopCamera): void {
    const { leaseMs, isConnected, clock } = this.#options;
    this.#turn = () => {
      this.#cancelTurn();
      if (this.#closed) return;
      if (isConnected()) this.#tick(stop);
      this.#cancelTurn = clock.after(leaseMs / TICKS, this.#turn);
    };
    this.#turn();
  }

  /** A camera became free: it waits for no turn. */
  #soon(): void {
    this.#cancelTurn();
    this.#cancelTurn = this.#options.clock.after(0, this.#turn);
  }

  /** Gives everything back. Idempotent. */
  async close(stop: StopCamera): Promise<void> {
    this.#closed = true;
    this.#cancelTurn();
    for (const each of this.#following) each.unsubscribe();
    await Promise.all([...this.#busy.values()]);
    await Promise.all([...this.#held.keys()].map((camera) => this.#giveBack(camera, stop)));
    this.#taken.complete();
    this.#lost.complete();
  }

  /**
   * Whether a camera is this node's still. The store is asked: news of another holder may come later than this question.
   * Rejects when it cannot be known now.
   */
  async isMine(camera: string): Promise<boolean> {
    const held = this.#held.get(camera);
    return held !== undefined && (await this.#prolong(camera, held));
  }

  #tick(stop: StopCamera): void {
    const { me, leaseMs, cameras, nodes, clock } = this.#options;
    const nowMs = clock.nowMs();
    const known = new Set(cameras());
    this.#sweep(known, nowMs);
    const view = new Map([...known].map((camera) => [camera, this.#leaseOf(camera)]));
    const plan = planLeases({ me, cameras: [...known], leases: view, nodes: nodes(), nowMs, leaseMs });
    for (const camera of plan.take) void this.#take(camera, nowMs);
    for (const camera of plan.give) void this.#giveBack(camera, stop);
    // Last: while a lease is being renewed, it cannot be given back.
    for (const camera of this.#held.keys()) {
      if (!known.has(camera)) void this.#remove(camera, stop);
      else void this.#renew(camera, nowMs);
    }
  }

  /**
   * Leases of cameras that are no more, whose holder is not there to remove them: it died, or was cut off, before the camera was
   * removed. They wait as long as a camera that nobody takes, as the news of a new camera may come after that of its lease.
   */
  #sweep(known: ReadonlySet<string>, nowMs: number): void {
    const { leases, leaseMs } = this.#options;
    for (const camera of this.#seen.keys())
      if (!known.has(camera) && !leases.entries.has(camera)) this.#seen.delete(camera);
    for (const [camera, { revision }] of leases.entries) {
      if (known.has(camera) || this.#held.has(camera)) continue;
      if (nowMs - this.#leaseOf(camera).seenMs <= PATIENCE * leaseMs) continue;
      void this.#once(camera, async () => void (await leases.remove(camera, revision)));
    }
  }

  #leaseOf(camera: string): Lease & { readonly seenMs: number } {
    const { value, revision } = this.#options.leases.entries.get(camera) ?? NEVER_HELD;
    const seen = this.#seen.get(camera);
    const seenMs = seen?.revision === revision ? seen.atMs : this.#note(camera, revision);
    // One of this name that lived before is gone: what it held is free.
    const node = value.node === this.#options.me && !this.#held.has(camera) ? null : value.node;
    return { ...value, node, seenMs };
  }

  #note(camera: string, revision: number): number {
    const atMs = this.#options.clock.nowMs();
    this.#seen.set(camera, { revision, atMs });
    return atMs;
  }

  /** One step at a time with each camera; what the bus does not answer is tried again at a later tick. */
  #once(camera: string, step: () => Promise<void>): Promise<void> {
    if (this.#busy.has(camera)) return Promise.resolve();
    const busy = step()
      .catch((error: unknown) => {
        this.#options.logger.debug(`lease of camera ${camera}: ${errorWords(error)}`, { camera });
      })
      .finally(() => this.#busy.delete(camera));
    this.#busy.set(camera, busy);
    return busy;
  }

  #take(camera: string, nowMs: number): Promise<void> {
    return this.#once(camera, async () => {
      const { me, leases } = this.#options;
      if (this.#held.has(camera)) return;
      const before = leases.entries.get(camera);
      const abandoned = before !== undefined && before.value.node !== null;
      const tracks = (before?.value.tracks ?? 0) + (abandoned ? TRACKS_UNSEEN : 0);
      const fence = (before?.value.fence ?? 0) + 1;
      const revision = await leases.write(camera, { node: me, fence, tracks }, before?.revision ?? 0);
      if (revision === null) return;
      this.#held.set(camera, { fence, revision, renewedMs: nowMs, tracks });
      this.#taken.next({ camera, fence, tracks, abandoned });
    });
  }

  #renew(camera: string, nowMs: number): Promise<void> {
    return this.#once(camera, async () => {
      const held = this.#held.get(camera);
      if (!held || nowMs - held.renewedMs < (2 * this.#options.leaseMs) / TICKS) return;
      await this.#prolong(camera, held);
    });
  }

  /** @returns whether it is this node's still. Rejects when the store does not answer, or why it refuses is not known yet */
  async #prolong(camera: string, held: Held): Promise<boolean> {
    const { me, leases, tracksOf, clock } = this.#options;
    const { fence, revision: before } = held;
    const nowMs = clock.nowMs();
    held.tracks = Math.max(held.tracks, tracksOf(camera));
    const revision = await leases.write(camera, { node: me, fence, tracks: held.tracks }, before);
    if (revision === null) this.#look(camera, true);
    if (this.#held.get(camera) !== held) return false;
    if (revision !== null) {
      held.revision = revision;
      held.renewedMs = nowMs;
    } else if (held.revision === before) throw new Error('another wrote it, and news of that is still to come');
    return true;
  }

  /** Stopped here first, so that its last words are told before another begins. */
  #giveBack(camera: string, stop: StopCamera): Promise<void> {
    return this.#once(camera, async () => {
      const { leases } = this.#options;
      const held = this.#held.get(camera);
      if (!held) return;
      const tracks = Math.max(held.tracks, await stop(camera));
      this.#held.delete(camera);
      this.#lost.next(camera);
      await leases.write(camera, { node: null, fence: held.fence, tracks }, held.revision);
    });
  }

  /** The camera is no more. */
  #remove(camera: string, stop: StopCamera): Promise<void> {
    return this.#once(camera, async () => {
      const held = this.#held.get(camera);
      if (!held) return;
      await stop(camera);
      this.#held.delete(camera);
      this.#lost.next(camera);
      await this.#options.leases.remove(camera, held.revision);
    });
  }

  /** A lease changed: when it names another holder, this one has lost it. */
  #look(camera: string, refused = false): void {
    const held = this.#held.get(camera);
    const entry = this.#options.leases.entries.get(camera);
    if (entry) this.#note(camera, entry.revision);
    else this.#seen.delete(camera);
    if (!held || (!entry && !refused)) return;
    const { node, fence } = entry?.value ?? { node: null, fence: held.fence };
    if (entry && node === this.#options.me && fence === held.fence) {
      held.revision = Math.max(held.revision, entry.revision); // an answer may have been lost: the write was taken
      return;
    }
    if (fence < held.fence) return; // older news
    this.#options.logger.warn(`camera ${camera}: ${node ?? 'nobody'} holds it now; it is given up here`, { camera });
    this.#held.delete(camera);
    this.#lost.next(camera);
  }
}
