// Installs whatever is missing, with Node's own modules only: npm packages, ffmpeg, the build, the models' graphs.
// A second run finds everything in place and takes a fraction of a second.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { arch, platform } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { trimRuntime } from './trim-runtime.mjs';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const MIN_NODE = [20, 12];
const MIN_FFMPEG = 5;

/** Prints one line and ends the process. */
export function fail(message, code = 1) {
  console.error(`mien setup: ${message}`);
  process.exit(code);
}

/** On Windows npm is a script, which only a shell can start; a shell would break paths with spaces of all others. */
const needsShell = (command) => platform() === 'win32' && command === 'npm';

/** Runs a command with its output shown; returns its exit code. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', shell: needsShell(command), ...options });
  if (result.error) fail(`cannot run ${command}: ${result.error.message}`);
  return result.status ?? 1;
}

const quiet = (command, args) => spawnSync(command, args, { encoding: 'utf8' });
const say = (text) => console.error(`setup: ${text}`);

function ensureNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > MIN_NODE[0] || (major === MIN_NODE[0] && minor >= MIN_NODE[1])) return;
  fail(`Node ${process.versions.node} is too old; install Node ${MIN_NODE.join('.')} or newer`);
}

/** npm packages of a folder, exactly as locked; nothing to do while the lock file is the one last installed. */
export function ensurePackages(folder = root) {
  const lock = readFileSync(join(folder, 'package-lock.json'));
  const hash = createHash('sha256').update(lock).digest('hex');
  const stamp = join(folder, 'node_modules', '.mien-setup');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  say(`installing npm packages${folder === root ? ' (once; about 320 MB on disk)' : ` of ${basename(folder)}`}`);
  const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' };
  const status = run('npm', ['ci', '--no-fund', '--no-audit', '--loglevel', 'error'], { cwd: folder, env });
  if (status !== 0) fail(`npm ci failed with exit code ${status}; see its message above, then run this again`);
  if (folder === root) trimRuntime(join(root, 'node_modules', 'onnxruntime-node'), `${platform()}-${arch()}`);
  writeFileSync(stamp, hash);
}

function ffmpegMajor(program) {
  const { stdout, error } = quiet(program, ['-version']);
  if (error || !stdout) return 0;
  const version = /version n?(\d+)\./.exec(stdout);
  // Builds from git carry no number and are newer than any release we need.
  return version ? Number(version[1]) : /version N-/.test(stdout) ? 99 : 0;
}

/** Package managers, and how each installs a package without asking. */
const MANAGERS = [
  {
    probe: 'apt-get',
    update: ['apt-get', 'update', '-qq'],
    install: ['apt-get', 'install', '-y', '-qq'],
    root: true,
  },
  { probe: 'dnf', install: ['dnf', 'install', '-y', '-q'], root: true },
  { probe: 'apk', install: ['apk', 'add', '--quiet'], root: true },
  { probe: 'pacman', install: ['pacman', '-S', '--noconfirm', '--quiet'], root: true },
  { probe: 'zypper', install: ['zypper', '--quiet', 'install', '-y'], root: true },
  { probe: 'brew', install: ['brew', 'install', '--quiet'], root: false },
  { probe: 'winget', install: ['winget', 'install', '--silent'], root: false },
];

/** Installs a system package; false where no package manager can without a password. */
export function installSystemPackage(names) {
  for (const manager of MANAGERS) {
    const name = names[manager.probe] ?? names.default;
    if (!name || quiet(manager.probe, ['--version']).error) continue;
    let prefix = [];
    if (manager.root && process.getuid?.() !== 0) {
      if (quiet('sudo', ['-n', 'true']).status !== 0) return false;
      prefix = ['sudo', '-n'];
    }
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const call = (words) =>
      run([...prefix, ...words][0], [...prefix, ...words].slice(1), { env, stdio: ['ignore', 2, 2] });
    say(`installing ${name} with ${manager.probe} (once; may take minutes)`);
    if (manager.update) call(manager.update);
    return call([...manager.install, ...name.split(' ')]) === 0;
  }
  return false;
}

function ensureFfmpeg() {
  const versions = () => ['ffmpeg', 'ffprobe'].map(ffmpegMajor);
  const ready = () => versions().every((major) => major >= MIN_FFMPEG);
  if (ready()) return;
  if (installSystemPackage({ default: 'ffmpeg', winget: 'Gyan.FFmpeg' }) && ready()) return;
  const oldest = Math.min(...versions());
  const found = oldest > 0 ? `; found version ${oldest}` : '';
  fail(
    `ffmpeg and ffprobe ${MIN_FFMPEG} or newer are needed and could not be installed${found}; install ffmpeg (Debian: sudo apt-get install ffmpeg, macOS: brew install ffmpeg, Windows: winget install Gyan.FFmpeg) and run this again`,
    10,
  );
}

