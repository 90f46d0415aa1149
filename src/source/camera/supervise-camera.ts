import { BehaviorSubject, type Observable } from 'rxjs';
import type {
  CameraConfig,
  CameraStatus,
  DropReason,
  LiveFrame,
  LiveSource,
  SourceEnd,
  SourceState,
  StreamFacts,
} from '../../domain/live.js';
import { type Micros, type Millis, micros } from '../../domain/units.js';
import { type Clock, SYSTEM_CLOCK } from '../../rx/clock.js';
import { isStream, streamKindOf } from './kinds.js';
import { cameraAddress } from './redact.js';
import { type BackoffOptions, retryDelayMs } from './retry-delay.js';

export interface SuperviseOptions {
  readonly source: LiveSource;
  readonly config: CameraConfig;
  /** Takes every frame over; must release it, must not block or throw. */
  readonly onFrame: (frame: LiveFrame) => void;
  readonly onDrop?: (reason: DropReason, count: number) => void;
  readonly onDecodeError?: () => void;
  /** Every end of a connection, before the pause that follows. */
  readonly onEnd?: (end: SourceEnd) => void;
  /** Media time of the first frame. @default 0 */
  readonly startUs?: Micros;
  readonly backoff?: BackoffOptions;
  /** A running camera without a frame for this long counts as stalled. @default 10000 for 'push', else null: the source watches itself */
  readonly idleMs?: number | null;
  /** Frames for this long make up for earlier failures. @default 10000 */
  readonly healthyMs?: number;
  readonly clock?: Clock;
  /** Uniform in [0, 1). @default Math.random */
  readonly random?: () => number;
}

export interface CameraSupervisor {
  /** The newest state at once, then each change; completes after 'stopped'. */
  readonly states: Observable<SourceState>;
  readonly state: SourceState;
  /** Ends the connection and resolves when its process is gone. Idempotent; no frame is handed on after the call. */
  stop(): Promise<void>;
}

/** A size that changes this soon after opening is a fault to back off from, not a change of scene. */
const STEADY_MS = 1_000;
/** After so many connections in a row that brought frames and soon died, a camera is back once it runs well. */
const UNSTEADY_RUNS = 3;
/** Without a damaged picture for this long, pictures are whole again. */
const WHOLE_AGAIN_MS = 10_000;

/**
 * Keeps one camera running: opens it, and again after every end, with back-off (`retryDelayMs`), at once when the
 * picture changed its size, and never when it cannot work ('failed') or a file that is not looped was played
 * ('stopped'). Starts by itself. Media time goes on over all connections: a pause counts as it lasted.
 *
 * From the end of a connection to the next frame is one outage: 'waiting' all along, with its tries counted. A camera
 * that dies again and again soon after its first frames is in one long outage, though its frames are handed on.
 */
export function superviseCamera(options: SuperviseOptions): CameraSupervisor {
  const supervisor = new Supervisor(options);
  supervisor.start();
  return supervisor;
}

class Supervisor implements CameraSupervisor {
  readonly #options: SuperviseOptions;
  readonly #clock: Clock;
  readonly #idleMs: number | null;
  readonly #states: BehaviorSubject<SourceState>;
  readonly #stopping = new AbortController();
  #loop: Promise<void> = Promise.resolve();
  #failures = 0;
  #refusedLogins = 0;
  /** Connections in a row that brought frames, but not for `healthyMs`. */
  #shortRuns = 0;
  #damagedAt = Number.NEGATIVE_INFINITY;
  #last: { readonly ptsUs: Micros; readonly arrivedAt: Millis } | undefined;

