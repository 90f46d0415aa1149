import { student975 } from '../../statistics/expanded-tail.js';
import { firstFrom } from '../numbers/counted-frames.js';
import type { PersonSeries } from '../numbers/person-series.js';
import { valueAt } from '../numbers/signals.js';
import type { PageCurve } from './page-data.js';

/** Seconds before and after the start of a marker, and the length of a cell. */
export const ALIGNED = { beforeS: 2, afterS: 10, stepS: 0.25 } as const;
const CELLS = (ALIGNED.beforeS + ALIGNED.afterS) / ALIGNED.stepS;
/** Fewer persons have no interval. */
const MIN_PERSONS = 3;

/** Sum and weight of one person's readings in each cell, over all starts. */
interface Gathered {
  readonly sums: Float64Array;
  readonly weights: Float64Array;
}

const rounded = (value: number): number => Math.round(value * 1e4) / 1e4;

/** Mean and interval over persons of one condition, by Student's t in each cell. */
function curveOf(condition: number, persons: readonly Float64Array[]): PageCurve {
  const [mean, low, high]: (number | null)[][] = [[], [], []];
  for (let cell = 0; cell < CELLS; cell++) {
    const values = persons.map((own) => own[cell]!).filter((value) => !Number.isNaN(value));
    const n = values.length;
    const middle = values.reduce((sum, value) => sum + value, 0) / n;
    mean!.push(n === 0 ? null : rounded(middle));
    const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
    const half = n < MIN_PERSONS ? null : student975(n - 1) * Math.sqrt(squares / (n - 1) / n);
    low!.push(half === null ? null : rounded(middle - half));
    high!.push(half === null ? null : rounded(middle + half));
  }
  return { condition, persons: persons.length, mean: mean!, low: low!, high: high! };
}

/** What one signal does around the starts of the markers of one label: a mean a person first, then over persons. */
export class AlignedCurves {
  /** By condition and person. */
  readonly #gathered = new Map<number, Map<string, Gathered>>();

  /** A start at `atUs` in a person's session. Frames for which `counts` is 0 are left out. */
  add(
    series: PersonSeries,
    signal: string,
    { atUs, condition, counts }: { readonly atUs: number; readonly condition: number; readonly counts: Uint8Array },
  ): void {
    const values = series.signals.get(signal);
    if (!values) return;
    const own = this.#of(condition, series.participant);
    const fromUs = atUs - ALIGNED.beforeS * 1e6;
    const toUs = atUs + ALIGNED.afterS * 1e6;
    for (let at = firstFrom(series.timeUs, fromUs); at < series.timeUs.length && series.timeUs[at]! < toUs; at++) {
      const value = valueAt(values, at);
      if (counts[at] === 0 || Number.isNaN(value)) continue;
      const cell = Math.min(CELLS - 1, Math.floor((series.timeUs[at]! - fromUs) / (ALIGNED.stepS * 1e6)));
      own.sums[cell]! += value * series.weightUs[at]!;
      own.weights[cell]! += series.weightUs[at]!;
    }
  }

  /** One curve for each condition, in its order. */
  curves(): readonly PageCurve[] {
    return [...this.#gathered.entries()]
      .sort(([a], [b]) => a - b)
      .map(([condition, persons]) =>
        curveOf(
          condition,
          [...persons.values()].map(({ sums, weights }) => sums.map((sum, cell) => sum / weights[cell]!)),
        ),
      )
      .filter(({ mean }) => mean.some((value) => value !== null));
  }

  #of(condition: number, person: string): Gathered {
    const persons = this.#gathered.get(condition) ?? new Map<string, Gathered>();
    this.#gathered.set(condition, persons);
    const own = persons.get(person) ?? { sums: new Float64Array(CELLS), weights: new Float64Array(CELLS) };
    persons.set(person, own);
    return own;
  }
}