function newest(folder) {
  let latest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) latest = Math.max(latest, statSync(join(entry.parentPath ?? entry.path, entry.name)).mtimeMs);
  }
  return latest;
}

function ensureBuild() {
  const built = join(root, 'dist', '.tsbuildinfo');
  const inputs = Math.max(newest(join(root, 'src')), statSync(join(root, 'tsconfig.build.json')).mtimeMs);
  if (existsSync(built) && statSync(built).mtimeMs >= inputs) return;
  say('building');
  if (run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json']) !== 0) {
    // The compiler writes its information file also when it found errors: the next run must not take it for a build.
    rmSync(built, { force: true });
    fail('the build failed; see the errors above');
  }
  // An incremental build that changes nothing leaves its information file alone: mark it as fresh.
  writeFileSync(built, readFileSync(built));
}

/** What pages take from the product. */
const SHARED_INPUTS = ['client', 'domain', 'protocol', 'record', 'report', 'study', 'view'].map(
  (name) => `src/${name}`,
);

/** The pages that Vite builds: the dashboard, which `mien serve` serves, and the script of the report. */
const PAGES = [
  { name: 'the dashboard', folder: 'dashboards/web', built: 'dist/dashboard/index.html' },
  { name: 'the review page', folder: 'dashboards/review', built: 'dist/review-page/index.html' },
  { name: 'the script of the report', folder: 'dashboards/report', built: 'dist/report/page.js' },
  { name: 'the script of the report of a study', folder: 'dashboards/study', built: 'dist/study/report/page.js' },
];

function ensurePage({ name, folder, built }) {
  const file = join(root, built);
  const inputs = [folder, 'dashboards/shared', ...SHARED_INPUTS].map((input) => newest(join(root, input)));
  if (existsSync(file) && statSync(file).mtimeMs >= Math.max(...inputs)) return;
  say(`building ${name}`);
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  if (run(process.execPath, [vite, 'build', '-c', `${folder}/vite.config.ts`, '--logLevel', 'warn']) !== 0) {
    rmSync(file, { force: true });
    fail(`the build of ${name} failed; see the errors above`);
  }
}

/** The run-time graphs of the models in dist/graphs. */
function ensureGraphs() {
  const built = join(root, 'dist', 'graphs', 'graphs.json');
  const folders = readdirSync(join(root, 'models')).filter((name) => name !== 'training' && !name.includes('.'));
  const inputs = Math.max(...folders.map((name) => newest(join(root, 'models', name))));
  if (existsSync(built) && statSync(built).mtimeMs >= inputs) return;
  say('converting the models');
  if (run(process.execPath, [join(root, 'scripts/build-graphs.mjs')]) !== 0) fail('no models; see the line above');
}

const CHROMIUMS = ['chromium', 'chromium-browser', 'google-chrome'];

/** Chromium for the browser tests, which take its path from the variable CHROMIUM. */
export function ensureChromium() {
  const found = () => {
    const folders = (process.env.PATH ?? '').split(delimiter);
    const paths = CHROMIUMS.flatMap((name) => folders.map((folder) => join(folder, name)));
    paths.push('/Applications/Google Chrome.app/Contents/MacOS/Google Chrome');
    return [process.env.CHROMIUM, ...paths].find(
      (path) => path && existsSync(path) && quiet(path, ['--version']).status === 0,
    );
  };
  if (!found()) installSystemPackage({ default: 'chromium' });
  const path = found();
  if (path) process.env.CHROMIUM = path;
  else say('no Chromium: the browser tests will fail; install chromium, or set CHROMIUM to its path');
}

const SYSTEM_PROGRAMS = ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/sbin'];

/**
 * A server for the tests that need a real one. Installed only by apt as root, as in containers and CI: elsewhere the
 * package would start a service of the machine.
 *
 * @returns false where there is none
 */
function ensureServer(program, variable) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...SYSTEM_PROGRAMS];
  const found = () =>
    [process.env[variable], ...folders.map((folder) => join(folder, program))].find((path) => path && existsSync(path));
  if (!found() && process.getuid?.() === 0) installSystemPackage({ 'apt-get': program });
  const path = found();
  if (path) process.env[variable] = path;
  return path !== undefined;
}

/** The MQTT broker Mosquitto for tests, which take its path from the variable MOSQUITTO; false where there is none. */
export const ensureMosquitto = () => ensureServer('mosquitto', 'MOSQUITTO');

/** nats-server for tests, which take its path from the variable NATS_SERVER; false where there is none. */
export const ensureNatsServer = () => ensureServer('nats-server', 'NATS_SERVER');

/** Everything a user's run needs. */
export function ensureSetup() {
  ensureNode();
  ensurePackages();
  ensureFfmpeg();
  ensureBuild();
  for (const page of PAGES) ensurePage(page);
  ensureGraphs();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) ensureSetup();
