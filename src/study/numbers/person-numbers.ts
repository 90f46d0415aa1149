import { expandedTail } from '../../statistics/expanded-tail.js';
import { type Interval, spread } from '../../statistics/intervals.js';
import { type BlockPlan, planBlocks } from '../../statistics/moving-blocks.js';
import { type CountedFrames, FrameCounter } from './counted-frames.js';
import { type Measure, WITHOUT_INTERVAL } from './measure.js';
import { type Measured, measureWindow, timeMedian } from './measure-window.js';
import type { NumberOptions } from './number-options.js';
import type { Reference, SpeechFilter, ThinReason } from './number-row.js';
import type { PersonSeries } from './person-series.js';
import { BASELINE_KIND, type excludedOf, type StudyWindow } from './study-windows.js';

/** Seeds of the blocks: those of the baseline are drawn independently of those of the window. */
const WINDOW_SEED = 1;
const BASELINE_SEED = 2;

/** A number of a person in a window, and what it is put together with others from. */
export interface PersonNumber {
  readonly measure: Measure;
  readonly reference: Reference;
  readonly speech: SpeechFilter;
  readonly value: number | null;
  readonly interval: Interval | null;
  /** Null where there is no interval. */
  readonly blockSeconds: number | null;
  readonly n: number;
  readonly knownUs: number;
  readonly windowUs: number;
  readonly reason: ThinReason | null;
  readonly draws: Float64Array | null;
  readonly weight: number;
  /** Blocks that the window has room for: what the interval is widened by. */
  readonly blocks: number;
}

/** Blocks of time for a window's interval. */
export interface WindowBlocks {
  /** Null where the window is too short. */
  readonly plan: BlockPlan | null;
  readonly seconds: number;
  /** Whole blocks in the window. */
  readonly blocks: number;
}

/** Blocks of a window: as long as told, shorter where it has room for too few of them, longer where for too many. */
export function blocksOf(cells: number, options: NumberOptions, seed: number): WindowBlocks {
  const { cellSeconds, blockSeconds, minBlockSeconds, minBlocks, maxBlocks, draws } = options;
  const usual = Math.max(Math.round(blockSeconds / cellSeconds), Math.floor(cells / maxBlocks));
  const block = Math.min(usual, Math.floor(cells / minBlocks));
  const seconds = block * cellSeconds;
  if (block < 1 || seconds < minBlockSeconds) return { plan: null, seconds, blocks: 0 };
  return { plan: planBlocks(cells, block, draws, seed), seconds, blocks: Math.floor(cells / block) };
}

/** Why a number is left out; null where it is not. */
export function thinReason(
  { value, knownUs }: Pick<Measured, 'value' | 'knownUs'>,
  windowUs: number,
  { minSeconds, minCoverage }: NumberOptions,
): ThinReason | null {
  if (knownUs === 0) return 'not-seen';
  if (knownUs < minSeconds * 1e6) return 'few-seconds';
  if (knownUs < minCoverage * windowUs) return 'low-coverage';
  return value === null ? 'no-episode' : null;
}

/** Numbers of one person in one session. */
export class PersonNumbers {
  readonly #options: NumberOptions;
  readonly #counter: FrameCounter;
  readonly #speech: SpeechFilter;
  readonly #session: StudyWindow;
  readonly #baseline: StudyWindow | null;
  readonly #baselines = new Map<string, Measured>();
  readonly #medians = new Map<string, number | null>();
  #resting: { readonly frames: CountedFrames; readonly blocks: WindowBlocks } | null = null;

  constructor(
    series: PersonSeries,
    {
      windows,
      session,
      excluded,
      speech,
      options,
    }: {
      /** Markers that are about this person. */
      readonly windows: readonly StudyWindow[];
      readonly session: StudyWindow;
      readonly excluded: ReturnType<typeof excludedOf>;
      readonly speech: SpeechFilter;
      readonly options: NumberOptions;
    },
  ) {
    this.#options = options;
    this.#speech = speech;
    this.#session = session;
    this.#baseline = windows.find(({ markerKind }) => markerKind === BASELINE_KIND) ?? null;
    this.#counter = new FrameCounter(series, excluded, speech, options);
  }

