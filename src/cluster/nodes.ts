import { type Observable, Subject } from 'rxjs';
import type { ClusterRole } from '../domain/cluster.js';
import type { CameraState, CameraStats, SystemStats } from '../domain/live.js';
import type { SystemInfo } from '../live/live-system.js';
import type { Bus } from './connection.js';
import { pack, unpack } from './wire.js';

/** A camera as the node that holds it knows it. */
export interface HeldCamera {
  readonly fence: number;
  readonly state: CameraState;
  readonly stats: CameraStats;
}

/** That a node is there, which all others are told each second. */
export interface Presence {
  readonly node: string;
  /** Of this run of the process. */
  readonly instance: string;
  readonly roles: readonly ClusterRole[];
  /** Most cameras that it takes; 0 where it takes none. */
  readonly capacity: number;
}

/** What a node says of itself each second to gateways, which alone show it: it grows with its cameras. */
export interface NodeReport extends Presence {
  readonly system: Omit<SystemStats, 'cameras' | 'clients'>;
  readonly info: Pick<SystemInfo, 'actionUnits' | 'device' | 'models'> | null;
  readonly cameras: readonly HeldCamera[];
}

/** How often a node reports. */
export const REPORT_EVERY_MS = 1_000;

/** Nodes that were heard of, by what they said last. */
export class Nodes<R extends Presence = NodeReport> {
  readonly #reports = new Map<string, { readonly report: R; readonly atMs: number }>();
  readonly #heard = new Subject<R>();

  /** @param aliveMs - a node that was not heard of for so long is gone */
  constructor(private readonly aliveMs: number) {}

  /** Each report as it comes. */
  get heard(): Observable<R> {
    return this.#heard;
  }

  take(report: R, nowMs: number): void {
    this.#reports.set(report.node, { report, atMs: nowMs });
    this.#heard.next(report);
  }

  /** Those that live, by name. */
  alive(nowMs: number): ReadonlyMap<string, R> {
    for (const [node, { atMs }] of this.#reports) if (nowMs - atMs > this.aliveMs) this.#reports.delete(node);
    return new Map([...this.#reports].map(([node, { report }]) => [node, report]));
  }

  close(): void {
    this.#heard.complete();
  }
}

/** Hears who is there, and asks all to say so at once. @returns what ends it */
export const followNodes = (bus: Bus, nodes: Nodes<Presence>): (() => void) => follow(bus, bus.names.allNodes, nodes);

/** Hears what nodes report of themselves and their cameras, and asks them to at once. @returns what ends it */
export const followReports = (bus: Bus, reports: Nodes): (() => void) => follow(bus, bus.names.allReports, reports);

function follow<R extends Presence>({ connection, names, returns }: Bus, subject: string, nodes: Nodes<R>): () => void {
  const subscription = connection.subscribe(subject, {
    callback: (error, message) => {
      const report = error ? null : unpack<R>(message.data)?.header;
      if (report) nodes.take(report, performance.now());
    },
  });
  const call = (): void => connection.publish(names.rollCall);
  call();
  const calling = returns.subscribe(call);
  return () => {
    calling.unsubscribe();
    subscription.unsubscribe();
  };
}

/** Tells of this node each second, and when it is asked. @returns what ends it, with the word that it takes no cameras any more */
export function reportNode(bus: Bus, report: () => NodeReport): () => void {
  const { connection, names } = bus;
  const present = ({ node, instance, roles, capacity }: Presence): void =>
    connection.publish(names.node(node), pack({ node, instance, roles, capacity } satisfies Presence));
  const tell = (): void => {
    if (!bus.connected) return; // nothing old is told later
    const said = report();
    present(said);
    connection.publish(names.report(said.node), pack(said));
  };
  tell();
  const timer = setInterval(tell, REPORT_EVERY_MS);
  const subscription = connection.subscribe(names.rollCall, { callback: (error) => (error ? undefined : tell()) });
  return () => {
    clearInterval(timer);
    subscription.unsubscribe();
    if (bus.connected) present({ ...report(), capacity: 0 });
  };
}
