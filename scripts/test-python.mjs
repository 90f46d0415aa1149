// npm run test:python: the package pymien, from its form to a running mien. Words after -- go to pytest.
import { ensureSetup, fail, run } from './ensure-setup.mjs';
import { ensurePython, home, python } from './python.mjs';

ensureSetup();
ensurePython();
const CHECKS = [
  ['ruff', 'format', '--check', 'src', 'tests', 'tools'],
  ['ruff', 'check', 'src', 'tests', 'tools'],
  ['mypy'],
  ['pytest', ...process.argv.slice(2)],
];
for (const [module, ...args] of CHECKS) {
  if (run(python, ['-m', module, ...args], { cwd: home }) !== 0) fail(`${module} found something; see above`);
}
