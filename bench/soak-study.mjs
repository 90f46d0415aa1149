// Whether intervals of study numbers hold, and how often synchrony is found by chance, on simulated signals: 500 trials of
// each. The trials are those of a test, which runs a few of them; docs/study-numbers.md has what this told.
import { spawnSync } from 'node:child_process';

const trials = process.argv[2] ?? '500';
const { status } = spawnSync('npx', ['vitest', 'run', 'test/unit/study/numbers/interval-trials.test.ts'], {
  stdio: 'inherit',
  env: { ...process.env, MIEN_TRIALS: trials },
});
process.exit(status ?? 1);
