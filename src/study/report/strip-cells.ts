import type { PersonSeries } from '../numbers/person-series.js';
import { type SignalValues, valueAt } from '../numbers/signals.js';
import { NOTHING, type StripKind, TOP } from './page-data.js';

/** Cells of a strip: what a wide screen can show, whatever the length of the session. */
export const STRIP_CELLS = 360;

const levelCode = (value: number, { low, high }: StripKind): number =>
  Math.round((Math.min(1, Math.max(0, (value - low) / (high - low))) || 0) * TOP);

/** Mean of each cell, weighted by the time that frames stand for; NaN where nothing was read. */
function meansOf(series: PersonSeries, signal: SignalValues, cellOf: (at: number) => number): Float64Array {
  const [sums, weights] = [new Float64Array(STRIP_CELLS), new Float64Array(STRIP_CELLS)];
  for (let at = 0; at < series.timeUs.length; at++) {
    const value = valueAt(signal, at);
    if (Number.isNaN(value)) continue;
    sums[cellOf(at)]! += value * series.weightUs[at]!;
    weights[cellOf(at)]! += series.weightUs[at]!;
  }
  return sums.map((sum, cell) => sum / weights[cell]!);
}

/** The word that is in force longest in each cell: its place, -1 for none in force, NaN where nothing was read. */
function wordsOf(
  series: PersonSeries,
  signal: SignalValues,
  { cellOf, words }: { readonly cellOf: (at: number) => number; readonly words: number },
): Float64Array {
  const time = new Float64Array(STRIP_CELLS * (words + 1));
  for (let at = 0; at < series.timeUs.length; at++) {
    const word = valueAt(signal, at);
    if (!Number.isNaN(word)) time[cellOf(at) * (words + 1) + word + 1]! += series.weightUs[at]!;
  }
  return Float64Array.from({ length: STRIP_CELLS }, (_, cell) => {
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
  const cellOf = (at: number): number =>
    Math.min(STRIP_CELLS - 1, Math.floor(((timeUs[at]! - first) / Math.max(1, last - first)) * STRIP_CELLS));
  const values =
    kind.codes === 'word'
      ? wordsOf(series, signal, { cellOf, words: kind.words.length })
      : meansOf(series, signal, cellOf);
  const code = (value: number): number => {
    if (Number.isNaN(value)) return NOTHING;
    if (kind.codes === 'level') return levelCode(value, kind);
    return value < 0 ? TOP : value;
  };
  return Buffer.from(Uint8Array.from(values, code)).toString('base64');
}
