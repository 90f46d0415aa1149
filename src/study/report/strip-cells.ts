import type { PersonSeries } from '../numbers/person-series.js';
import { type SignalValues, valueAt } from '../numbers/signals.js';
import { NOTHING, type StripKind, TOP } from './page-data.js';

/** Most cells of a strip: what a wide screen can show, whatever the length of the session. */
export const STRIP_CELLS = 360;

/** Place of each frame in a strip that has two frames a cell at least, so that none is empty between frames. */
interface Cells {
  readonly count: number;
  readonly of: (at: number) => number;
}

const levelCode = (value: number, { low, high }: StripKind): number =>
  Math.round((Math.min(1, Math.max(0, (value - low) / (high - low))) || 0) * TOP);

/** Mean of each cell, weighted by the time that frames stand for; NaN where nothing was read. */
function meansOf(series: PersonSeries, signal: SignalValues, cells: Cells): Float64Array {
  const [sums, weights] = [new Float64Array(cells.count), new Float64Array(cells.count)];
  for (let at = 0; at < series.timeUs.length; at++) {
    const value = valueAt(signal, at);
    if (Number.isNaN(value)) continue;
    sums[cells.of(at)]! += value * series.weightUs[at]!;
    weights[cells.of(at)]! += series.weightUs[at]!;
  }
  return sums.map((sum, cell) => sum / weights[cell]!);
}

/** The word that is in force longest in each cell: its place, -1 for none in force, NaN where nothing was read. */
function wordsOf(series: PersonSeries, signal: SignalValues, cells: Cells, words: number): Float64Array {
  const time = new Float64Array(cells.count * (words + 1));
  for (let at = 0; at < series.timeUs.length; at++) {
    const word = valueAt(signal, at);
    if (!Number.isNaN(word)) time[cells.of(at) * (words + 1) + word + 1]! += series.weightUs[at]!;
  }
  return Float64Array.from({ length: cells.count }, (_, cell) => {
    const own = time.subarray(cell * (words + 1), (cell + 1) * (words + 1));
    const most = Math.max(...own);
    return most === 0 ? Number.NaN : own.indexOf(most) - 1;
  });
}

/** A person's session as bytes, one a cell of time, as base64; null where the series has no such signal. */
export function stripCells(series: PersonSeries, kind: StripKind): string | null {
  const signal = series.signals.get(kind.name);
  const { timeUs } = series;
  if (!signal || timeUs.length === 0) return null;
  const [first, last] = [timeUs[0]!, timeUs.at(-1)!];
  const count = Math.min(STRIP_CELLS, Math.ceil(timeUs.length / 2));
  const of = (at: number): number =>
    Math.min(count - 1, Math.floor(((timeUs[at]! - first) / Math.max(1, last - first)) * count));
  const cells: Cells = { count, of };
  const values =
    kind.codes === 'word' ? wordsOf(series, signal, cells, kind.words.length) : meansOf(series, signal, cells);
  const code = (value: number): number => {
    if (Number.isNaN(value)) return NOTHING;
    if (kind.codes === 'level') return levelCode(value, kind);
    return value < 0 ? TOP : value;
  };
  return Buffer.from(Uint8Array.from(values, code)).toString('base64');
}
