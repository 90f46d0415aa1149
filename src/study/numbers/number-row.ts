import type { Participant } from '../../domain/study.js';

/** What a row is about: one person, two people of a session, or many. */
export const ROW_LEVELS = ['person', 'pair', 'group'] as const;
/** One of `ROW_LEVELS`. */
export type RowLevel = (typeof ROW_LEVELS)[number];

/** Which time a row is of: a whole session, a marker of one, or all sessions of a condition together. */
export const WINDOW_KINDS = ['session', 'marker', 'condition'] as const;
/** One of `WINDOW_KINDS`. */
export type WindowKind = (typeof WINDOW_KINDS)[number];

/** Of a window's time: all of it, or only where the person is known not to speak. */
export const SPEECH_FILTERS = ['all', 'silent'] as const;
/** One of `SPEECH_FILTERS`. */
export type SpeechFilter = (typeof SPEECH_FILTERS)[number];

/** What a value is told relative to: nothing, the markers of kind `baseline`, or the person's own median. */
export const REFERENCES = ['raw', 'baseline', 'median'] as const;
/** One of `REFERENCES`. */
export type Reference = (typeof REFERENCES)[number];

/** Why a row has no value, or no interval; each in words for the codebook. */
export const THIN_REASONS = {
  'not-seen': 'no value: the person has no reading of this in the window',
  'few-seconds': 'no value: fewer seconds with readings than the limit',
  'low-coverage': 'no value: readings cover less of the window than the limit',
  'no-episode': 'no value: no episode began in the window',
  'is-baseline': 'no value: the window is the baseline itself',
  'thin-baseline': 'no value: the baseline has too few readings',
  'few-persons': 'no value: fewer persons (or pairs) have a value than the limit',
  'few-segments': 'no value: too few segments in which both people have readings that vary',
  'short-for-interval':
    'value without interval: too few blocks of time, or too few of them with readings, to judge how it varies',
} as const;
/** A key of `THIN_REASONS`. */
export type ThinReason = keyof typeof THIN_REASONS;

/** One number of a study: a row of `numbers.csv` and `numbers.parquet`. */
export interface NumberRow {
  readonly study: string;
  readonly level: RowLevel;
  /** Null in rows over several sessions. */
  readonly session: string | null;
  readonly condition: string | null;
  /** Null in rows of groups. */
  readonly participant: string | null;
  /** The second person of a pair; else null. */
  readonly partner: string | null;
  /** Of the participant, by name; empty in rows of groups. */
  readonly traits: Participant['traits'];
  readonly window: WindowKind;
  /** Id of the marker in its session; null in rows over several sessions. */
  readonly markerId: string | null;
  /** Label of the marker: the same in all sessions where the same was asked. */
  readonly marker: string | null;
  readonly markerKind: string | null;
  /** Session time in which the window begins and ends (exclusive), seconds; null in rows over several sessions. */
  readonly fromS: number | null;
  readonly toS: number | null;
  readonly speech: SpeechFilter;
  readonly measure: string;
  readonly unit: string;
  readonly reference: Reference;
  readonly value: number | null;
  /** Ends of a 95 % interval. */
  readonly low: number | null;
  readonly high: number | null;
  /** Length of the blocks of time that were drawn for the interval; null for other intervals. */
  readonly blockSeconds: number | null;
  /** Frames with a reading, episodes, segments, or persons: by the measure and level, as the codebook says. */
  readonly n: number;
  /** Time with readings. */
  readonly seconds: number;
  /** Time that the window asks about, without excluded ranges. */
  readonly windowSeconds: number;
  /** seconds / windowSeconds, at most 1. */
  readonly coverage: number | null;
  readonly reason: ThinReason | null;
}
