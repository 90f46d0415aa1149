import { dirname } from 'node:path';
import { openCsvFile } from '../../csv/csv-file.js';
import type { CsvRow } from '../../csv/csv-rows.js';
import { EMOTIONS } from '../../domain/affect.js';
import { emotionOfLabel } from '../../domain/emotion-names.js';
import { AffectError, errorWords } from '../../domain/errors.js';
import { COMPOUND_EXPRESSIONS } from '../../domain/insight.js';
import type { Problems } from '../../eval/benchmarks/annotation-file.js';
import { compoundNamed } from '../../eval/benchmarks/compound-files.js';
import { codesOf, unitColumns } from '../../eval/units/coded-faces.js';
import type { Task } from '../exchanges.js';
import { type LabelledFace, labelledFace, SPLITS, type Split, type TextKind } from '../face.js';
import type { Source, SourceOptions } from '../source.js';
import { pictures } from './chunks.js';

/** Columns with texts about the face. */
const TEXTS: Readonly<Record<TextKind, string>> = {
  emotion: 'emotion_text',
  units: 'units_text',
  summary: 'summary',
  movement: 'movement',
  reasoning: 'reasoning',
  thought: 'thought',
};

/** Where a list's columns are; -1: there is none. */
interface Columns {
  readonly image: number;
  readonly label: number;
  readonly subject: number;
  readonly split: number;
  readonly valence: number;
  readonly arousal: number;
  readonly units: ReadonlyMap<string, number>;
  readonly texts: readonly (readonly [TextKind, number])[];
}

async function columnsOf({ path, columns }: SourceOptions) {
  const file = await openCsvFile(path);
  const { header } = file;
  const optional = (name: string): number => header.indexOf(name);
  const found: Columns = {
    image: file.position(columns.image, '--image-column'),
    label: optional(columns.label),
    subject: optional(columns.subject),
    split: optional('split'),
    valence: optional('valence'),
    arousal: optional('arousal'),
    units: header.some((name) => /^AU[ _]?\d/i.test(name)) ? unitColumns(file, path) : new Map(),
    texts: (Object.entries(TEXTS) as [TextKind, string][]).map(([kind, name]) => [kind, optional(name)]),
  };
  return { found, rows: file.rows };
}

/** What a row's label says: one of the eight emotions, or a compound expression. */
function labelOf(text: string): Pick<LabelledFace, 'emotion' | 'compound'> | null {
  const emotion = emotionOfLabel(text);
  const compound = compoundNamed(text) ?? null;
  if (text !== '' && emotion === null && compound === null) return null;
  return { emotion, compound };
}

function faceOf(row: CsvRow, columns: Columns, path: string, problems: Problems): LabelledFace | null {
  const where = `${path}, line ${row.line}`;
  const cell = (at: number): string => row.fields[at]?.trim() ?? '';
  const before = { count: 0 };
  const wrong = (why: string): void => {
    before.count += 1;
    problems.add(where, why);
  };
  const image = cell(columns.image);
  if (image === '') wrong('no picture is named');
  const label = labelOf(cell(columns.label));
  if (label === null) wrong(`"${cell(columns.label)}" is no emotion and no compound expression; rename or remove it`);
  const split = SPLITS.find((one) => one === cell(columns.split)) ?? null;
  if (split === null && cell(columns.split) !== '')
    wrong(`split is "${cell(columns.split)}"; write ${SPLITS.join(', ')} or nothing`);
  const numbers = [cell(columns.valence), cell(columns.arousal)];
  const [valence, arousal] = numbers.map(Number);
  const rated = numbers.every((text) => text !== '');
  if (rated && !(Math.abs(valence!) <= 1 && Math.abs(arousal!) <= 1))
    wrong('valence and arousal are numbers from -1 to 1');
  let units: ReadonlyMap<string, number> = new Map();
  try {
    units = codesOf(row, columns.units, path);
  } catch (error) {
    wrong(errorWords(error).slice(`${where}: `.length));
  }
  if (before.count > 0) return null;
  const texts = columns.texts.flatMap(([kind, at]) => (cell(at) === '' ? [] : [[kind, cell(at)] as const]));
  return labelledFace({
    image,
    where,
    subject: cell(columns.subject) || null,
    split: split as Split | null,
    ...label,
    units: units.size === 0 ? null : units,
    affect: rated ? { valence: valence!, arousal: arousal! } : null,
    texts: Object.fromEntries(texts),
  });
}

/** What the columns of a list teach. */
function tasksOf({ label, units, valence, texts }: Columns): Task[] {
  const aligned = texts.some(([kind, at]) => ['summary', 'movement', 'reasoning'].includes(kind) && at >= 0);
  const tasks: readonly (readonly [Task, boolean])[] = [
    ['emotion', label >= 0],
    ['compound', label >= 0],
    ['units', units.size > 0],
    ['affect', valence >= 0],
    ['aligned', aligned],
  ];
  return tasks.filter(([, has]) => has).map(([task]) => task);
}

/** Any list with a header line: docs/datasets.md names its columns. Rejects with INPUT_NOT_FOUND or USAGE. */
export async function csvSource(options: SourceOptions): Promise<Source> {
  const { path } = options;
  const { found, rows } = await columnsOf(options);
  await rows.return(undefined); // only the header was wanted
  const tasks = tasksOf(found);
  if (tasks.length === 0)
    throw new AffectError(
      'USAGE',
      `${path}, line 1: no column with labels: ${options.columns.label}, AU1, AU2 ..., valence, summary; docs/datasets.md names them`,
    );
  async function* faces(problems: Problems): AsyncGenerator<LabelledFace> {
    const again = await columnsOf(options);
    for await (const row of again.rows) {
      const face = faceOf(row, again.found, path, problems);
      if (face !== null) yield face;
    }
  }
  return {
    title: 'list',
    labels: [path],
    images: dirname(path),
    tasks,
    emotions: EMOTIONS,
    compounds: COMPOUND_EXPRESSIONS,
    units: [...found.units.keys()].sort((a, b) => Number(a) - Number(b)),
    presentFrom: 1,
    folds: null,
    lacksPictures: false,
    faces: (problems) => pictures(faces(problems)),
  };
}
