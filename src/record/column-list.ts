import { type RecordColumn, recordColumns } from './record-columns.js';

/** Any action unit: names and places of its columns differ from those of others in its key alone. */
const SAMPLE = '12';

const entry = ({ name, type, unit, path, scale }: RecordColumn) => ({
  name: name.replace(`au${SAMPLE}_`, '{unit}_'),
  type,
  path: path?.replace(`actionUnits.${SAMPLE}.`, 'actionUnits.{key}.'),
  ...(scale === 1 ? {} : { scale }),
  about: unit.replace(/^AU12 [a-z ]+: /, ''),
});

/**
 * The columns of tidy tables with their places in records.jsonl, as JSON: what a reader in another language needs to
 * make the same table of either file. `unitColumns` are those of one action unit.
 */
export function columnListText(): string {
  const common = recordColumns([]);
  const names = new Set(common.map(({ name }) => name));
  const unitColumns = recordColumns([SAMPLE]).filter(({ name }) => !names.has(name));
  return `${JSON.stringify({ columns: common.map(entry), unitColumns: unitColumns.map(entry) }, null, 1)}\n`;
}
