import { AffectError } from '../domain/errors.js';
import type { Tensor, Tensors } from '../domain/tensor.js';
import { Lane, LaneDeath, type LaneResult } from './lane.js';
import type { LaneSettings } from './lane-protocol.js';

export interface LanePoolOptions extends LaneSettings {
  /** Worker threads. Raising it above the number of cores only adds memory: each loads every model. */
  readonly lanes: number;
  /** Restarts allowed within `restartWindowMs` before runs are given up. @default 5 */
  readonly restartBudget?: number;
  /** Deaths longer ago are forgiven, so that weeks of running do not use up the budget. @default 60000 */
  readonly restartWindowMs?: number;
  readonly now?: () => number;
  readonly startLane?: (settings: LaneSettings) => Promise<Lane>;
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
  #closed = false;
  #restarting: Promise<void> = Promise.resolve();
  #restartFailure: unknown;
  /** Jobs that wait for a lane, oldest first. Bounded by what the stages have in flight: a few per frame. */
  readonly #waiting: (() => void)[] = [];
  readonly #times = new Map<string, { runs: number; busyMs: number }>();

  private constructor(options: LanePoolOptions, lanes: Lane[]) {
    this.#options = options;
    this.#lanes = lanes;
    for (const lane of lanes) this.#watch(lane);
  }

  static async start(options: LanePoolOptions): Promise<LanePool> {
    if (!Number.isInteger(options.lanes) || options.lanes < 1) {
      throw new RangeError(`lanes must be a whole number of at least 1, got ${options.lanes}`);
    }
    const startLane = options.startLane ?? ((settings) => Lane.start(settings));
    const started = await Promise.allSettled(Array.from({ length: options.lanes }, () => startLane(options)));
    const failed = started.find((result) => result.status === 'rejected');
    const lanes = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    if (failed) {
      await Promise.all(lanes.map((lane) => lane.close()));
      throw failed.reason;
    }
    return new LanePool(options, lanes);
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

  /** Runs one model on the least busy lane. Rejects with LANE_DIED when the restart budget is used up. */
  run = async (modelId: string, inputs: Tensors): Promise<Record<string, Tensor>> => {
    for (;;) {
      const lane = await this.#pick();
      try {
        const result = await lane.run(modelId, inputs);
        this.#count(modelId, result);
        return result.outputs;
      } catch (error) {
        if (!(error instanceof LaneDeath)) throw error;
      } finally {
        this.#waiting.shift()?.();
      }
    }
  };

  async close(): Promise<void> {
    this.#closed = true;
    await this.#restarting;
    await Promise.all(this.#lanes.map((lane) => lane.close()));
  }

  async #pick(): Promise<Lane> {
    if (this.#lanes.length === 0) await this.#restarting;
    let best = this.#leastBusy();
    while (best && best.load >= JOBS_PER_LANE) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
      best = this.#leastBusy();
    }
    if (!best) {
      throw new AffectError(
        'LANE_DIED',
        `all inference lanes are dead after ${this.#restarts} restarts; run again, or report it`,
        {
          cause: this.#restartFailure,
        },
      );
    }
    return best;
  }

  #leastBusy(): Lane | undefined {
    let best = this.#lanes[0];
    for (const lane of this.#lanes) if (best && lane.load < best.load) best = lane;
    return best;
  }

  #watch(lane: Lane): void {
    void lane.ended.then((why) => {
      if (why === undefined || this.#closed) return;
      this.#lanes = this.#lanes.filter((other) => other !== lane);
      if (!this.#mayRestart()) return;
      this.#restarts += 1;
      this.#restarting = this.#restarting
        .then(() => this.#restart())
        .catch((error: unknown) => {
          this.#restartFailure = error;
        });
    });
  }

  #mayRestart(): boolean {
    const { restartBudget = 5, restartWindowMs = 60_000, now = () => performance.now() } = this.#options;
    const at = now();
    this.#restartTimes = this.#restartTimes.filter((time) => at - time < restartWindowMs);
    if (this.#restartTimes.length >= restartBudget) return false;
    this.#restartTimes.push(at);
    return true;
  }

  async #restart(): Promise<void> {
    const startLane = this.#options.startLane ?? ((settings: LaneSettings) => Lane.start(settings));
    const lane = await startLane(this.#options);
    this.#lanes = [...this.#lanes, lane];
    this.#watch(lane);
  }

  #count(modelId: string, result: LaneResult): void {
    const time = this.#times.get(modelId) ?? { runs: 0, busyMs: 0 };
    time.runs += 1;
    time.busyMs += result.busyMs;
    this.#times.set(modelId, time);
  }
}
