// Tells mien to stop in every state it can be in, over and over: it must be out within 5 s, with the right code.
// node bench/soak-shutdown.mjs [--rounds 50] [--only running,start]    (npm run soak:shutdown -- --rounds 50)
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { WebSocket } from 'ws';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' }, only: { type: 'string' } } });
const LIMIT_S = 5;
/** Longest time to come to a state, on a machine that is busy with other things. */
const PATIENCE_MS = 120_000;
/** Makes mien say that it takes signals: from then on it is told to stop. */
const TELL = 'process.on("newListener", (name) => name === "SIGTERM" && setImmediate(() => console.error("listens")))';
const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const CLIP = fileURLToPath(new URL('../test/fixtures/demo/talking-face.mp4', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'mien-soak-'));
let ordinal = 0;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const file = (id) => ({ id, type: 'file', path: CLIP, loop: true });
const busy = [file('one'), file('two'), file('three'), file('four')];

function mien(args) {
  const stdio = ['ignore', 'pipe', 'pipe'];
  const child = spawn(process.execPath, ['--import', `data:text/javascript,${TELL}`, MAIN, ...args], { stdio });
  const run = { child, text: '', ended: once(child, 'exit') };
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      run.text += chunk;
    });
  return run;
}

/** Resolves when `holds` does; throws when the program has ended before, or never comes to it. */
async function until(run, holds) {
  const latest = performance.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (run.child.exitCode !== null) throw new Error(`mien ended too early:\n${run.text}`);
    if (performance.now() > latest) {
      run.child.kill('SIGKILL');
      throw new Error(`mien did not come to this state within ${PATIENCE_MS / 1000} s:\n${run.text}`);
    }
    await pause(20);
  }
}

async function starting(args) {
  const run = mien(args);
  await until(run, () => run.text.includes('listens'));
  return run;
}

function serveArguments(cameras, more = {}) {
  const config = join(folder, `serve-${ordinal++}.json`);
  writeFileSync(config, JSON.stringify({ purpose: 'testing', cameras, ...more }));
  return ['serve', '--config', config, '--port', '0', '--no-watch'];
}

const urlOf = ({ text }) => /mien serves (\S+)/.exec(text)?.[1];

async function serving(cameras, more) {
  const run = mien(serveArguments(cameras, more));
  await until(run, () => urlOf(run));
  return run;
}

async function running(more) {
  const run = await serving(busy, more);
  await until(run, async () => {
    const { cameras } = await (await fetch(`${urlOf(run)}/api/v1/stats`)).json();
    return cameras.every(({ analysed }) => analysed > 2);
  });
  return run;
}

/** A client of everything that reads nothing more, until its socket is full. */
async function withStalledClient() {
  const run = await running();
  const socket = new WebSocket(`${urlOf(run).replace('http', 'ws')}/ws`, 'mien.v1');
  socket.on('error', () => undefined);
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'hello', v: 1 }));
  const kinds = ['faces', 'episodes', 'states', 'stats', 'preview'];
  socket.send(JSON.stringify({ type: 'subscribe', id: 'all', sources: '*', kinds, landmarks: '468' }));
  await once(socket, 'message');
  socket.pause();
  return { ...run, done: () => socket.terminate() };
}

/** A language model that answers the questions about itself, and then no more. */
async function silentModel() {
  const model = { asked: 0, url: '', close: () => undefined };
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    if (request.method === 'GET') return void response.end(JSON.stringify({ data: [{ id: 'silent' }] }));
    if (!/What colour is this|Answer A or B/.test(body)) return void model.asked++;
    const message = { role: 'assistant', content: 'brown' };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ choices: [{ index: 0, message, finish_reason: 'stop' }] }));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  model.url = `http://127.0.0.1:${server.address().port}/v1`;
  model.close = () => {
    server.closeAllConnections();
    server.close();
  };
  return model;
}

