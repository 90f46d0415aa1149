import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { NUMBER_OPTIONS } from '../../../../src/study/numbers/number-options.js';
import { optionsMadeWith } from '../../../../src/study/numbers/options-made-with.js';
import { tempFolders } from '../../../support/temp-folder.js';

const folder = tempFolders();

it('numbers are made anew with the options they were made with', async () => {
  const results = folder();
  expect(await optionsMadeWith({ results })).toEqual(NUMBER_OPTIONS);
  writeFileSync(
    join(results, 'numbers.json'),
    JSON.stringify({ v: 1, options: { ...NUMBER_OPTIONS, minCoverage: 0.8 } }),
  );
  expect(await optionsMadeWith({ results })).toEqual({ ...NUMBER_OPTIONS, minCoverage: 0.8 });
  writeFileSync(join(results, 'numbers.json'), '{');
  await expect(optionsMadeWith({ results })).rejects.toMatchObject({ code: 'INPUT_DAMAGED' });
});
