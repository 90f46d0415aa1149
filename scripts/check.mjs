// npm run check: types, lint and format, unit and repository tests (import directions and cycles among them); two at a
// time. What the compiler found out is kept in .cache: the second run is faster.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensurePackages, root } from './ensure-setup.mjs';

const node = (file, ...args) => [process.execPath, [`node_modules/${file}`, ...args]];
const types = (project, name) =>
  node(
    'typescript/bin/tsc',
    '-p',
    project,
    '--noEmit',
    '--incremental',
    '--tsBuildInfoFile',
    join('.cache', `${name}.tsbuildinfo`),
  );
/** The longest first. */
const steps = {
  // Without the tests of types: the compiler reads them.
  'unit and repository tests': node(
    'vitest/vitest.mjs',
    'run',
    'test/unit',
    'test/repo',
    '--typecheck.enabled=false',
    '--reporter=dot',
  ),
  types: types('tsconfig.json', 'all'),
  'types of the report script': types('dashboards/report', 'report'),
  'types of the script of a study': types('dashboards/study', 'study'),
  'types of the dashboard': types('dashboards/web', 'dashboard'),
  'types of the review page': types('dashboards/review', 'review'),
  'lint and format': node('@biomejs/biome/bin/biome', 'check', '.'),
};

/** Runs a step, prints how it ended, and resolves to whether it ended well. */
function runStep([name, [command, args]]) {
  const started = performance.now();
  const env = { ...process.env, NO_COLOR: '1' };
  const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = [];
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => output.push(text));
  return new Promise((resolve) => {
    child.on('error', (error) => output.push(`${error.message}\n`));
    child.on('close', (status) => {
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
      if (status !== 0) console.log(output.join(''));
      resolve(status === 0);
    });
  });
}

ensurePackages();
const waiting = Object.entries(steps);
let failed = 0;
async function work() {
  for (let step = waiting.shift(); step; step = waiting.shift()) if (!(await runStep(step))) failed += 1;
}
await Promise.all([work(), work()]);
process.exit(failed > 0 ? 1 : 0);
