// npm run check: types, lint and format, import directions and cycles, doc comments of exports, unit and repository tests. A minute and a half on two cores.
import { spawnSync } from 'node:child_process';
import { ensurePackages, root } from './ensure-setup.mjs';

const node = (file, ...args) => [process.execPath, [`node_modules/${file}`, ...args]];
const steps = {
  types: node('typescript/bin/tsc', '-p', 'tsconfig.json', '--noEmit'),
  'types of the report script': node('typescript/bin/tsc', '-p', 'dashboards/report'),
  'types of the dashboard': node('typescript/bin/tsc', '-p', 'dashboards/web'),
  'lint and format': node('@biomejs/biome/bin/biome', 'check', '.'),
  imports: node('dependency-cruiser/bin/dependency-cruise.mjs', 'src', '--config', '.dependency-cruiser.cjs'),
  'doc comments of exports': node('typedoc/bin/typedoc', '--emit', 'none', '--logLevel', 'Warn'),
  // Without the tests of types: the first step has read them.
  'unit and repository tests': node(
    'vitest/vitest.mjs',
    'run',
    'test/unit',
    'test/repo',
    '--typecheck.enabled=false',
    '--reporter=dot',
  ),
};

ensurePackages();
let failed = 0;
for (const [name, [command, args]] of Object.entries(steps)) {
  const started = performance.now();
  const result = spawnSync(command, args, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${result.status === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
  if (result.status === 0) continue;
  failed += 1;
  console.log(`${result.stdout}${result.stderr}`);
}
process.exit(failed > 0 ? 1 : 0);
