// npm run dev: mien reads the demo clip in a loop and starts again whenever src compiles; the dashboard's page is served
// by Vite, which reloads it as it changes. Arguments go to `mien serve` in place of the clip. Ctrl-C ends everything.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ensureSetup, root } from './ensure-setup.mjs';

const CLIP = join('test', 'fixtures', 'demo', 'talking-face.mp4');
const given = process.argv.slice(2);
const serveArguments = given.length > 0 ? given : ['--purpose', 'testing', '--camera', CLIP];
const port = process.env.MIEN_SERVER__PORT ?? '7420'; // vite.config.ts reads it too
const pagePort = process.env.MIEN_DEV_PAGE_PORT ?? '5173';

ensureSetup();

/** Every child that runs, with a promise of its end. */
const children = new Map();
let exitCode = null;

function start(args, stdio) {
  const child = spawn(process.execPath, args, { cwd: root, stdio });
  const ended = new Promise((resolve) => child.once('close', resolve)).then(() => children.delete(child));
  children.set(child, ended);
  return child;
}

/** Ends every child, then this process. */
async function finish(code) {
  if (exitCode !== null) return;
  exitCode = code;
  for (const child of children.keys()) child.kill('SIGTERM');
  await Promise.all(children.values());
  process.exit(exitCode);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => finish(0));

/** A tool without which there is nothing to develop with: its end ends the others. */
function startTool(name, args, stdio) {
  const tool = start(args, stdio);
  tool.once('close', () => {
    if (exitCode === null) console.error(`dev: ${name} ended; see its lines above`);
    finish(1);
  });
  return tool;
}

let server;
let restarting = Promise.resolve();

async function restart() {
  if (server && children.has(server)) {
    server.kill('SIGTERM');
    await children.get(server);
  }
  if (exitCode !== null) return;
  server = start(['dist/main.js', 'serve', ...serveArguments], 'inherit');
  server.once('close', (code) => {
    if (exitCode === null && code) console.error(`dev: mien ended with ${code}; it starts again when src changes`);
  });
}

const tsc = ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--watch', '--preserveWatchOutput'];
const compiler = startTool('the compiler', tsc, ['ignore', 'pipe', 'inherit']);
createInterface({ input: compiler.stdout }).on('line', (line) => {
  if (line.trim() !== '') console.log(line);
  if (line.includes('Found 0 errors')) restarting = restarting.then(restart);
});

const vite = ['node_modules/vite/bin/vite.js', '-c', 'dashboards/web/vite.config.ts', '--logLevel', 'warn'];
startTool(
  'Vite',
  [...vite, '--host', '127.0.0.1', '--port', pagePort, '--strictPort'],
  ['ignore', 'inherit', 'inherit'],
);

console.log(`dev: the dashboard, reloaded as you edit it   http://127.0.0.1:${pagePort}`);
console.log(`dev: mien, with the dashboard as last built   http://127.0.0.1:${port}`);
