import type { FaceRecord } from '../domain/records.js';
import { filledIn, type Leaf, type LeafValue, leavesOf } from './leaves.js';
import { rounded } from './number-text.js';

/** One column of the tidy tables (CSV and Parquet). */
export interface RecordColumn {
  readonly name: string;
  readonly type: 'double' | 'int' | 'text' | 'boolean';
  /** What the numbers are measured in, for the manifest. */
  readonly unit: string;
  readonly value: (record: FaceRecord) => LeafValue;
}

function columnOf(leaf: Leaf): RecordColumn | null {
  const { shape, value } = leaf;
  const { column } = shape;
  if (!column) return null;
  const labels = { name: filledIn(column.name, leaf), unit: filledIn(column.unit ?? shape.about, leaf) };
  if (shape.kind === 'flag') return { ...labels, type: 'boolean', value };
  if (shape.kind !== 'number') return { ...labels, type: 'text', value };
  const digits = column.digits ?? shape.digits;
  if (digits === 0) return { ...labels, type: 'int', value };
  const { scale } = column;
  return {
    ...labels,
    type: 'double',
    value: (record) => {
      const found = value(record) as number | null;
      if (found === null || !Number.isFinite(found)) return null;
      return rounded(scale === undefined ? found : found * scale, digits);
    },
  };
}

/** The columns of a run whose model reads the action units `keys`, in the order of the declaration. */
export function recordColumns(keys: readonly string[]): readonly RecordColumn[] {
  return leavesOf(keys).flatMap((leaf) => columnOf(leaf) ?? []);
}

/** The columns that every run has. */
export const RECORD_COLUMNS: readonly RecordColumn[] = recordColumns([]);
