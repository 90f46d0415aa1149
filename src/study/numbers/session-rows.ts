import type { Participant, StudySession } from '../../domain/study.js';
import type { Measure } from './measure.js';
import type { NumberOptions } from './number-options.js';
import { type NumberRow, SPEECH_FILTERS, type SpeechFilter, type ThinReason } from './number-row.js';
import { pairNumbers } from './pair-numbers.js';
import { type PersonNumber, PersonNumbers } from './person-numbers.js';
import type { PersonSeries } from './person-series.js';
import { significant } from './significant.js';
import { countedUs, excludedOf, markerWindows, type StudyWindow, sessionWindow } from './study-windows.js';

/** The people of a session, as read from its results. */
export interface SessionSeries {
  readonly session: StudySession;
  readonly people: readonly PersonSeries[];
}

/** What rows of a study are made with. */
export interface RowContext {
  readonly study: string;
  readonly participants: ReadonlyMap<string, Participant>;
  readonly measures: readonly Measure[];
  readonly pairMeasures: readonly Measure[];
  /** Whether the results know who speaks. */
  readonly speech: boolean;
  readonly options: NumberOptions;
}

/** A person's number, and where it is from: what conditions and groups are put together from. */
export interface PersonRow {
  readonly participant: string;
  readonly session: StudySession;
  readonly window: StudyWindow;
  readonly number: PersonNumber;
}

/** The time that all people of a session were filmed in: from the first frame to the end of the last. */
export function sessionSpan(people: readonly PersonSeries[]): { readonly fromUs: number; readonly toUs: number } {
  const filmed = people.filter(({ timeUs }) => timeUs.length > 0);
  if (filmed.length === 0) return { fromUs: 0, toUs: 0 };
  return {
    fromUs: Math.min(...filmed.map(({ timeUs }) => timeUs[0]!)),
    toUs: Math.max(...filmed.map(({ timeUs, weightUs }) => timeUs.at(-1)! + weightUs.at(-1)!)),
  };
}

/** The numbers of each person of a session: the whole session first, then its markers. */
export function* personNumbersOf({ session, people }: SessionSeries, context: RowContext): Generator<PersonRow> {
  const whole = sessionWindow(sessionSpan(people));
  const filters: readonly SpeechFilter[] = context.speech ? SPEECH_FILTERS : ['all'];
  for (const series of people) {
    const { participant } = series;
    const windows = markerWindows(session, [participant]);
    const excluded = excludedOf(session, [participant]);
    const numbers = filters.map(
      (speech) => new PersonNumbers(series, { windows, session: whole, excluded, speech, options: context.options }),
    );
    for (const window of [whole, ...windows])
      for (const some of numbers)
        for (const number of some.of(window, context.measures)) yield { participant, session, window, number };
  }
}

type Where = Pick<NumberRow, 'study' | 'session' | 'condition' | 'window' | 'markerId' | 'marker' | 'markerKind'> &
  Pick<NumberRow, 'fromS' | 'toS'>;

function whereOf(study: string, { id, condition }: StudySession, window: StudyWindow): Where {
  const { kind, markerId, marker, markerKind, fromUs, toUs } = window;
  const [fromS, toS] = [significant(fromUs / 1e6), significant(toUs / 1e6)];
  return { study, session: id, condition, window: kind, markerId, marker, markerKind, fromS, toS };
}

/** Time with readings, time asked about, and their share. */
export function coverageOf(
  knownUs: number,
  windowUs: number,
): Pick<NumberRow, 'seconds' | 'windowSeconds' | 'coverage'> {
  return {
    seconds: significant(knownUs / 1e6),
    windowSeconds: significant(windowUs / 1e6),
    coverage: windowUs > 0 ? significant(Math.min(1, knownUs / windowUs)) : null,
  };
}

/** What a person's number says in the table, wherever it is from. */
export function numberCells(number: PersonNumber) {
  const { measure, reference, speech, value, interval, blockSeconds, n, knownUs, windowUs, reason } = number;
  return {
    speech,
    measure: measure.name,
    unit: measure.unit,
    reference,
    value: value === null ? null : significant(value),
    low: interval === null ? null : significant(interval[0]),
    high: interval === null ? null : significant(interval[1]),
    blockSeconds,
    n,
    ...coverageOf(knownUs, windowUs),
    reason,
  };
}

/** A person's number as a row. */
export function personRow({ participant, session, window, number }: PersonRow, context: RowContext): NumberRow {
  return {
    level: 'person',
    ...whereOf(context.study, session, window),
    participant,
    partner: null,
    traits: context.participants.get(participant)?.traits ?? {},
    ...numberCells(number),
  };
}

/** Rows of the synchrony of each two people of a session. */
export function* pairRows({ session, people }: SessionSeries, context: RowContext): Generator<NumberRow> {
  const whole = sessionWindow(sessionSpan(people));
  const pairs = people.flatMap((one, at) => people.slice(at + 1).map((other) => [one, other] as const));
  for (const pair of pairs) {
    const names = pair.map(({ participant }) => participant) as [string, string];
    const excluded = excludedOf(session, names);
    for (const window of [whole, ...markerWindows(session, names)])
      yield* windowOfPair(pair, { session, window, excluded, context });
  }
}

function* windowOfPair(
  pair: readonly [PersonSeries, PersonSeries],
  at: {
    readonly session: StudySession;
    readonly window: StudyWindow;
    readonly excluded: ReturnType<typeof excludedOf>;
    readonly context: RowContext;
  },
): Generator<NumberRow> {
  const { session, window, excluded, context } = at;
  const { options, participants, pairMeasures, study } = context;
  const [one, other] = pair.map(({ participant }) => participant) as [string, string];
  const signals = [...new Set(pairMeasures.map(({ signal }) => signal))];
  const windowUs = countedUs(window, excluded);
  for (const { signal, found, knownUs } of pairNumbers(pair, { window, windowUs, excluded, signals, options })) {
    const few: ThinReason = knownUs === 0 ? 'not-seen' : 'few-segments';
    const values = found && [
      { value: found.correlation, interval: found.interval },
      { value: found.lag * options.synchrony.stepSeconds, interval: null },
      { value: found.p, interval: null },
    ];
    for (const [index, measure] of pairMeasures.filter((each) => each.signal === signal).entries()) {
      const told = values?.[index] ?? null;
      yield {
        level: 'pair',
        ...whereOf(study, session, window),
        participant: one,
        partner: other,
        traits: participants.get(one)?.traits ?? {},
        speech: 'all',
        measure: measure.name,
        unit: measure.unit,
        reference: 'raw',
        value: told && significant(told.value),
        low: told?.interval ? significant(told.interval[0]) : null,
        high: told?.interval ? significant(told.interval[1]) : null,
        blockSeconds: null,
        n: found?.segments ?? 0,
        ...coverageOf(knownUs, windowUs),
        reason: told ? null : few,
      };
    }
  }
}
