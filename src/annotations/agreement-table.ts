import type { EpisodeKind } from '../domain/episode-kind.js';
import { compact, csvField } from '../record/number-text.js';
import { type Agreement, agreementOn, type Differences } from './agree.js';
import type { NamedComparison } from './compare.js';

/** Agreement of two on one label of one person, or of all of them together. */
export interface AgreementRow {
  readonly a: string;
  readonly b: string;
  readonly kind: EpisodeKind;
  readonly label: string;
  /** Null: all videos. */
  readonly source: string | null;
  /** Null: all persons. */
  readonly person: number | null;
  readonly agreement: Agreement;
}

/** For every two and label: all videos and persons together, then each person. */
export function agreementRows(comparisons: readonly NamedComparison[]): AgreementRow[] {
  const groups = new Map<string, NamedComparison[]>();
  for (const each of comparisons) {
    const key = JSON.stringify([each.a, each.b, each.kind, each.label]);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.keys()].sort().flatMap((key) => {
    const group = groups.get(key)!;
    const { a, b, kind, label } = group[0]!;
    const all = { a, b, kind, label, source: null, person: null, agreement: agreementOn(group) };
    const each = group.map((one) => ({
      a,
      b,
      kind,
      label,
      source: one.source,
      person: one.person,
      agreement: agreementOn([one]),
    }));
    return [all, ...each];
  });
}

type Cell = string | number | null;

const seconds = (range: Differences | null, key: keyof Differences): number | null =>
  range === null ? null : range[key] / 1e6;

/** Columns of the table, and what each holds. */
export const AGREEMENT_COLUMNS: readonly (readonly [
  name: string,
  cell: (row: AgreementRow) => Cell,
  meaning: string,
])[] = [
  ['reference', ({ a }) => a, 'who is taken to be right for precision and recall: a rater'],
  ['compared', ({ b }) => b, '"mien", or another rater'],
  ['kind', ({ kind }) => kind, 'emotion, action-unit, blink or speech'],
  ['label', ({ label }) => label, 'as in episodes'],
  ['source', ({ source }) => source ?? 'all', 'video, or all of them together'],
  ['person', ({ person }) => person ?? 'all', 'person of the video, or all of them together'],
  ['frames', ({ agreement }) => agreement.frames, 'frames that both judged, with the person in the picture'],
  ['frames_reference', ({ agreement }) => agreement.framesA, 'frames in which the reference saw it'],
  ['frames_compared', ({ agreement }) => agreement.framesB, 'frames in which the compared saw it'],
  ['kappa', ({ agreement }) => agreement.kappa.value, "Cohen's kappa over frames"],
  ['kappa_low', ({ agreement }) => agreement.kappa.interval?.[0] ?? null, '95 % interval, 10 s blocks drawn anew'],
  ['kappa_high', ({ agreement }) => agreement.kappa.interval?.[1] ?? null, ''],
  ['f1', ({ agreement }) => agreement.f1.value, 'F1 over frames'],
  ['f1_low', ({ agreement }) => agreement.f1.interval?.[0] ?? null, '95 % interval, 10 s blocks drawn anew'],
  ['f1_high', ({ agreement }) => agreement.f1.interval?.[1] ?? null, ''],
  [
    'precision',
    ({ agreement }) => agreement.precision,
    'of the compared’s frames, the share that the reference saw too',
  ],
  ['recall', ({ agreement }) => agreement.recall, 'of the reference’s frames, the share that the compared saw too'],
  ['events_reference', ({ agreement }) => agreement.eventsA, 'events of the reference'],
  ['events_compared', ({ agreement }) => agreement.eventsB, 'events of the compared'],
  ['events_common', ({ agreement }) => agreement.eventsMatched, 'pairs with at least half of their time in common'],
  ['event_f1', ({ agreement }) => agreement.eventF1, 'F1 over events'],
  [
    'onset_median_s',
    ({ agreement }) => seconds(agreement.onset, 'median'),
    'compared minus reference, of common events',
  ],
  ['onset_low_s', ({ agreement }) => seconds(agreement.onset, 'low'), 'range of the middle 95 % of the differences'],
  ['onset_high_s', ({ agreement }) => seconds(agreement.onset, 'high'), ''],
  [
    'offset_median_s',
    ({ agreement }) => seconds(agreement.offset, 'median'),
    'compared minus reference, of common events',
  ],
  ['offset_low_s', ({ agreement }) => seconds(agreement.offset, 'low'), 'range of the middle 95 % of the differences'],
  ['offset_high_s', ({ agreement }) => seconds(agreement.offset, 'high'), ''],
  [
    'length_icc2_1',
    ({ agreement }) => agreement.lengthAgreement,
    'ICC(2,1) of the lengths of common events: absolute agreement',
  ],
  [
    'length_icc3_1',
    ({ agreement }) => agreement.lengthConsistency,
    'ICC(3,1) of the lengths of common events: consistency',
  ],
  ['missing', ({ agreement }) => agreement.missing.join('; '), 'why cells are empty'],
];

/** The table as CSV; what is too thin is empty, with the reason in the last column. */
export function agreementCsv(rows: readonly AgreementRow[]): string {
  const cell = (value: Cell): string => (typeof value === 'string' ? csvField(value) : compact(value, 4));
  const lines = rows.map((row) => AGREEMENT_COLUMNS.map(([, of]) => cell(of(row))).join(','));
  return `${[AGREEMENT_COLUMNS.map(([name]) => name).join(','), ...lines].join('\n')}\n`;
}

const two = (value: number | null): string => (value === null ? '–' : value.toFixed(2));

/** The rows of all videos and persons, for people to read. */
export function agreementText(rows: readonly AgreementRow[]): string {
  const together = rows.filter(({ source }) => source === null);
  const sections = new Map<string, AgreementRow[]>();
  for (const row of together) {
    const title = `${row.b} against ${row.a}`;
    sections.set(title, [...(sections.get(title) ?? []), row]);
  }
  const line = ({ label, agreement: each }: AgreementRow): string => {
    const interval = each.kappa.interval ? ` [${two(each.kappa.interval[0])}, ${two(each.kappa.interval[1])}]` : '';
    const events = `events ${each.eventsMatched} of ${each.eventsA} and ${each.eventsB}, F1 ${two(each.eventF1)}`;
    const onset = each.onset === null ? '' : `, onset ${(each.onset.median / 1e6).toFixed(2)} s`;
    return `  ${label.padEnd(12)} kappa ${two(each.kappa.value)}${interval}  F1 ${two(each.f1.value)}  ${events}${onset}`;
  };
  return [...sections].map(([title, group]) => `${title}\n${group.map((row) => `${line(row)}\n`).join('')}`).join('\n');
}
