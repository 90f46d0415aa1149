import { monitorEventLoopDelay } from 'node:perf_hooks';

/** The lag is told over at most this long. */
const WINDOW_MS = 10_000;

/** How late this process gets to what is due. */
export class LoopLag {
  readonly #delay = monitorEventLoopDelay({ resolution: 10 });
  #since = 0;

  constructor(private readonly now: () => number) {
    this.#delay.enable();
  }

  /** 99th percentile of the last seconds, milliseconds. */
  read(): number {
    const lag = this.#delay.percentile(99) / 1e6;
    if (this.now() - this.#since > WINDOW_MS) {
      this.#delay.reset();
      this.#since = this.now();
    }
    return Number.isFinite(lag) ? lag : 0;
  }

  stop(): void {
    this.#delay.disable();
  }
}
