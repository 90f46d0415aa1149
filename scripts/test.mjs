// npm test: sets up what is missing, runs every suite, and closes with the plain line that CI reads.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ensureChromium,
  ensureMosquitto,
  ensureNatsServer,
  ensurePackages,
  ensureSetup,
  run,
} from './ensure-setup.mjs';
import { python, pythonIsReady } from './python.mjs';

ensureSetup();
ensureChromium();
ensurePackages(join('examples', 'observable'));
process.env.PYMIEN_PYTHON = python;
if (pythonIsReady()) process.env.MIEN_PYTHON ??= python;
const suites = (prefix) =>
  readdirSync('test/e2e').flatMap((name) => (name.startsWith(prefix) ? [`test/e2e/${name}`] : []));
/** Suites that need a program, and what to do where it could not be had. */
const PROGRAMS = [
  {
    found: ensureMosquitto(),
    suites: suites('mqtt-'),
    why: 'no Mosquitto; install mosquitto, or set MOSQUITTO to its path',
  },
  {
    found: ensureNatsServer(),
    suites: suites('cluster-'),
    why: 'no nats-server; install nats-server, or set NATS_SERVER to its path',
  },
  {
    found: spawnSync(process.env.PYTHON ?? 'python3', ['-c', 'import pympi']).status === 0,
    suites: suites('elan-pympi'),
    why: 'no Python with pympi-ling; pip install pympi-ling==1.71, or set PYTHON to one that has it',
  },
  {
    found: spawnSync(process.env.PYTHON ?? 'python3', ['-c', 'import bids_validator_deno']).status === 0,
    suites: suites('bids-'),
    why: 'no Python with the validator of BIDS; pip install bids-validator-deno==3.0.2, or set PYTHON to one that has it',
  },
  {
    found: !spawnSync('kustomize', ['version']).error,
    suites: suites('kustomize'),
    why: 'no kustomize, which no package manager of this machine need have; put it on the path',
  },
  {
    found: pythonIsReady(),
    suites: ['test/e2e/pymien.test.ts', 'test/e2e/example-notebook.test.ts'],
    why: 'no packages for Python; npm run test:python installs them, and runs all of pymien',
  },
  {
    found: spawnSync(process.env.MIEN_PYTHON ?? 'python3', ['-c', 'import pandas, numpy']).status === 0,
    suites: ['test/unit/study/numbers/recompute.test.ts'],
    why: 'no Python with pandas; npm run test:python installs it, or set MIEN_PYTHON to one that has it',
  },
  {
    found: process.env.MIEN_TRAINING_PYTHON !== undefined,
    suites: ['test/e2e/dataset-loaders.test.ts'],
    why: 'trl, LLaMA-Factory and ms-swift are gigabytes; set MIEN_TRAINING_PYTHON to a Python that has them',
  },
  {
    found: spawnSync('Rscript', ['-e', 'library(readr); library(ggplot2)']).status === 0,
    suites: ['test/e2e/example-r.test.ts'],
    why: 'no R with readr and ggplot2; install r-cran-readr and r-cran-ggplot2',
  },
];
/** Suites that cannot run here, and why. */
const notRun = PROGRAMS.filter(({ found }) => !found).flatMap(({ suites, why }) =>
  suites.map((suite) => ({ suite, why })),
);
process.env.TESTS_NOT_RUN = notRun.map(({ suite }) => suite).join(',');
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

/** A file that cannot be loaded has no tests to count: it is one failure. So is an error outside every test. */
function count() {
  if (!existsSync(results)) return { passed: 0, failed: 1, skipped: 0 };
  const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(readFileSync(results, 'utf8'));
  const notLoaded = testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
  );
  const failed = numFailedTests + notLoaded.length;
  return { passed: numPassedTests, failed: status !== 0 ? Math.max(1, failed) : failed, skipped: numPendingTests };
}

const { passed, failed, skipped } = count();
rmSync(folder, { recursive: true });
for (const { suite, why } of notRun) console.log(`not run: ${suite} (${why})`);
if (skipped > 0) console.log(`${skipped} skipped`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(status);
