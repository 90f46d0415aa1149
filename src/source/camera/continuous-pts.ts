import { type Micros, type Millis, micros } from '../../domain/units.js';

/** Steps outside of this are jumps of the source's clock, not its pace. */
const LEAST_STEP_US = 100;
const LARGEST_STEP_US = 10_000_000;

/**
 * Pure: the media time of one connection's frames. It begins at `startUs` and goes on at the source's own pace; where
 * the source's clock jumps (back, or more than 10 s ahead) the frame is placed by its arrival instead. Strictly rising.
 */
export class ContinuousPts {
  readonly #startUs: number;
  #last: { readonly sourceUs: number; readonly arrivedAt: number; readonly ptsUs: number } | undefined;

  constructor(options: { readonly startUs: Micros }) {
    this.#startUs = options.startUs;
  }

  /** Call for every frame in order, also for those that are dropped. */
  next(frame: { readonly sourceUs: number; readonly arrivedAt: Millis }): Micros {
    const { sourceUs, arrivedAt } = frame;
    const ptsUs = this.#last ? this.#last.ptsUs + this.#step(this.#last, frame) : this.#startUs;
    this.#last = { sourceUs, arrivedAt, ptsUs };
    return micros(ptsUs);
  }

  #step(last: { sourceUs: number; arrivedAt: number }, frame: { sourceUs: number; arrivedAt: number }): number {
    const step = Math.round(frame.sourceUs - last.sourceUs);
    if (step >= LEAST_STEP_US && step <= LARGEST_STEP_US) return step;
    return Math.max(LEAST_STEP_US, Math.round((frame.arrivedAt - last.arrivedAt) * 1000));
  }
}
