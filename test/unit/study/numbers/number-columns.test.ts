import { expect, it } from 'vitest';
import { numberColumns } from '../../../../src/study/numbers/number-columns.js';

const FILE = new URL('../../../../packages/pymien/src/pymien/number-columns.json', import.meta.url).pathname;

// `npx vitest run test/unit/study/numbers -u` writes it anew.
it('pymien knows the types of the columns that are declared', async () => {
  const types = Object.fromEntries(numberColumns([]).map(({ name, type }) => [name, type]));
  await expect(`${JSON.stringify(types, null, 1)}\n`).toMatchFileSnapshot(FILE);
});
