// npm test: sets up what is missing, runs every suite, and closes with the plain line that CI reads.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureChromium, ensureSetup, run } from './ensure-setup.mjs';

ensureSetup();
ensureChromium();
const folder = mkdtempSync(join(tmpdir(), 'mien-test-'));
const results = join(folder, 'results.json');
const args = [
  'node_modules/vitest/vitest.mjs',
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${results}`,
];
const status = run(process.execPath, [...args, ...process.argv.slice(2)]);
try {
  const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(results, 'utf8'));
  console.log(
    `${numPassedTests} passed, ${numFailedTests} failed${numPendingTests ? `, ${numPendingTests} skipped` : ''}`,
  );
} catch {
  console.error('the test runner wrote no results');
} finally {
  rmSync(folder, { recursive: true });
}
process.exit(status);
