import type { NumberOptions } from './number-options.js';
import type { SpeechFilter } from './number-row.js';
import type { PersonSeries } from './person-series.js';
import { SPEAKING, valueAt } from './signals.js';
import { countedUs, framesOutside, type StudyWindow } from './study-windows.js';

/** A person's frames that count in a window, in cells of time. */
export interface CountedFrames {
  readonly series: PersonSeries;
  readonly fromUs: number;
  readonly toUs: number;
  /** First frame in the window, and the one after the last. */
  readonly first: number;
  readonly end: number;
  /** Cell of each frame of the window, counted from the first cell that has a frame that counts; -1 where it does not count. */
  readonly cellOf: Int32Array;
  readonly cells: number;
  /** Microseconds that the window asks about. */
  readonly windowUs: number;
}

/** Index of the first time that is not before `at`. */
export function firstFrom(timeUs: Float64Array, at: number): number {
  let [low, high] = [0, timeUs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (timeUs[middle]! < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

type Range = { readonly fromUs: number; readonly toUs: number };

/** Finds the frames that count, of one person and one filter of speech. */
export class FrameCounter {
  readonly #series: PersonSeries;
  readonly #excluded: readonly Range[];
  readonly #counts: Uint8Array;
  readonly #silent: boolean;
  readonly #cellUs: number;

  constructor(
    series: PersonSeries,
    excluded: readonly Range[],
    speech: SpeechFilter,
    { cellSeconds, speakingFrom }: Pick<NumberOptions, 'cellSeconds' | 'speakingFrom'>,
  ) {
    this.#series = series;
    this.#excluded = excluded;
    this.#silent = speech === 'silent';
    this.#cellUs = cellSeconds * 1e6;
    this.#counts = framesOutside(series.timeUs, excluded);
    if (!this.#silent) return;
    const speaking = series.signals.get(SPEAKING)!;
    // A frame of which it is not known whether the person speaks is not known to be silent: NaN fails the comparison.
    for (let at = 0; at < this.#counts.length; at++) if (!(valueAt(speaking, at) < speakingFrom)) this.#counts[at] = 0;
  }

  /** The frames of a window that count. */
  of(window: StudyWindow): CountedFrames {
    const { fromUs, toUs } = window;
    const { timeUs, weightUs } = this.#series;
    const [first, end] = [firstFrom(timeUs, fromUs), firstFrom(timeUs, toUs)];
    const cellOf = new Int32Array(Math.max(0, end - first)).fill(-1);
    let [cells, lastCell, silentUs] = [0, -1, 0];
    for (let at = first; at < end; at++) {
      if (this.#counts[at] === 0) continue;
      const cell = Math.floor((timeUs[at]! - fromUs) / this.#cellUs);
      if (cell !== lastCell) cells++;
      lastCell = cell;
      cellOf[at - first] = cells - 1;
      silentUs += weightUs[at]!;
    }
    const windowUs = this.#silent ? silentUs : countedUs(window, this.#excluded);
    return { series: this.#series, fromUs, toUs, first, end, cellOf, cells, windowUs };
  }
}
