import { WITHOUT_INTERVAL } from './measure.js';
import type { NumberOptions } from './number-options.js';
import type { NumberRow } from './number-row.js';
import { intervalOf, type PersonNumber } from './person-numbers.js';
import { numberCells, type PersonRow, type RowContext } from './session-rows.js';

/** Several sessions of a person put together: a mean that counts each for its time with readings, in each resample too. */
function together(numbers: readonly PersonNumber[], options: NumberOptions): PersonNumber {
  const told = numbers.filter(({ value }) => value !== null);
  const [first] = numbers as [PersonNumber];
  if (told.length <= 1) return told[0] ?? first;
  const weight = told.reduce((sum, number) => sum + number.weight, 0);
  const of = (value: (number: PersonNumber) => number): number =>
    told.reduce((sum, number) => sum + number.weight * value(number), 0) / weight;
  const sum = (value: (number: PersonNumber) => number): number =>
    told.reduce((total, number) => total + value(number), 0);
  const draws = told.every((number) => number.interval !== null)
    ? Float64Array.from({ length: options.draws }, (_, draw) => of((number) => number.draws![draw]!))
    : null;
  const blocks = sum((number) => number.blocks);
  const interval = draws === null ? null : intervalOf(draws, blocks, options);
  return {
    ...first,
    value: of(({ value }) => value!),
    interval,
    blockSeconds: interval === null ? null : Math.max(...told.map(({ blockSeconds }) => blockSeconds!)),
    n: sum(({ n }) => n),
    knownUs: sum(({ knownUs }) => knownUs),
    windowUs: sum(({ windowUs }) => windowUs),
    reason: interval === null && !WITHOUT_INTERVAL.has(first.measure.kind) ? 'short-for-interval' : null,
    draws,
    weight,
    blocks,
  };
}

interface Pending {
  readonly condition: string;
  left: number;
  readonly numbers: Map<string, PersonNumber[]>;
}

const keyOf = (participant: string, condition: string): string => JSON.stringify([participant, condition]);

/** Gathers the sessions of a person under one condition. What is kept of one person is given up with their last session. */
export class ConditionNumbers {
  readonly #pending = new Map<string, Pending>();
  readonly #context: RowContext;

  /** @param sessions - condition and people of each session that comes */
  constructor(
    sessions: readonly { readonly condition: string | null; readonly participants: readonly string[] }[],
    context: RowContext,
  ) {
    this.#context = context;
    for (const { condition, participants } of sessions) {
      if (condition === null) continue;
      for (const participant of participants) {
        const key = keyOf(participant, condition);
        const known = this.#pending.get(key);
        if (known) known.left++;
        else this.#pending.set(key, { condition, left: 1, numbers: new Map() });
      }
    }
  }

  /** A number of a whole session; others are none of its business. */
  add({ participant, session: { condition }, window, number }: PersonRow): void {
    if (condition === null || window.kind !== 'session' || !number.measure.windows.includes('condition')) return;
    const { numbers } = this.#pending.get(keyOf(participant, condition))!;
    const key = JSON.stringify([number.speech, number.measure.name, number.reference]);
    const known = numbers.get(key);
    if (known) known.push(number);
    else numbers.set(key, [number]);
  }

  /** A person's session is over: rows of its condition, if it was the last. */
  *finish(participant: string, condition: string | null): Generator<NumberRow> {
    if (condition === null) return;
    const key = keyOf(participant, condition);
    const pending = this.#pending.get(key)!;
    if (--pending.left > 0) return;
    this.#pending.delete(key);
    const { study, participants, options } = this.#context;
    for (const numbers of pending.numbers.values()) {
      yield {
        study,
        level: 'person',
        session: null,
        condition,
        participant,
        partner: null,
        traits: participants.get(participant)?.traits ?? {},
        window: 'condition',
        markerId: null,
        marker: null,
        markerKind: null,
        fromS: null,
        toS: null,
        ...numberCells(together(numbers, options)),
      };
    }
  }
}
