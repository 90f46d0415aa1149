import { type BlockPlan, blockSums } from '../../statistics/moving-blocks.js';
import { type CountedFrames, firstFrom } from './counted-frames.js';
import type { Measure } from './measure.js';
import type { PersonEpisode } from './person-series.js';
import { valueAt } from './signals.js';

/** A measure of one window, before anything is left out. */
export interface Measured {
  /** Null where there is nothing to take it of. */
  readonly value: number | null;
  /** The same of each resample, NaN where it has none; null for measures without an interval. */
  readonly draws: Float64Array | null;
  /** What it counts for when windows of several sessions are put together. */
  readonly weight: number;
  readonly n: number;
  /** Time with readings, microseconds. */
  readonly knownUs: number;
}

/** Below this, a variance is what rounding leaves of none. */
const NO_VARIANCE = 1e-12;

/** Sums over the cells of a window: the value of a measure is made of their totals. */
interface CellSums {
  readonly sums: readonly Float64Array[];
  readonly n: number;
  readonly knownUs: number;
}

/** Calls back for each frame that counts and has a reading. */
function eachReading(
  { series, first, cellOf }: CountedFrames,
  signal: string,
  visit: (value: number, weightUs: number, cell: number, frame: number) => void,
): { readonly n: number; readonly knownUs: number } {
  const values = series.signals.get(signal)!;
  let [n, knownUs] = [0, 0];
  for (let at = 0; at < cellOf.length; at++) {
    const cell = cellOf[at]!;
    if (cell < 0) continue;
    const value = valueAt(values, first + at);
    if (Number.isNaN(value)) continue;
    const weight = series.weightUs[first + at]!;
    visit(value, weight, cell, first + at);
    n++;
    knownUs += weight;
  }
  return { n, knownUs };
}

/** Episodes of a measure that began in the window while its frames count, with the cell of their onset. */
export function episodesIn(
  frames: CountedFrames,
  { kind, label }: Pick<PersonEpisode, 'kind' | 'label'>,
): readonly { readonly episode: PersonEpisode; readonly cell: number }[] {
  const { series, fromUs, toUs, first, end, cellOf } = frames;
  if (end === first) return [];
  return series.episodes.flatMap((episode) => {
    const { onsetUs } = episode;
    if (episode.kind !== kind || episode.label !== label) return [];
    if (onsetUs < fromUs || onsetUs >= toUs) return [];
    // The frame of the onset: the last that is not after it, or the first of the window.
    const next = firstFrom(series.timeUs, onsetUs);
    const frame = Math.max(first, series.timeUs[next] === onsetUs ? next : next - 1);
    const cell = cellOf[frame - first]!;
    return cell < 0 ? [] : [{ episode, cell }];
  });
}

function cellSums(measure: Measure, frames: CountedFrames): CellSums {
  const { kind, signal, from = 0, to = 0, episodes } = measure;
  const [top, bottom] = [new Float64Array(frames.cells), new Float64Array(frames.cells)];
  switch (kind) {
    case 'share':
      return {
        ...eachReading(frames, signal, (value, weight, cell) => {
          if (value >= from && value <= to) top[cell]! += weight;
          bottom[cell]! += weight;
        }),
        sums: [top, bottom],
      };
    case 'deviation': {
      const squares = new Float64Array(frames.cells);
      const known = eachReading(frames, signal, (value, weight, cell) => {
        top[cell]! += weight * value;
        squares[cell]! += weight * value * value;
        bottom[cell]! += weight;
      });
      return { ...known, sums: [top, bottom, squares] };
    }
    case 'rate':
    case 'length': {
      const { knownUs } = eachReading(frames, signal, (_, weight, cell) => {
        if (kind === 'rate') bottom[cell]! += weight;
      });
      const began = episodesIn(frames, episodes!);
      for (const { episode, cell } of began) {
        top[cell]! += kind === 'rate' ? 1 : episode.offsetUs - episode.onsetUs;
        if (kind === 'length') bottom[cell]! += 1;
      }
      return { sums: [top, bottom], n: began.length, knownUs };
    }
    default:
      return {
        ...eachReading(frames, signal, (value, weight, cell) => {
          top[cell]! += weight * value;
          bottom[cell]! += weight;
        }),
        sums: [top, bottom],
      };
  }
}

