// The Python environment of packages/pymien: for its tests, and for the notebook of examples/.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { platform } from 'node:os';
import { join } from 'node:path';
import { fail, root, run } from './ensure-setup.mjs';

const MIN_PYTHON = [3, 11];
export const home = join(root, 'packages', 'pymien');
const folder = join(home, '.venv');
const stamp = join(folder, '.mien-setup');
/** Python with everything that is pinned in requirements.txt. */
export const python = join(folder, platform() === 'win32' ? 'Scripts/python.exe' : 'bin/python');

const wanted = () =>
  createHash('sha256')
    .update(readFileSync(join(home, 'requirements.txt')))
    .update(readFileSync(join(home, 'pyproject.toml')))
    .digest('hex');

/** Whether it is installed as pinned. */
export const pythonIsReady = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted();

/** A Python that is new enough; null where there is none. */
function findPython() {
  for (const name of ['python3', 'python', 'python3.13', 'python3.12', 'python3.11']) {
    const { stdout } = spawnSync(name, ['--version'], { encoding: 'utf8' });
    const [, major, minor] = /^Python (\d+)\.(\d+)/.exec(stdout ?? '') ?? [];
    if (Number(major) === MIN_PYTHON[0] && Number(minor) >= MIN_PYTHON[1]) return name;
  }
  return null;
}

/** Makes the environment, once for each change of what is pinned. */
export function ensurePython() {
  if (pythonIsReady()) return;
  const found = findPython();
  if (!found) fail(`Python ${MIN_PYTHON.join('.')} or newer is needed for the tests of pymien; install it`);
  console.error('setup: installing packages for Python (once; about 600 MB on disk)');
  rmSync(folder, { recursive: true, force: true });
  const steps = [
    [found, ['-m', 'venv', folder]],
    [python, ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', '-r', join(home, 'requirements.txt')]],
    [
      python,
      ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', '--no-deps', '--no-build-isolation', '-e', home],
    ],
  ];
  for (const [command, args] of steps)
    if (run(command, args) !== 0)
      fail(`${[command, ...args].join(' ')} failed; see its message above, then run this again`);
  writeFileSync(stamp, wanted());
}
