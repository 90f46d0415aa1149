import { csvField } from '../../record/number-text.js';
import { KIND_WORDS, type Measure, WITHOUT_INTERVAL } from './measure.js';
import type { NumberColumn } from './number-columns.js';
import type { NumberOptions } from './number-options.js';
import { THIN_REASONS } from './number-row.js';

/** One line of the codebook: a column, a measure, a reason, or a setting that numbers were made with. */
export interface CodebookEntry {
  readonly kind: 'column' | 'measure' | 'reason' | 'setting';
  readonly name: string;
  readonly meaning: string;
  readonly unit: string;
  readonly range: string;
  readonly source: string;
  readonly missing: string;
}

const HEADER = ['kind', 'name', 'meaning', 'unit', 'range', 'source', 'missing'] as const;

const SETTINGS: Readonly<Record<string, readonly [meaning: string, unit: string]>> = {
  maxFrameSeconds: ['a frame stands for half the gap to either neighbour; a gap counts at most this', 'seconds'],
  cellSeconds: ['time is cut into cells this long, which resamples are drawn from in blocks', 'seconds'],
  blockSeconds: [
    'length of the blocks; shorter in windows of fewer than minBlocks, longer in those of more than maxBlocks of them',
    'seconds',
  ],
  minBlockSeconds: ['no interval where blocks would be shorter', 'seconds'],
  minBlocks: ['least number of blocks in a window', 'blocks'],
  maxBlocks: ['most blocks in a window', 'blocks'],
  draws: ['resamples behind each interval', 'resamples'],
  speakingFrom: ['probability from which a person counts as speaking', 'probability'],
  minSeconds: ['numbers of less time with readings are left out', 'seconds'],
  minCoverage: ['numbers of a smaller share of the window are left out', 'share'],
  minPersons: ['numbers of groups of fewer persons, or pairs, are left out', 'persons'],
  'synchrony.signals': ['signals that are compared between two people', ''],
  'synchrony.stepSeconds': ['signals are averaged in steps this long', 'seconds'],
  'synchrony.segmentSeconds': ['correlations are of segments this long', 'seconds'],
  'synchrony.lagSeconds': ['one person is moved against the other by at most this', 'seconds'],
  'synchrony.minShare': ['a segment needs this share of steps at which both have readings', 'share'],
  'synchrony.minSegments': ['a lag needs this many segments', 'segments'],
  'synchrony.surrogates': ['random pairings of segments behind the p value', 'pairings'],
};

function settings(options: NumberOptions): readonly (readonly [name: string, value: unknown])[] {
  const { synchrony, ...rest } = options;
  return [
    ...Object.entries(rest),
    ...Object.entries(synchrony).map(([key, value]) => [`synchrony.${key}`, value] as const),
  ];
}

/** What every column, measure, reason and setting of a table means. */
export function codebook({
  columns,
  measures,
  options,
}: {
  readonly columns: readonly NumberColumn[];
  readonly measures: readonly Measure[];
  readonly options: NumberOptions;
}): readonly CodebookEntry[] {
  return [
    ...columns.map(
      ({ name, about, range, missing, type }): CodebookEntry => ({
        kind: 'column',
        name,
        meaning: about,
        unit: type === 'text' ? 'text' : 'number',
        range,
        source: 'study file and results',
        missing,
      }),
    ),
    ...measures.map(({ name, about, kind, unit, range, source, relative, windows }): CodebookEntry => {
      const interval = WITHOUT_INTERVAL.has(kind) ? '; no interval' : '';
      const against = relative.length > 0 ? `; also relative to ${relative.join(', else ')}` : '';
      return {
        kind: 'measure',
        name,
        meaning: `${about}: ${KIND_WORDS[kind]}; of ${windows.join(', ')}${against}${interval}`,
        unit,
        range,
        source,
        missing: 'left out; the column reason says why',
      };
    }),
    ...Object.entries(THIN_REASONS).map(
      ([name, meaning]): CodebookEntry => ({
        kind: 'reason',
        name,
        meaning,
        unit: '',
        range: '',
        source: 'column reason',
        missing: '',
      }),
    ),
    ...settings(options).map(([name, value]): CodebookEntry => {
      const [meaning, unit] = SETTINGS[name]!;
      const range = Array.isArray(value) ? value.join(' ') : String(value);
      return { kind: 'setting', name, meaning, unit, range, source: 'mien', missing: '' };
    }),
  ];
}

/** The codebook as CSV. */
export function codebookCsv(entries: readonly CodebookEntry[]): string {
  const rows = entries.map((entry) => HEADER.map((key) => csvField(entry[key])).join(','));
  return `${[HEADER.join(','), ...rows].join('\n')}\n`;
}

const TITLES: Readonly<Record<CodebookEntry['kind'], string>> = {
  column: 'Columns of numbers.csv and numbers.parquet',
  measure: 'Measures',
  reason: 'Why a value or an interval is missing',
  setting: 'Settings',
};

const PAGE_COLUMNS: Readonly<Record<CodebookEntry['kind'], readonly (keyof CodebookEntry)[]>> = {
  column: ['name', 'meaning', 'range', 'missing'],
  measure: ['name', 'meaning', 'unit', 'range', 'source'],
  reason: ['name', 'meaning'],
  setting: ['name', 'range', 'unit', 'meaning'],
};

/** The codebook as a page to read. */
export function codebookPage(study: string, entries: readonly CodebookEntry[]): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
  const tables = Object.entries(TITLES).map(([kind, title]) => {
    const keys = PAGE_COLUMNS[kind as CodebookEntry['kind']];
    const heads = keys.map((key) => (kind === 'setting' && key === 'range' ? 'value' : key));
    const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
    const rows = entries
      .filter((entry) => entry.kind === kind)
      .map((entry) => line(keys.map((key) => cell(entry[key]))));
    return [`## ${title}`, '', line(heads), line(heads.map(() => '---')), ...rows].join('\n');
  });
  const head = [
    `# Codebook of ${study}`,
    'Values have nine significant digits. Empty cells are missing values, never 0. What is told are visible movements and what they may express, not what somebody feels.',
  ];
  return `${[...head, ...tables].join('\n\n')}\n`;
}
