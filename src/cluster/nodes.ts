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

/** What a node says of itself, each second. */
export interface NodeReport {
  readonly node: string;
  /** Of this run of the process. */
  readonly instance: string;
  readonly roles: readonly ClusterRole[];
  /** Most cameras that it takes; 0 where it takes none. */
  readonly capacity: number;
  readonly system: Omit<SystemStats, 'cameras' | 'clients'>;
  readonly info: Pick<SystemInfo, 'actionUnits' | 'device' | 'models'> | null;
  readonly cameras: readonly HeldCamera[];
}

/** How often a node reports. */
export const REPORT_EVERY_MS = 1_000;

/** Nodes that were heard of. */
export class Nodes {
  readonly #reports = new Map<string, { readonly report: NodeReport; readonly atMs: number }>();
  readonly #heard = new Subject<NodeReport>();

  /** @param aliveMs - a node that was not heard of for so long is gone */
  constructor(private readonly aliveMs: number) {}

  /** Each report as it comes. */
  get heard(): Observable<NodeReport> {
    return this.#heard;
  }

  take(report: NodeReport, nowMs: number): void {
    this.#reports.set(report.node, { report, atMs: nowMs });
    this.#heard.next(report);
  }

  /** Those that live, by name. */
  alive(nowMs: number): ReadonlyMap<string, NodeReport> {
    for (const [node, { atMs }] of this.#reports) if (nowMs - atMs > this.aliveMs) this.#reports.delete(node);
    return new Map([...this.#reports].map(([node, { report }]) => [node, report]));
  }

  close(): void {
    this.#heard.complete();
  }
}

/** Listens to what nodes report, and asks them to at once. @returns what ends it */
export function followNodes({ connection, names, returns }: Bus, nodes: Nodes): () => void {
  const subscription = connection.subscribe(names.allNodes, {
    callback: (error, message) => {
      const report = error ? null : unpack<NodeReport>(message.data)?.header;
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

/** Reports each second, and when it is asked. @returns what ends it, with the word that this node takes no cameras any more */
export function reportNode(bus: Bus, report: () => NodeReport): () => void {
  const { connection, names } = bus;
  const tell = (): void => {
    if (!bus.connected) return; // nothing old is told later
    const said = report();
    connection.publish(names.node(said.node), pack(said));
  };
  tell();
  const timer = setInterval(tell, REPORT_EVERY_MS);
  const subscription = connection.subscribe(names.rollCall, { callback: (error) => (error ? undefined : tell()) });
  return () => {
    clearInterval(timer);
    subscription.unsubscribe();
    const last = report();
    if (bus.connected) connection.publish(names.node(last.node), pack({ ...last, capacity: 0 }));
  };
}