  constructor(options: SuperviseOptions) {
    const { config } = options;
    this.#options = options;
    this.#clock = options.clock ?? SYSTEM_CLOCK;
    this.#idleMs = options.idleMs === undefined ? (config.input.type === 'push' ? 10_000 : null) : options.idleMs;
    this.#states = new BehaviorSubject<SourceState>({
      id: config.id,
      name: config.name,
      status: 'starting',
      inputType: config.input.type,
      address: cameraAddress(config.input),
      since: this.#rfc3339(0),
      lastEnd: null,
      retryAt: null,
      attempts: 0,
      reconnects: 0,
      decodeErrors: 0,
      damagedSince: null,
      stream: null,
    });
  }

  get states(): Observable<SourceState> {
    return this.#states.asObservable();
  }

  get state(): SourceState {
    return this.#states.value;
  }

  start(): void {
    this.#loop = this.#supervise();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
    if (this.state.status !== 'stopped') this.#change('stopped', { retryAt: null, stream: null, damagedSince: null });
    this.#states.complete();
  }

  async #supervise(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const openedAt = this.#clock.nowMs();
      const { end, runMs } = await this.#connect();
      if (this.#stopping.signal.aborted) return;
      this.#count(end, runMs);
      const told = {
        lastEnd: end,
        stream: null,
        damagedSince: null,
        retryAt: null,
        attempts: this.state.status === 'running' ? 0 : this.state.attempts + 1,
        reconnects: this.state.reconnects + 1,
      };
      const next = this.#next(end, this.#clock.nowMs() - openedAt);
      if (typeof next === 'number') {
        this.#change('waiting', { ...told, retryAt: this.#rfc3339(next) });
      } else this.#change(next, told);
      this.#options.onEnd?.(end);
      if (next === 'failed' || next === 'stopped') return;
      if (typeof next === 'number') {
        await this.#pause(next);
        if (!this.#stopping.signal.aborted) this.#change('waiting', { retryAt: null });
      }
    }
  }

  #count({ reason }: SourceEnd, runMs: number | null): void {
    const healthy = runMs !== null && runMs >= this.#healthyMs;
    this.#failures = healthy ? 1 : this.#failures + 1;
    this.#refusedLogins = (healthy ? 0 : this.#refusedLogins) + (reason === 'unauthorised' ? 1 : 0);
    if (runMs !== null) this.#shortRuns = healthy ? 0 : this.#shortRuns + 1;
  }

  /** Milliseconds to wait, or the status to take up at once. */
  #next(end: SourceEnd, lastedMs: number): number | 'starting' | 'failed' | 'stopped' {
    const { input } = this.#options.config;
    if (end.reason === 'unusable') return 'failed';
    if (end.reason === 'ended' && isStream(input) && streamKindOf(input).endsForGood?.(input)) return 'stopped';
    const steady = lastedMs >= STEADY_MS && this.#shortRuns < UNSTEADY_RUNS;
    if (end.reason === 'size-changed' && steady) return 'starting';
    // Whoever pushes comes by itself: there is nobody to spare.
    if (input.type === 'push' && lastedMs >= STEADY_MS) return 0;
    const random = (this.#options.random ?? Math.random)();
    const failures = end.reason === 'unauthorised' ? this.#refusedLogins : this.#failures;
    return retryDelayMs({ reason: end.reason, failures, random }, this.#options.backoff);
  }

  /** @returns how the connection ended, and how long frames came; null when none did */
  async #connect(): Promise<{ readonly end: SourceEnd; readonly runMs: number | null }> {
    const { source, onFrame, onDrop, onDecodeError, config } = this.#options;
    const connection = new AbortController();
    const stop = () => connection.abort();
    this.#stopping.signal.addEventListener('abort', stop, { once: true });
    let facts: StreamFacts | null = null;
    let firstAt: number | undefined;
    let lastAt = 0;
    let back = false;
    let idle = false;
    let stopIdle = () => {};
    const watch = () => {
      stopIdle();
      if (this.#idleMs === null) return;
      stopIdle = this.#clock.after(this.#idleMs, () => {
        idle = true;
        connection.abort();
      });
    };
    const frame = (live: LiveFrame) => {
      if (connection.signal.aborted) {
        live.lease.release();
        onDrop?.('shutdown', 1);
        return;
      }
      watch();
      lastAt = live.arrivedAt;
      firstAt ??= live.arrivedAt;
      this.#last = { ptsUs: live.lease.frame.ptsUs, arrivedAt: live.arrivedAt };
      const proven = this.#shortRuns < UNSTEADY_RUNS || lastAt - firstAt >= this.#healthyMs;
      if (!back && proven) {
        back = true;
        this.#change('running', { stream: facts, attempts: 0, retryAt: null });
      }
      this.#healed();
      onFrame(live);
    };
    const ended = await source
      .run({
        startUs: this.#startUs(),
        signal: connection.signal,
        onOpen: (opened) => {
          facts = opened;
        },
        onFrame: frame,
        onDrop: (reason, count) => {
          if (reason === 'damaged') this.#damaged();
          onDrop?.(reason, count);
        },
        onDecodeError: () => {
          this.#change(this.state.status, { decodeErrors: this.state.decodeErrors + 1 });
          onDecodeError?.();
        },
      })
      // Against the contract; its words could hold anything, so they are not repeated.
      .catch((): SourceEnd => ({ reason: 'decoder-died', message: `${config.id}: the source failed unexpectedly` }));
    stopIdle();
    this.#stopping.signal.removeEventListener('abort', stop);
    const end: SourceEnd = idle
      ? { reason: 'stalled', message: `${cameraAddress(config.input)}: no new picture for ${this.#idleMs! / 1000} s` }
      : ended;
    return { end, runMs: firstAt === undefined ? null : lastAt - firstAt };
  }

  get #healthyMs(): number {
    return this.#options.healthyMs ?? 10_000;
  }

  #damaged(): void {
    this.#damagedAt = this.#clock.nowMs();
    if (this.state.damagedSince === null) this.#change(this.state.status, { damagedSince: this.#rfc3339(0) });
  }

  #healed(): void {
    if (this.state.damagedSince === null || this.#clock.nowMs() - this.#damagedAt < WHOLE_AGAIN_MS) return;
    this.#change(this.state.status, { damagedSince: null });
  }

  #startUs(): Micros {
    if (!this.#last) return this.#options.startUs ?? micros(0);
    const pauseUs = (this.#clock.nowMs() - this.#last.arrivedAt) * 1000;
    return micros(this.#last.ptsUs + Math.max(1, pauseUs));
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const finish = () => {
        cancel();
        this.#stopping.signal.removeEventListener('abort', finish);
        resolve();
      };
      const cancel = this.#clock.after(ms, finish);
      this.#stopping.signal.addEventListener('abort', finish, { once: true });
    });
  }

  #change(status: CameraStatus, change: Partial<SourceState>): void {
    const since = status === this.state.status ? this.state.since : this.#rfc3339(0);
    this.#states.next({ ...this.state, ...change, status, since });
  }

  #rfc3339(afterMs: number): string {
    return new Date(this.#clock.wallTimeMs() + afterMs).toISOString();
  }
}
