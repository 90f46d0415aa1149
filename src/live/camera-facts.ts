import { type CameraState, type CameraStats, DROP_REASONS, type DropReason, type SourceState } from '../domain/live.js';
import type { FaceRecord } from '../domain/records.js';
import type { Reduced } from '../domain/reduced.js';
import type { CameraActivity } from './camera-activity.js';
import { Lateness } from './lateness.js';
import { RollingWindow } from './rolling-window.js';

const RATE_WINDOW_MS = 5_000;
const LATENCY_WINDOW_MS = 10_000;
const windowOf = (windowMs: number) => new RollingWindow({ windowMs, capacity: 2_000 });

/** What is known of one camera now: its state, its numbers over the last seconds, its newest faces. Fed by `take`. */
export class CameraFacts {
  readonly #id: string;
  readonly #since: number;
  readonly #reduced: () => Reduced | null;
  readonly #arrivals = windowOf(RATE_WINDOW_MS);
  readonly #results = windowOf(RATE_WINDOW_MS);
  readonly #latencies = windowOf(LATENCY_WINDOW_MS);
  readonly #dropped = Object.fromEntries(DROP_REASONS.map((reason) => [reason, 0])) as Record<DropReason, number>;
  #lateness = new Lateness();
  #source: SourceState | undefined;
  #analysed = 0;
  #faces = 0;
  #latest: readonly FaceRecord[] = [];
  #tried = false;

  constructor(camera: { readonly id: string; readonly since: number; readonly reduced: () => Reduced | null }) {
    this.#id = camera.id;
    this.#since = camera.since;
    this.#reduced = camera.reduced;
  }

  take(activity: CameraActivity, now: number): void {
    switch (activity.type) {
      case 'source':
        this.#source = activity.state;
        if (activity.state.status !== 'running') this.#lateness = new Lateness();
        break;
      case 'ended':
        this.#tried = true;
        break;
      case 'arrived':
        this.#tried = true;
        this.#arrivals.add(activity.at, 1);
        this.#lateness.arrived(activity.live, activity.at);
        break;
      case 'dropped':
        if (isArrival(activity)) this.#arrivals.add(now, activity.count);
        this.#dropped[activity.reason] += activity.count;
        break;
      case 'analysed':
        this.#lateness.shown(activity.live, activity.at);
        this.#analysed += 1;
        this.#faces = activity.records.filter(({ box }) => box !== null).length;
        this.#latest = activity.records;
        this.#results.add(activity.at, 1);
        this.#latencies.add(activity.at, activity.at - activity.live.arrivedAt);
        break;
      case 'silent':
        this.#faces = 0;
        this.#latest = [];
        break;
      case 'decode-error':
        break; // The source counts it in its state.
    }
  }

  /** Records of the newest analysed frame; empty before the first, and in silence. */
  get latestFaces(): readonly FaceRecord[] {
    return this.#latest;
  }

  /** True once the source has delivered a frame or ended for the first time. */
  get tried(): boolean {
    return this.#tried;
  }

  /** Milliseconds that the analysis is behind; null while it keeps up. */
  behindMs(now: number): number | null {
    return this.#lateness.behindMs(now);
  }

  /** Undefined before the source has told its first. */
  state(now: number): CameraState | undefined {
    const { behindSince } = this.#lateness;
    return this.#source && { ...this.#source, behindSince, behindMs: this.behindMs(now), reduced: this.#reduced() };
  }

  stats(now: number): CameraStats {
    const ranks = this.#latencies.percentiles(now, [50, 95, 99]);
    const source = this.#source;
    return {
      id: this.#id,
      inputFps: this.#arrivals.rate(now, this.#since),
      analysedFps: this.#results.rate(now, this.#since),
      dropped: { ...this.#dropped },
      analysed: this.#analysed,
      attempts: source?.attempts ?? 0,
      retryAt: source?.retryAt ?? null,
      lastEnd: source?.lastEnd ?? null,
      reconnects: source?.reconnects ?? 0,
      decodeErrors: source?.decodeErrors ?? 0,
      behindMs: this.behindMs(now),
      latencyMs: ranks && { p50: ranks[0]!, p95: ranks[1]!, p99: ranks[2]! },
      faces: this.#faces,
    };
  }
}

/** Whether frames that were dropped count as arrived: not those over the rate that was set, nor those told before. */
export function isArrival({ unseen, reason }: Extract<CameraActivity, { type: 'dropped' }>): boolean {
  return unseen && reason !== 'rate-limited';
}
