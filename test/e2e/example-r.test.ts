import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DEMO, runCli } from '../support/run-cli.js';
import { tempFolders } from '../support/temp-folder.js';

const folder = tempFolders();

/** Not run where there is no R with readr and ggplot2 (scripts/test.mjs). */
it('the example in R tells how long expressions lasted, and draws them', async () => {
  const out = folder();
  const analysed = await runCli(['analyze', `${DEMO}step-smile.mp4`, '--formats', 'csv', '--out', out]);
  expect(analysed.code, analysed.stderr).toBe(0);
  const picture = join(out, 'timeline.png');
  const args = ['examples/r/timeline.R', join(out, 'step-smile', 'step-smile.csv'), picture];
  const { status, stdout, stderr } = spawnSync('Rscript', args, { encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  expect(stdout).toMatch(/^\d+ of \d+ rows have an expression in force$/m);
  expect(stdout).toMatch(/^\d+ +1 happiness +\d\.\d+$/m);
  expect(statSync(picture).size).toBeGreaterThan(10_000);
});
