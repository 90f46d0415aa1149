import { EMOTIONS } from '../../domain/affect.js';
import type { StudySession } from '../../domain/study.js';
import { numberColumns } from '../numbers/number-columns.js';
import type { NumberRow } from '../numbers/number-row.js';
import type { PersonSeries } from '../numbers/person-series.js';
import { LABEL, valueAt } from '../numbers/signals.js';

/** What a cell holds where there is nothing to tell. */
export const NOT_AVAILABLE = 'n/a';

/** A cell of a table with tabs: nothing in it looks like the end of a cell or row. */
export function tsvCell(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return NOT_AVAILABLE;
  const text = String(value)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return text === '' ? NOT_AVAILABLE : text;
}

/** A row with its line end. */
export const tsvLine = (cells: readonly (string | number | null | undefined)[]): string =>
  `${cells.map(tsvCell).join('\t')}\n`;

/** What an event is from. */
export const EVENT_SOURCES = {
  marker: 'a marker of the study file',
  excluded: 'time that numbers leave out, and why',
  measured: 'an episode that mien found',
} as const;

/** Columns of the events; BIDS asks for the first two, in this order. */
export const EVENT_COLUMNS = ['onset', 'duration', 'trial_type', 'label', 'source'] as const;

interface Event {
  readonly fromUs: number;
  readonly toUs: number;
  readonly type: string;
  readonly label: string;
  readonly source: keyof typeof EVENT_SOURCES;
}

/** What happened to a participant in a session, in the order of time: what was asked, left out, and seen of them. */
export function eventLines({ markers, excluded }: StudySession, series: PersonSeries): readonly string[] {
  const isTheirs = ({ participant }: { readonly participant: string | null }): boolean =>
    participant === null || participant === series.participant;
  const events: readonly Event[] = [
    ...markers.filter(isTheirs).map((each): Event => ({ ...each, type: each.kind, source: 'marker' })),
    ...excluded
      .filter(isTheirs)
      .map((each): Event => ({ ...each, type: 'excluded', label: each.reason, source: 'excluded' })),
    ...series.episodes.map(
      ({ kind, label, onsetUs, offsetUs }): Event => ({
        ...{ fromUs: onsetUs, toUs: offsetUs, type: kind },
        ...{ label, source: 'measured' },
      }),
    ),
  ];
  return [...events]
    .sort((a, b) => a.fromUs - b.fromUs || b.toUs - a.toUs)
    .map(({ fromUs, toUs, type, label, source }) =>
      tsvLine([seconds(fromUs), seconds(toUs - fromUs), type, label, source]),
    );
}

/** Microseconds as seconds, none of them lost. */
const seconds = (us: number): number => Math.round(us) / 1e6;

/** Columns of the frames: session time, then the signals. */
export const frameColumns = ({ signals }: Pick<PersonSeries, 'signals'>): readonly string[] => [
  'time',
  ...signals.keys(),
];

/** The frames in which a participant could be seen, in the order of time, by lines. */
export function* frameLines({ timeUs, signals }: Pick<PersonSeries, 'timeUs' | 'signals'>): Generator<string> {
  const columns = [...signals];
  for (let frame = 0; frame < timeUs.length; frame++) {
    const cells = columns.map(([name, values]) => {
      const value = valueAt(values, frame);
      if (Number.isNaN(value)) return null;
      return name === LABEL ? (EMOTIONS[value] ?? 'none') : value;
    });
    yield tsvLine([seconds(timeUs[frame]!), ...cells]);
  }
}

/** Columns of the table of numbers that file names and other files of the dataset tell already. */
const TOLD_ELSEWHERE = new Set(['study', 'level', 'session', 'condition', 'participant', 'partner']);

/** Columns of the numbers of one participant in one session. */
export const NUMBER_COLUMNS = numberColumns([]).filter(({ name }) => !TOLD_ELSEWHERE.has(name));

/** A number of one participant in one session. */
export const numberTsvLine = (row: NumberRow): string => tsvLine(NUMBER_COLUMNS.map(({ value }) => value(row)));