/** The value of a measure from the totals of its sums; NaN where there is nothing to divide by. */
function fromTotals({ kind, scale }: Measure, top: number, bottom: number, squares: number): number {
  if (bottom === 0) return Number.NaN;
  if (kind !== 'deviation') return (scale * top) / bottom;
  const mean = top / bottom;
  const variance = squares / bottom - mean * mean;
  return variance < NO_VARIANCE ? 0 : scale * Math.sqrt(variance);
}

const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);

function drawnValues(measure: Measure, sums: readonly Float64Array[], plan: BlockPlan): Float64Array {
  const [top, bottom, squares] = sums.map((cells) => blockSums(cells, plan)) as [
    Float64Array,
    Float64Array,
    Float64Array?,
  ];
  return top.map((sum, draw) => fromTotals(measure, sum, bottom[draw]!, squares?.[draw] ?? 0));
}

/** A mean, a share, a rate …: what sums over cells say, of the window and of its resamples. */
function measureSums(measure: Measure, frames: CountedFrames, plan: BlockPlan | null): Measured {
  const { sums, n, knownUs } = cellSums(measure, frames);
  const [top, bottom, squares] = sums.map(total) as [number, number, number?];
  const value = fromTotals(measure, top, bottom, squares ?? 0);
  const draws = plan === null ? null : drawnValues(measure, sums, plan);
  return { value: Number.isNaN(value) ? null : value, draws, weight: bottom, n, knownUs };
}

/** The first episode, the highest value, how many: what is said of a window as a whole. */
function measureEvent(measure: Measure, frames: CountedFrames): Measured {
  const { kind, signal, scale, episodes } = measure;
  const { fromUs, series } = frames;
  let [apex, apexAt] = [Number.NEGATIVE_INFINITY, 0];
  const { n, knownUs } = eachReading(frames, signal, (value, _, __, frame) => {
    if (value > apex) [apex, apexAt] = [value, series.timeUs[frame]!];
  });
  const told = (value: number | null, count: number): Measured => ({
    value,
    draws: null,
    weight: knownUs,
    n: count,
    knownUs,
  });
  if (kind === 'apex') return told(n === 0 ? null : apex * scale, n);
  if (kind === 'apex-time') return told(n === 0 ? null : (apexAt - fromUs) * scale, n);
  const began = episodesIn(frames, episodes!);
  if (kind === 'count') return told(began.length, began.length);
  return told(began.length === 0 ? null : (began[0]!.episode.onsetUs - fromUs) * scale, began.length);
}

/**
 * Takes a measure of the frames that count.
 *
 * @param plan - blocks of the window's cells, for an interval; null: it is too short for one
 */
export function measureWindow(measure: Measure, frames: CountedFrames, plan: BlockPlan | null): Measured {
  switch (measure.kind) {
    case 'mean':
    case 'share':
    case 'deviation':
    case 'rate':
    case 'length':
      return measureSums(measure, frames, plan);
    default:
      return measureEvent(measure, frames);
  }
}

/** The value that a signal stays under for half of the time with readings; null without any. */
export function timeMedian(frames: CountedFrames, signal: string): number | null {
  const values: number[] = [];
  const weights: number[] = [];
  const { knownUs } = eachReading(frames, signal, (value, weight) => {
    values.push(value);
    weights.push(weight);
  });
  const order = Uint32Array.from(values.keys()).sort((a, b) => values[a]! - values[b]! || a - b);
  let sum = 0;
  for (const at of order) {
    sum += weights[at]!;
    if (sum >= knownUs / 2) return values[at]!;
  }
  return null;
}
