import { expandedTail } from '../../statistics/expanded-tail.js';
import { type Interval, resamples, spread } from '../../statistics/intervals.js';
import type { NumberOptions } from './number-options.js';
import type { NumberRow } from './number-row.js';
import { significant } from './significant.js';

interface Group {
  readonly row: NumberRow;
  /** By person or pair: values of their rows, and what those are of. */
  readonly persons: Map<string, number[]>;
  seconds: number;
  windowSeconds: number;
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Gathers rows of people and pairs, and tells what they have in common: by condition and marker, a mean over persons. */
export class GroupRows {
  readonly #options: NumberOptions;
  readonly #groups = new Map<string, Group>();
  readonly #draws = new Map<number, readonly Uint16Array[]>();

  constructor(options: NumberOptions) {
    this.#options = options;
  }

  /** Of a session under a condition, the condition's own row counts, and not that of the session. */
  add(row: NumberRow): void {
    const { level, condition, window, marker, markerKind, speech, measure, reference } = row;
    if (level === 'group' || row.unit === 'p value') return;
    if (window === 'session' && condition !== null && level === 'person') return;
    const key = JSON.stringify([condition, window, marker, markerKind, speech, measure, reference]);
    let group = this.#groups.get(key);
    if (!group) {
      group = { row, persons: new Map(), seconds: 0, windowSeconds: 0 };
      this.#groups.set(key, group);
    }
    if (row.value === null) return;
    const who = JSON.stringify([row.participant, row.partner]);
    const known = group.persons.get(who);
    if (known) known.push(row.value);
    else group.persons.set(who, [row.value]);
    group.seconds += row.seconds;
    group.windowSeconds += row.windowSeconds;
  }

  /** One row a group, in the order in which the first of each came. */
  *rows(): Generator<NumberRow> {
    for (const { row, persons, seconds, windowSeconds } of this.#groups.values()) {
      const values = [...persons.values()].map(meanOf);
      const enough = values.length >= this.#options.minPersons;
      const interval = enough ? this.#interval(values) : null;
      yield {
        ...row,
        level: 'group',
        session: null,
        participant: null,
        partner: null,
        traits: {},
        markerId: null,
        fromS: null,
        toS: null,
        value: enough ? significant(meanOf(values)) : null,
        low: interval && significant(interval[0]),
        high: interval && significant(interval[1]),
        blockSeconds: null,
        n: values.length,
        seconds: significant(seconds),
        windowSeconds: significant(windowSeconds),
        coverage: windowSeconds > 0 ? significant(Math.min(1, seconds / windowSeconds)) : null,
        reason: enough ? null : 'few-persons',
      };
    }
  }

  /** Persons are drawn, with all that is of them (cluster bootstrap). */
  #interval(values: readonly number[]): Interval | null {
    const { draws } = this.#options;
    const count = values.length;
    if (!this.#draws.has(count))
      this.#draws.set(count, [
        ...resamples(
          values.map((_, at) => String(at)),
          draws,
        ),
      ]);
    const means = this.#draws
      .get(count)!
      .map((times) => values.reduce((sum, value, at) => sum + value * times[at]!, 0) / count);
    return spread(means, { draws, tail: expandedTail(count) });
  }
}
