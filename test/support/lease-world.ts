import { Subject } from 'rxjs';
import { LeaseKeeper, type TakenCamera } from '../../src/cluster/lease-keeper.js';
import { Nodes } from '../../src/cluster/nodes.js';
import type { Lease } from '../../src/cluster/plan-leases.js';
import { ManualClock, settled } from './manual-clock.js';
import { type MemoryBucket, MemoryStore } from './memory-bucket.js';
import { nodeReport } from './node-report.js';

export const LEASE_MS = 3_000;
const REPORT_MS = 1_000;
const LOOK_MS = 100;

/** One process of a world: what it was told of its cameras, and what can happen to it. */
export class Member {
  readonly keeper: LeaseKeeper;
  readonly bucket: MemoryBucket<Lease>;
  /** What it reads, as it was told. */
  readonly reads = new Map<string, TakenCamera>();
  readonly log: string[] = [];
  /** Cameras that it has not heard of yet. */
  readonly unheard = new Set<string>();
  readonly nodes = new Nodes(LEASE_MS);
  readonly #returns = new Subject<void>();
  readonly #world: LeaseWorld;
  #connected = true;
  isCut = false;
  isDead = false;
  /** Resolved when told: a camera that takes long to stop. */
  stopping: Promise<void> = Promise.resolve();

  constructor(
    readonly name: string,
    readonly capacity: number,
    world: LeaseWorld,
  ) {
    this.#world = world;
    this.bucket = world.store.open();
    const say = (line: string): void => void this.log.push(line);
    this.keeper = new LeaseKeeper({
      me: name,
      leases: this.bucket,
      returns: this.#returns,
      leaseMs: LEASE_MS,
      cameras: () => [...world.cameras].filter((camera) => !this.unheard.has(camera)),
      nodes: () => this.nodes.alive(world.clock.nowMs()),
      isConnected: () => this.#connected,
      tracksOf: (camera) => world.tracks.get(camera) ?? 0,
      clock: {
        nowMs: () => world.clock.nowMs(),
        wallTimeMs: () => world.clock.wallTimeMs(),
        after: (delayMs, run) => world.clock.after(delayMs, () => (this.isDead ? undefined : run())),
      },
      logger: { warn: say, debug: () => undefined },
    });
    this.keeper.taken.subscribe((taken) => this.reads.set(taken.camera, taken));
    this.keeper.lost.subscribe((camera) => this.reads.delete(camera));
  }

  get cameras(): string[] {
    return [...this.reads.keys()].sort();
  }

  readonly stop = async (camera: string): Promise<number> => {
    await this.stopping;
    this.reads.delete(camera);
    return this.#world.tracks.get(camera) ?? 0;
  };

  /** Gone without a word. */
  kill(): void {
    this.isDead = true;
    this.bucket.cut();
    this.reads.clear();
  }

  /** @param noticed - it knows that its connection is gone */
  cut(noticed = true): void {
    this.isCut = true;
    this.#connected = !noticed;
    this.bucket.cut();
  }

  /** @param lists - hears at once what it missed */
  heal(lists = true): void {
    this.isCut = false;
    this.#connected = true;
    this.bucket.heal(lists);
    this.#returns.next();
    this.#world.report();
  }
}

/** Keepers on one store and one clock, who hear each other's reports. */
export class LeaseWorld {
  readonly clock = new ManualClock();
  readonly store = new MemoryStore<Lease>();
  readonly cameras = new Set<string>();
  /** Highest number of a face by camera. */
  readonly tracks = new Map<string, number>();
  readonly #members: Member[] = [];

  constructor() {
    const report = (): void => {
      this.report();
      this.clock.after(REPORT_MS, report);
    };
    report();
  }

  join(name: string, capacity = 8): Member {
    const member = new Member(name, capacity, this);
    this.#members.push(member);
    this.report();
    member.keeper.start(member.stop);
    return member;
  }

  leave(member: Member): Promise<void> {
    this.#members.splice(this.#members.indexOf(member), 1);
    for (const { nodes } of this.#members) nodes.take(nodeReport(member.name, { capacity: 0 }), this.clock.nowMs());
    return member.keeper.close(member.stop);
  }

  /** All who live tell all others that they do. */
  report(): void {
    const heard = this.#members.filter(({ isCut, isDead }) => !isCut && !isDead);
    for (const { nodes } of heard) {
      for (const { name, capacity } of heard) nodes.take(nodeReport(name, { capacity }), this.clock.nowMs());
    }
  }

  /** Who reads each camera; more than one only if one of them is cut off. */
  get readers(): Record<string, string> {
    const readers = [...this.cameras].sort().map((camera) => {
      const names = this.#members.filter(({ reads }) => reads.has(camera)).map(({ name }) => name);
      return [camera, names.join('+')];
    });
    return Object.fromEntries(readers);
  }

  /** Moves on, and looks on the way. @returns what was found wrong: cameras with two readers who can both be heard */
  async run(ms: number): Promise<string[]> {
    const wrong: string[] = [];
    for (let at = 0; at < ms; at += LOOK_MS) {
      await this.clock.advance(Math.min(LOOK_MS, ms - at));
      await settled();
      wrong.push(...this.#wrong());
    }
    return wrong;
  }

  #wrong(): string[] {
    const wrong: string[] = [];
    const heard = this.#members.filter(({ isCut, isDead }) => !isCut && !isDead);
    for (const { name, keeper, cameras, isDead } of this.#members) {
      if (isDead) continue;
      const held = [...keeper.held.keys()].sort().join();
      if (held !== cameras.join()) wrong.push(`${name} holds ${held} and reads ${cameras.join()}`);
    }
    for (const camera of this.store.truth.keys()) {
      const readers = heard.filter(({ reads }) => reads.has(camera)).map(({ name }) => name);
      if (readers.length > 1) wrong.push(`${camera} is read by ${readers.join(' and ')} at ${this.clock.nowMs()} ms`);
    }
    return wrong;
  }
}
