import type { Participant } from '../../domain/study.js';
import { type NumberRow, REFERENCES, ROW_LEVELS, SPEECH_FILTERS, THIN_REASONS, WINDOW_KINDS } from './number-row.js';

/** A column of the table of numbers. */
export interface NumberColumn {
  readonly name: string;
  readonly type: 'double' | 'int' | 'text';
  /** What it holds and in which unit. */
  readonly about: string;
  /** What it can hold. */
  readonly range: string;
  /** What an empty cell means. */
  readonly missing: string;
  readonly value: (row: NumberRow) => string | number | null;
}

const listed = (words: readonly string[]): string => words.join(', ');
const NEVER = 'never empty';

const WHO: readonly NumberColumn[] = [
  { name: 'study', type: 'text', about: 'name of the study', range: 'text', missing: NEVER, value: (row) => row.study },
  {
    name: 'level',
    type: 'text',
    about: 'what the row is about: a person, two people of one session, or all persons (or pairs) with a value',
    range: listed(ROW_LEVELS),
    missing: NEVER,
    value: ({ level }) => level,
  },
  {
    name: 'session',
    type: 'text',
    about: 'id of the session',
    range: 'text',
    missing: 'the row is of several sessions',
    value: ({ session }) => session,
  },
  {
    name: 'condition',
    type: 'text',
    about: 'condition of the session',
    range: 'conditions of the study',
    missing: 'the session has no condition',
    value: ({ condition }) => condition,
  },
  {
    name: 'participant',
    type: 'text',
    about: 'pseudonym of the person',
    range: 'participants of the study',
    missing: 'the row is of a group',
    value: ({ participant }) => participant,
  },
  {
    name: 'partner',
    type: 'text',
    about: 'pseudonym of the second person of a pair',
    range: 'participants of the study',
    missing: 'the row is not of a single pair',
    value: ({ partner }) => partner,
  },
];

const WHEN: readonly NumberColumn[] = [
  {
    name: 'window',
    type: 'text',
    about: 'which time: a whole session, a marker in it, or all sessions of the condition together',
    range: listed(WINDOW_KINDS),
    missing: NEVER,
    value: (row) => row.window,
  },
  {
    name: 'marker',
    type: 'text',
    about: 'label of the marker; the same in all sessions where the same was asked or shown',
    range: 'text',
    missing: 'the window is no marker',
    value: ({ marker }) => marker,
  },
  {
    name: 'marker_id',
    type: 'text',
    about: 'id of the marker in its session',
    range: 'text',
    missing: 'the window is no marker, or the row is of several sessions',
    value: ({ markerId }) => markerId,
  },
  {
    name: 'marker_kind',
    type: 'text',
    about: 'kind of the marker: question, stimulus, phase, baseline, or a word of the study’s own',
    range: 'text',
    missing: 'the window is no marker',
    value: ({ markerKind }) => markerKind,
  },
  {
    name: 'from_s',
    type: 'double',
    about: 'where the window begins, seconds of session time',
    range: 'seconds',
    missing: 'the row is of several sessions',
    value: ({ fromS }) => fromS,
  },
  {
    name: 'to_s',
    type: 'double',
    about: 'where the window ends (exclusive), seconds of session time',
    range: 'seconds',
    missing: 'the row is of several sessions',
    value: ({ toS }) => toS,
  },
  {
    name: 'speech',
    type: 'text',
    about: 'all: of all time in the window; silent: only while the person is known not to speak',
    range: listed(SPEECH_FILTERS),
    missing: NEVER,
    value: ({ speech }) => speech,
  },
];

const WHAT: readonly NumberColumn[] = [
  {
    name: 'measure',
    type: 'text',
    about: 'name of the measure; a row of kind measure in this codebook says what it is',
    range: 'measures of this codebook',
    missing: NEVER,
    value: ({ measure }) => measure,
  },
  {
    name: 'unit',
    type: 'text',
    about: 'unit of value, low and high',
    range: 'text',
    missing: NEVER,
    value: (row) => row.unit,
  },
  {
    name: 'reference',
    type: 'text',
    about:
      'raw: as measured; baseline: minus the same measure in the person’s markers of kind baseline; median: minus the person’s own median over the session',
    range: listed(REFERENCES),
    missing: NEVER,
    value: ({ reference }) => reference,
  },
  {
    name: 'value',
    type: 'double',
    about: 'the number, rounded to nine significant digits',
    range: 'by measure',
    missing: 'left out; reason says why',
    value: ({ value }) => value,
  },
  {
    name: 'low',
    type: 'double',
    about: 'lower end of the 95 % interval',
    range: 'by measure',
    missing: 'no interval',
    value: ({ low }) => low,
  },
  {
    name: 'high',
    type: 'double',
    about: 'upper end of the 95 % interval',
    range: 'by measure',
    missing: 'no interval',
    value: ({ high }) => high,
  },
  {
    name: 'block_s',
    type: 'double',
    about: 'length of the blocks of time that were drawn for the interval, seconds',
    range: 'seconds, above 0',
    missing: 'the interval is over persons or segments, or there is none',
    value: ({ blockSeconds }) => blockSeconds,
  },
  {
    name: 'n',
    type: 'int',
    about:
      'of a person: frames with a reading, or episodes that began in the window, by the measure; of a pair: segments; of a group: persons (or pairs) with a value',
    range: '0 and above',
    missing: NEVER,
    value: ({ n }) => n,
  },
  {
    name: 'seconds',
    type: 'double',
    about: 'time with readings, seconds',
    range: '0 and above',
    missing: NEVER,
    value: ({ seconds }) => seconds,
  },
  {
    name: 'window_s',
    type: 'double',
    about:
      'time that the row asks about, seconds: the window without excluded ranges; of silent rows the time without speech',
    range: '0 and above',
    missing: NEVER,
    value: ({ windowSeconds }) => windowSeconds,
  },
  {
    name: 'coverage',
    type: 'double',
    about: 'seconds / window_s, at most 1',
    range: '0..1',
    missing: 'window_s is 0',
    value: ({ coverage }) => coverage,
  },
  {
    name: 'reason',
    type: 'text',
    about: 'why the row has no value, or no interval',
    range: listed(Object.keys(THIN_REASONS)),
    missing: 'value and interval are there',
    value: ({ reason }) => reason,
  },
];

/** The column of a trait of the participants. */
export const traitColumn = (trait: string): string => `trait_${trait}`;

/**
 * The columns of the table, in its order.
 *
 * @param participants - whose traits become columns, in the order in which they are first named
 */
export function numberColumns(participants: readonly Participant[]): readonly NumberColumn[] {
  const names = [...new Set(participants.flatMap(({ traits }) => Object.keys(traits)))];
  const traits = names.map((name): NumberColumn => {
    const numeric = participants.every(({ traits: of }) => of[name] === undefined || typeof of[name] === 'number');
    return {
      name: traitColumn(name),
      type: numeric ? 'double' : 'text',
      about: `"${name}" of the participant, as the study file says`,
      range: numeric ? 'numbers' : 'text',
      missing: 'not known, or the row is of a group',
      value: ({ traits: of }) => (numeric || of[name] === undefined ? (of[name] ?? null) : String(of[name])),
    };
  });
  return [...WHO, ...traits, ...WHEN, ...WHAT];
}