async function askingLive() {
  const model = await silentModel();
  const engine = { type: 'openai', urls: [model.url], model: 'silent' };
  const run = await serving(busy, { mllm: { enabled: true, engine } });
  await until(run, () => model.asked > 0);
  return { ...run, done: model.close };
}

/** Cameras that refuse, and one that takes connections and says nothing. */
async function reconnecting() {
  const silent = createTcpServer((socket) => socket.on('error', () => undefined));
  await new Promise((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const rtsp = (id, port) => ({ id, type: 'rtsp', url: `rtsp://127.0.0.1:${port}/live` });
  const run = await serving([rtsp('away', 9), rtsp('gone', 9), rtsp('mute', silent.address().port), file('yard')]);
  await pause(300);
  return { ...run, done: () => silent.close() };
}

/** `mien analyze` once it has begun to write. */
async function analysing(input) {
  const out = join(folder, `out-${ordinal++}`);
  const run = mien(['analyze', input, '--out', out]);
  const begun = () => readdirSync(out, { recursive: true }).some((name) => name.endsWith('.journal'));
  await until(run, () => existsSync(out) && begun());
  return run;
}

function clips() {
  const dir = join(folder, `clips-${ordinal++}`);
  mkdirSync(dir);
  for (const name of ['a.mp4', 'b.mp4', 'c.mp4']) copyFileSync(CLIP, join(dir, name));
  return dir;
}

async function askingAnalyze() {
  const model = await silentModel();
  const asking = ['--mllm-url', model.url, '--mllm-model', 'silent'];
  const run = mien(['analyze', CLIP, '--out', join(folder, `out-${ordinal++}`), ...asking]);
  await until(run, () => model.asked > 0);
  return { ...run, done: model.close };
}

/** State: how to come to it, and the exit code that is right in it. */
const STATES = {
  start: { begin: () => starting(serveArguments(busy)), right: 0, settleMs: 2500 },
  running: { begin: () => running(), right: 0 },
  reconnecting: { begin: reconnecting, right: 0 },
  question: { begin: askingLive, right: 0 },
  'stalled client': { begin: withStalledClient, right: 0 },
  'analyze start': { begin: () => starting(['analyze', CLIP, '--out', join(folder, `out-${ordinal++}`)]), right: 130 },
  'analyze file': { begin: () => analysing(CLIP), right: 130 },
  'analyze folder': { begin: () => analysing(clips()), right: 130 },
  'analyze question': { begin: askingAnalyze, right: 130 },
};

async function round({ begin, right, settleMs = 300 }, signal) {
  const { child, ended, done = () => undefined } = await begin();
  await pause(Math.random() * settleMs);
  const told = performance.now();
  child.kill(signal);
  // Beyond all limits: it hangs.
  const hangs = setTimeout(() => child.kill('SIGKILL'), 20_000);
  const [code, by] = await ended;
  clearTimeout(hangs);
  done();
  const seconds = (performance.now() - told) / 1000;
  return { code: code ?? by, seconds, ok: code === right && seconds < LIMIT_S };
}

let wrong = 0;
const names = values.only?.split(',') ?? Object.keys(STATES);
console.log('| state | rounds | worst s | exit codes |\n| --- | ---: | ---: | --- |');
for (const name of names) {
  const codes = new Map();
  let worst = 0;
  for (let count = 0; count < Number(values.rounds); count++) {
    const { code, seconds, ok } = await round(STATES[name], count % 2 === 0 ? 'SIGTERM' : 'SIGINT');
    codes.set(code, (codes.get(code) ?? 0) + 1);
    worst = Math.max(worst, seconds);
    if (!ok) wrong++;
  }
  const counts = [...codes].map(([code, count]) => `${code} × ${count}`).join(', ');
  console.log(`| ${name} | ${values.rounds} | ${worst.toFixed(2)} | ${counts} |`);
}
rmSync(folder, { recursive: true, force: true });
if (wrong > 0) console.log(`${wrong} rounds were late or had a wrong code`);
process.exit(wrong > 0 ? 1 : 0);
