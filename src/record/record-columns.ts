import type { FaceRecord } from '../domain/records.js';
import { filledIn, type Leaf, type LeafValue, leavesOf } from './leaves.js';
import { rounded } from './number-text.js';

/** One column of the tidy tables (CSV and Parquet). */
export interface RecordColumn {
  readonly name: string;
  readonly type: 'double' | 'int' | 'text' | 'boolean';
  /** What the numbers are measured in, for the manifest. */
  readonly unit: string;
  /** Where the value is in a line of records.jsonl, by dots, times `scale`; null where lines do not have it. */
  readonly path: string | null;
  readonly scale: number;
  readonly value: (record: FaceRecord) => LeafValue;
}

function columnOf(leaf: Leaf): RecordColumn | null {
  const { shape, value, path } = leaf;
  const { column } = shape;
  if (!column) return null;
  const labels = {
    name: filledIn(column.name, leaf),
    unit: filledIn(column.unit ?? shape.about, leaf),
    path,
    scale: (shape.kind === 'number' ? shape.column?.scale : undefined) ?? 1,
  };
  if (shape.kind === 'flag') return { ...labels, type: 'boolean', value };
  if (shape.kind !== 'number') return { ...labels, type: 'text', value };
  const digits = column.digits ?? shape.digits;
  if (digits === 0) return { ...labels, type: 'int', value };
  const { scale } = labels;
  return {
    ...labels,
    type: 'double',
    value: (record) => {
      const found = value(record) as number | null;
      if (found === null || !Number.isFinite(found)) return null;
      return rounded(scale === 1 ? found : found * scale, digits);
    },
  };
}

/** The columns of a run whose model reads the action units `keys`, in the order of the declaration. */
export function recordColumns(keys: readonly string[]): readonly RecordColumn[] {
  return leavesOf(keys).flatMap((leaf) => columnOf(leaf) ?? []);
}

/** The columns that every run has. */
export const RECORD_COLUMNS: readonly RecordColumn[] = recordColumns([]);

/** What a tidy table has. */
export interface TableOptions {
  /** Keys of the action units that the model reads. */
  readonly actionUnits: readonly string[];
  /** Also the instant of each frame, in the last column: of live cameras, whose media time says nothing later. */
  readonly wallTime?: boolean;
  /** Also the person, in the last column: of recorded videos, whose tracks are joined when they end. */
  readonly person?: boolean;
}

const WALL_TIME: RecordColumn = {
  name: 'wall_time',
  type: 'text',
  unit: 'RFC 3339 instant of the frame',
  path: 'wallTime',
  scale: 1,
  value: ({ wallTime }) => wallTime,
};

/** Name of the column that says whose face a row shows. */
export const PERSON_COLUMN = 'person';

/** Until tracks are joined, each is a person of its own. */
const PERSON: RecordColumn = {
  name: PERSON_COLUMN,
  type: 'int',
  unit: 'number of the person in people.json, whose tracks are joined; empty where the face is nobody’s',
  path: null,
  scale: 1,
  value: ({ track }) => track,
};

/** The columns of a table. */
export function tableColumns({ actionUnits, wallTime = false, person = false }: TableOptions): readonly RecordColumn[] {
  return [...recordColumns(actionUnits), ...(wallTime ? [WALL_TIME] : []), ...(person ? [PERSON] : [])];
}
