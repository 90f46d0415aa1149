import type { Micros } from '../domain/units.js';
import type { Place } from './findings.js';
import { timeText } from './session-time.js';

/** A marker or excluded range as it was written, its times not yet those of the session. */
export interface Stretch {
  /** Where what it says was written, by key or column. */
  readonly at: (key: string) => Place;
  /** What it is for a person: its label, or the reason. */
  readonly text: string | null;
  readonly id: string | null;
  readonly kind: string | null;
  readonly fromUs: Micros;
  readonly toUs: Micros | null;
  readonly participant: string | null;
  /** Whose own time it is told in; null: session time. */
  readonly video: string | null;
  /** Which session it is of, where a file says so. */
  readonly session: string | null;
}

/** What an entry of `markers` or `excluded` may say. */
export interface StretchEntry {
  readonly id?: string | undefined;
  readonly label?: string | undefined;
  readonly reason?: string | undefined;
  readonly kind?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly file?: string | undefined;
  readonly video?: string | undefined;
  readonly participant?: string | undefined;
  readonly match?: string | undefined;
  readonly tier?: string | undefined;
}

/** Which of the two lists an entry is of: the name of its text, and whether its end may be left out. */
export interface StretchKind {
  readonly text: 'label' | 'reason';
  readonly openEnd: boolean;
}

export const MARKERS: StretchKind = { text: 'label', openEnd: true };
export const EXCLUDED: StretchKind = { text: 'reason', openEnd: false };

/** "1:02 to 1:40" */
export const stretchText = (fromUs: number, toUs: number): string => `${timeText(fromUs)} to ${timeText(toUs)}`;
