import type { PageMeasure, PageRow, StudyPageData } from '../../../src/study/report/page-data.js';

export type { PageMeasure, PageRow, StudyPageData } from '../../../src/study/report/page-data.js';

/** A row by name. */
export interface Row {
  readonly who: number;
  readonly session: number;
  readonly window: number;
  readonly condition: number;
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly n: number;
  readonly coverage: number | null;
  readonly reason: number;
}

export function readData(): StudyPageData {
  return JSON.parse(document.getElementById('study-data')?.textContent ?? '') as StudyPageData;
}

const named = ([who, session, window, condition, value, low, high, n, coverage, reason]: PageRow): Row => {
  return { who, session, window, condition, value, low, high, n, coverage, reason };
};

/** Rows of a measure: of people (or pairs), and of all people of a condition together. */
export function rowsOf(measure: PageMeasure): { readonly people: readonly Row[]; readonly groups: readonly Row[] } {
  const rows = measure.rows.map(named);
  return { people: rows.filter(({ who }) => who >= 0), groups: rows.filter(({ who }) => who < 0) };
}

/** The conditions of rows, in the order of the study; -1 is of none. */
export function conditionsOf(rows: readonly Row[]): readonly number[] {
  return [...new Set(rows.map(({ condition }) => condition))].sort((a, b) => a - b);
}

export const conditionName = ({ conditions }: StudyPageData, condition: number): string =>
  conditions[condition] ?? (conditions.length > 0 ? 'no condition' : 'all people');
