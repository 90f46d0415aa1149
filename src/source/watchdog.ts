/** Calls `onSilence` once when neither `feed` nor `rest` was called for `silenceMs` while it is on watch. */
export class Watchdog {
  readonly #options: { readonly silenceMs: number; readonly onSilence: () => void };
  #timer: NodeJS.Timeout | undefined;

  constructor(options: { readonly silenceMs: number; readonly onSilence: () => void }) {
    this.#options = options;
    this.feed();
  }

  /** There was news: the time starts again. Also takes up the watch after `rest`. */
  feed(): void {
    if (this.#timer) this.#timer.refresh();
    else this.#timer = setTimeout(this.#options.onSilence, this.#options.silenceMs);
  }

  /** Silence is expected until the next `feed`. */
  rest(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
