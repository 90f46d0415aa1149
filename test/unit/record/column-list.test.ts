import { expect, it } from 'vitest';
import { columnListText } from '../../../src/record/column-list.js';
import { recordColumns } from '../../../src/record/record-columns.js';
import { recordLine } from '../../../src/record/record-json.js';
import { faceWithUnits } from '../../support/record-builders.js';

const FILE = new URL('../../../packages/pymien/src/pymien/columns.json', import.meta.url).pathname;

// `npx vitest run test/unit/record -u` writes it anew.
it('pymien has the columns that are declared', async () => {
  await expect(columnListText()).toMatchFileSnapshot(FILE);
});

it('a value of a line, at its place and scaled, is the one of the column', () => {
  const record = faceWithUnits(3);
  const line = JSON.parse(recordLine(record, 'none')) as Record<string, unknown>;
  const numbers = recordColumns(['12']).filter(({ type }) => type === 'double' || type === 'int');
  for (const { name, path, scale, value } of numbers) {
    let found: unknown = line;
    for (const key of path!.split('.')) found = (found as Record<string, unknown> | null | undefined)?.[key] ?? null;
    const expected = value(record);
    if (expected === null) expect(found, name).toBeNull();
    else expect((found as number) * scale, name).toBeCloseTo(expected as number, 6);
  }
});
