import type { NumberRow } from '../numbers/number-row.js';

/** Version of the data inside the page; the page's own script is its only reader. */
export const STUDY_PAGE_VERSION = 1;

/** Highest code of a byte in a strip: no reading. */
export const NOTHING = 255;
/** Codes of values reach from 0 to this. */
export const TOP = 254;

/**
 * A row of numbers: who, session, window and condition are places in the lists of the page, -1 for none. Who is a person,
 * or a pair as "a & b".
 */
export type PageRow = readonly [
  who: number,
  session: number,
  window: number,
  condition: number,
  value: number | null,
  low: number | null,
  high: number | null,
  n: number,
  coverage: number | null,
  reason: number,
];

/** All rows of one measure in one form. */
export interface PageMeasure {
  readonly measure: string;
  readonly unit: string;
  readonly reference: NumberRow['reference'];
  readonly speech: NumberRow['speech'];
  readonly rows: readonly PageRow[];
}

/** A person in a session as a row of bytes over time, each row base64. */
export interface PageStrip {
  readonly who: number;
  readonly session: number;
  readonly condition: number;
  readonly fromS: number;
  readonly toS: number;
  /** By kind of strip; a kind that the results do not have is left out. */
  readonly cells: Readonly<Record<string, string>>;
}

/** A kind of strip: what its bytes mean. */
export interface StripKind {
  readonly name: string;
  readonly title: string;
  /** level: 0..254 from `low` to `high`; word: place in `words`, 254 for none in force. */
  readonly codes: 'level' | 'word';
  readonly low: number;
  readonly high: number;
  readonly words: readonly string[];
}

/** A mean over persons around the start of a marker; null where nobody has a reading. */
export interface PageCurve {
  readonly condition: number;
  readonly persons: number;
  readonly mean: readonly (number | null)[];
  /** Ends of the 95 % interval; null for fewer than three persons. */
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
}

/** What happens around the starts of all markers of one label. */
export interface PageAligned {
  readonly window: number;
  readonly starts: number;
  /** Who was there at any of them; somebody met under two conditions counts once. */
  readonly people: number;
  readonly signals: Readonly<Record<string, readonly PageCurve[]>>;
}

/** A signal that is shown around markers. */
export interface AlignedSignal {
  readonly name: string;
  readonly title: string;
  /** What follows the title where there is room. */
  readonly unit: string;
}

/** Everything the page's script needs; embedded as JSON. */
export interface StudyPageData {
  readonly v: typeof STUDY_PAGE_VERSION;
  readonly people: readonly string[];
  readonly sessions: readonly string[];
  readonly conditions: readonly string[];
  /** Labels of markers. */
  readonly windows: readonly string[];
  readonly reasons: readonly { readonly name: string; readonly words: string }[];
  readonly measures: readonly PageMeasure[];
  readonly about: Readonly<Record<string, string>>;
  readonly aligned: {
    readonly beforeS: number;
    readonly stepS: number;
    readonly signals: readonly AlignedSignal[];
    readonly markers: readonly PageAligned[];
  };
  readonly strips: {
    readonly kinds: readonly StripKind[];
    readonly people: readonly PageStrip[];
    /** Time that numbers leave out, by session. */
    readonly excluded: readonly { readonly session: number; readonly fromS: number; readonly toS: number }[];
    readonly marks: readonly { readonly session: number; readonly window: number; readonly atS: number }[];
  };
}