  /** All numbers of a window, in the order of the measures, raw before relative. */
  *of(window: StudyWindow, measures: readonly Measure[]): Generator<PersonNumber> {
    const frames = this.#counter.of(window);
    const blocks = blocksOf(frames.cells, this.#options, WINDOW_SEED);
    for (const measure of measures) {
      if (!measure.windows.includes(window.kind)) continue;
      const measured = measureWindow(measure, frames, blocks.plan);
      yield this.#number(measure, 'raw', measured, frames.windowUs, blocks);
      const reference = this.#reference(measure);
      if (reference === null) continue;
      const relative = this.#relative(measure, reference, measured, window);
      yield this.#number(measure, reference, relative.measured, frames.windowUs, blocks, relative.reason);
    }
  }

  #reference({ relative }: Measure): Exclude<Reference, 'raw'> | null {
    return relative.find((reference) => reference === 'median' || this.#baseline !== null) ?? null;
  }

  #relative(
    measure: Measure,
    reference: Exclude<Reference, 'raw'>,
    measured: Measured,
    window: StudyWindow,
  ): { readonly measured: Measured; readonly reason: ThinReason | null } {
    const without = { ...measured, value: null, draws: null };
    if (reference === 'median') {
      const median = this.#median(measure.signal);
      return {
        measured: median === null ? without : minus(measured, median * measure.scale, () => median * measure.scale),
        reason: null,
      };
    }
    if (window.markerId === this.#baseline!.markerId) return { measured: without, reason: 'is-baseline' };
    const rest = this.#baselineOf(measure);
    const thin = thinReason(rest, rest.knownUs, this.#options) !== null;
    if (thin) return { measured: without, reason: 'thin-baseline' };
    const { draws } = rest;
    return { measured: minus(measured, rest.value!, draws && ((draw) => draws[draw]!)), reason: null };
  }

  #number(
    measure: Measure,
    reference: Reference,
    measured: Measured,
    windowUs: number,
    { seconds, blocks }: WindowBlocks,
    because: ThinReason | null = null,
  ): PersonNumber {
    const thin = thinReason({ ...measured, value: because === null ? measured.value : 0 }, windowUs, this.#options);
    const reason = thin ?? because;
    const value = reason === null ? measured.value : null;
    const { draws, n, knownUs, weight } = measured;
    const told = { measure, reference, speech: this.#speech, n, knownUs, windowUs, weight, blocks, draws };
    const interval = value === null || draws === null ? null : intervalOf(draws, blocks, this.#options);
    const short = value !== null && interval === null && !WITHOUT_INTERVAL.has(measure.kind);
    return {
      ...told,
      value,
      interval,
      blockSeconds: interval === null ? null : seconds,
      reason: short ? 'short-for-interval' : reason,
    };
  }

  #baselineOf(measure: Measure): Measured {
    const known = this.#baselines.get(measure.name);
    if (known) return known;
    if (this.#resting === null) {
      const frames = this.#counter.of(this.#baseline!);
      this.#resting = { frames, blocks: blocksOf(frames.cells, this.#options, BASELINE_SEED) };
    }
    const { frames, blocks } = this.#resting;
    const measured = measureWindow(measure, frames, blocks.plan);
    this.#baselines.set(measure.name, measured);
    return measured;
  }

  #median(signal: string): number | null {
    if (!this.#medians.has(signal)) this.#medians.set(signal, timeMedian(this.#counter.of(this.#session), signal));
    return this.#medians.get(signal)!;
  }
}

/** Interval from the resamples of a window; null where too few have a value. */
export function intervalOf(draws: Float64Array, blocks: number, { draws: count }: NumberOptions): Interval | null {
  return spread(draws, { draws: count, tail: expandedTail(blocks) });
}

/** A measure minus what it is told relative to, in each resample too. */
function minus(measured: Measured, rest: number, restOf: ((draw: number) => number) | null): Measured {
  const { value, draws } = measured;
  return {
    ...measured,
    value: value === null ? null : value - rest,
    draws: draws === null || restOf === null ? null : draws.map((drawn, draw) => drawn - restOf(draw)),
  };
}
