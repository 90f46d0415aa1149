import { AffectError } from '../domain/errors.js';
import { LANES } from '../domain/lanes.js';
import type { Tensor, Tensors } from '../domain/tensor.js';
import { Lane, LaneDeath, type LaneResult, lanesClosed } from './lane.js';
import type { LaneSettings } from './lane-protocol.js';

export interface LanePoolOptions extends LaneSettings {
  /** Worker threads. Raising it above the number of cores only adds memory: each loads every model. */
  readonly lanes: number;
  /** Restarts allowed within `restartWindowMs` before runs are given up. @default 5 */
  readonly restartBudget?: number;
  /** Deaths longer ago are forgiven, so that weeks of running do not use up the budget. @default 60000 */
  readonly restartWindowMs?: number;
  readonly now?: () => number;
  readonly startLane?: (settings: LaneSettings, signal: AbortSignal) => Promise<Lane>;
}

/** Jobs given to a lane: one runs, one is at hand when it ends. The rest wait, and go to whichever lane is free first. */
const JOBS_PER_LANE = 2;

/** Time spent per model, for statistics. */
export interface ModelTime {
  readonly runs: number;
  readonly busyMs: number;
}

/**
 * Least-busy dispatch over lanes. A lane that dies is started again and its jobs run again: models are pure
 * functions of their inputs, so nothing is lost and nothing changes.
 */
export class LanePool {
  #lanes: Lane[];
  readonly #options: LanePoolOptions;
  #restarts = 0;
  /** When the latest restarts were, monotonic milliseconds; at most `restartBudget`. */
  #restartTimes: number[] = [];
  readonly #closing: AbortController;
  #restarting: Promise<void> = Promise.resolve();
  /** Lanes that are being started again, or wait for it. */
  #toRestart = 0;
  #restartFailure: unknown;
  /** Jobs that wait for a lane, oldest first. Bounded by what the stages have in flight: a few per frame. */
  readonly #waiting: (() => void)[] = [];
  readonly #times = new Map<string, { runs: number; busyMs: number }>();

  private constructor(options: LanePoolOptions, lanes: Lane[], closing: AbortController) {
    this.#options = options;
    this.#lanes = lanes;
    this.#closing = closing;
    for (const lane of lanes) this.#watch(lane);
  }

  /** Resolves when every lane is ready. Rejects with LANES_CLOSED when the signal aborts first, with no thread left. */
  static async start(options: LanePoolOptions, signal?: AbortSignal): Promise<LanePool> {
    const asked = options.lanes;
    if (!Number.isInteger(asked) || asked < LANES.least || asked > LANES.most) {
      throw new RangeError(`lanes must be a whole number from ${LANES.least} to ${LANES.most}, got ${asked}`);
    }
    const closing = new AbortController();
    const stop = (): void => closing.abort();
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { once: true });
    const started = await Promise.allSettled(Array.from({ length: asked }, () => startLane(options, closing.signal)));
    signal?.removeEventListener('abort', stop);
    const failed = started.find((result) => result.status === 'rejected');
    const lanes = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    if (failed || closing.signal.aborted) {
      await Promise.all(lanes.map((lane) => lane.close()));
      throw failed?.reason ?? lanesClosed();
    }
    return new LanePool(options, lanes, closing);
  }

  /** Lanes restarted after a death since the pool started. */
  get restarts(): number {
    return this.#restarts;
  }

  get lanes(): readonly Lane[] {
    return this.#lanes;
  }

  get modelTimes(): ReadonlyMap<string, ModelTime> {
    return this.#times;
  }

  /**
   * Runs one model on the least busy lane, again on another when that one dies. Rejects with LANE_DIED when the restart
   * budget is used up, or this run alone has used as much; with LANES_CLOSED at once when it waits for a lane as the
   * pool is closed, or comes later.
   */
  run = async (modelId: string, inputs: Tensors): Promise<Record<string, Tensor>> => {
    for (let deaths = 0; ; deaths += 1) {
      if (deaths > this.#restartBudget) throw this.#dead();
      const lane = await this.#pick();
      try {
        const result = await lane.run(modelId, inputs);
        this.#count(modelId, result);
        return result.outputs;
      } catch (error) {
        if (!(error instanceof LaneDeath)) throw error;
        await lane.ended; // #watch, which waited first, has taken it off the list by then
      } finally {
        this.#waiting.shift()?.();
      }
    }
  };

  /** Lanes finish the jobs they were given; whoever waits for a lane is told LANES_CLOSED now. Idempotent. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#wakeAll();
    await this.#restarting;
    await Promise.all(this.#lanes.map((lane) => lane.close()));
  }

  async #pick(): Promise<Lane> {
    for (;;) {
      if (this.#closing.signal.aborted) throw lanesClosed();
      const best = this.#leastBusy();
      if (best && best.load < JOBS_PER_LANE) return best;
      if (!best && this.#toRestart === 0) throw this.#dead();
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #wakeAll(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  #dead(): AffectError {
    return new AffectError(
      'LANE_DIED',
      `all inference lanes are dead after ${this.#restarts} restarts; run again, or report it`,
      { cause: this.#restartFailure },
    );
  }

  #leastBusy(): Lane | undefined {
    let best = this.#lanes[0];
    for (const lane of this.#lanes) if (best && lane.load < best.load) best = lane;
    return best;
  }

  #watch(lane: Lane): void {
    void lane.ended.then((why) => {
      if (why === undefined || this.#closing.signal.aborted) return;
      this.#lanes = this.#lanes.filter((other) => other !== lane);
      if (this.#mayRestart()) {
        this.#restarts += 1;
        this.#toRestart += 1;
        this.#restarting = this.#restarting.then(() => this.#restart());
      }
      this.#wakeAll();
    });
  }

  get #restartBudget(): number {
    return this.#options.restartBudget ?? 5;
  }

  #mayRestart(): boolean {
    const { restartWindowMs = 60_000, now = () => performance.now() } = this.#options;
    const at = now();
    this.#restartTimes = this.#restartTimes.filter((time) => at - time < restartWindowMs);
    if (this.#restartTimes.length >= this.#restartBudget) return false;
    this.#restartTimes.push(at);
    return true;
  }

  async #restart(): Promise<void> {
    try {
      const lane = await startLane(this.#options, this.#closing.signal);
      this.#lanes = [...this.#lanes, lane];
      this.#watch(lane);
    } catch (error) {
      this.#restartFailure = error;
    }
    this.#toRestart -= 1;
    this.#wakeAll();
  }

  #count(modelId: string, result: LaneResult): void {
    const time = this.#times.get(modelId) ?? { runs: 0, busyMs: 0 };
    time.runs += 1;
    time.busyMs += result.busyMs;
    this.#times.set(modelId, time);
  }
}

function startLane(options: LanePoolOptions, signal: AbortSignal): Promise<Lane> {
  const { models, intraOpThreads, device = 'cpu', startLane: start = Lane.start } = options;
  return start({ models, intraOpThreads, device }, signal);
}
