// npm run bench -- bus: what several machines cost. Bytes of what goes over the bus, from a real face; then one process of each role with a
// real nats-server between them, each on its own: messages a second, and processor time a message, which a busy machine changes least.
import { fork, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startingState } from '../dist/cluster/camera-states.js';
import { openBus } from '../dist/cluster/connection.js';
import { openEventStream } from '../dist/cluster/event-stream.js';
import { packFaces, packTold } from '../dist/cluster/wire.js';
import { encodeQuestion } from '../dist/cluster/words/question.js';
import { encodeReply } from '../dist/cluster/words/reply.js';
import { DROP_REASONS } from '../dist/domain/live.js';
import { FacesMessages } from '../dist/server/encode.js';
import { makeMaterial, writeMaterial } from './bus-material.mjs';
import { machine, save } from './save.mjs';
import { freePort } from './serving.mjs';
import { markdownTable, table } from './statistics.mjs';
import { owned, workFolder } from './work-folder.mjs';

const SITE = 'bench';
/** Ticks of processor time a second in /proc, on every Linux that Node runs on. */
const TICKS = 100;
const nothing = () => undefined;

async function startBroker(folder) {
  const port = await freePort();
  const config = join(folder, 'nats-server.conf');
  const store = JSON.stringify(join(folder, 'store'));
  writeFileSync(config, `listen: "127.0.0.1:${port}"\njetstream { store_dir: ${store} }\n`);
  const child = owned(
    spawn(process.env.NATS_SERVER ?? 'nats-server', ['-c', config], { stdio: ['ignore', 'ignore', 'pipe'] }),
  );
  await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.stderr.on('data', (text) => String(text).includes('Server is ready') && resolve());
  });
  return { address: `nats://127.0.0.1:${port}`, pid: child.pid, stop: () => child.kill() };
}

/** Seconds of processor time of a process; 0 where /proc is not. */
function cpuSeconds(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS;
  } catch {
    return 0;
  }
}

/** A camera as its machine reports it each second. */
function held() {
  const config = {
    id: 'cam-1234',
    name: 'North entrance',
    input: { type: 'rtsp', url: 'rtsp://192.0.2.10:554/stream1' },
  };
  const stream = { widthPx: 1280, heightPx: 720, codec: 'h264', decoder: 'none', decoderProblem: null };
  const state = { ...startingState(config), status: 'running', stream };
  const dropped = Object.fromEntries(DROP_REASONS.map((reason) => [reason, 0]));
  const { attempts, retryAt, lastEnd, reconnects, decodeErrors, behindMs } = state;
  const latencyMs = { p50: 21.25, p95: 43.5, p99: 51.75 };
  const numbers = { inputFps: 29.97, analysedFps: 9.98, analysed: 123_456, faces: 1, latencyMs, dropped };
  const stats = { id: config.id, ...numbers, attempts, retryAt, lastEnd, reconnects, decodeErrors, behindMs };
  return { fence: 3, state, stats };
}

/** Sizes in bytes; those over WebSocket for comparison. */
function sizes({ faces, episode, request, answer }) {
  const event = { ...faces, type: 'faces', source: 'cam-1', wallTimeMs: Date.now(), arrivedAt: 0 };
  const question = {
    id: 'x'.repeat(36),
    inbox: 'x'.repeat(36),
    engine: 'openai',
    lifeMs: 30_000,
    tells: true,
    request,
  };
  return {
    'one face, a frame': packFaces(event, false).length,
    'one face with its mesh, a frame': packFaces(event, true).length,
    'no face, a frame': packFaces({ ...event, records: [] }, false).length,
    'a camera in the report of its machine, a second': JSON.stringify(held()).length,
    'an episode, each message': packTold({ type: 'episode', source: 'cam-1', episode, wallTimeMs: Date.now() }).length,
    'a question, its picture included': encodeQuestion(question).length,
    'its answer': encodeReply({ kind: 'outcome', delivery: 1, outcome: { kind: 'ok', answer } }).length,
    'one face, over WebSocket': new FacesMessages(event, Date.now()).of('none').length,
    'one face with its mesh, over WebSocket': new FacesMessages(event, Date.now()).of('468').length,
  };
}

/** Runs roles side by side, each in a process of its own; the first is ready before the second begins. */
async function together(broker, material, seconds, roles) {
  const workers = roles.map(({ role }) => {
    const args = [broker.address, SITE, material];
    const child = owned(fork(join(import.meta.dirname, 'bus-worker.mjs'), args));
    const told = () =>
      new Promise((resolve, reject) => {
        child.once('message', resolve);
        child.once('exit', (code) => reject(new Error(`${role} ended with ${code}`)));
      });
    return { child, told, up: told() };
  });
  await Promise.all(workers.map(({ up }) => up));
  const cpu = cpuSeconds(broker.pid);
  const results = [];
  for (const [index, { child, told }] of workers.entries()) {
    child.send({ ...roles[index], seconds });
    if (index < workers.length - 1) await told();
    results.push(told());
  }
  const all = await Promise.all(results);
  return { results: all, brokerSeconds: cpuSeconds(broker.pid) - cpu };
}

const micro = (seconds, count) => (count === 0 ? 0 : (seconds / count) * 1e6);

const vlmWords = ({ count, processorSeconds, tokens }) =>
  `mien-vlm, ${count} questions at once on one thread: ${processorSeconds.toFixed(2)} processor seconds and ${Math.round(tokens)} tokens a question`;

/** Measures; prints and saves what docs/cluster.md reckons with. */
export async function bus(clip, { seconds }) {
  const made = await makeMaterial(clip);
  const folder = workFolder();
  const material = join(folder, 'material.json');
  writeFileSync(material, writeMaterial(made));
  const broker = await startBroker(folder);
  const bytes = sizes(made);
  const options = { servers: [broker.address], site: SITE, node: 'bench', username: null, secret: null };
  const logger = { info: nothing, warn: console.error };
  const tls = { ca: null, cert: null, key: null };
  const connection = await openBus({ ...options, tls, logger }, new AbortController().signal);
  await openEventStream(connection);
  const rows = [];
  const add = (what, count, secondsSpent, costs) =>
    rows.push([what, Math.round(count / secondsSpent), ...costs.map((cost) => Math.round(cost))]);
  const side = async (what, roles) => {
    const { results, brokerSeconds } = await together(broker, material, seconds, roles);
    const [sent, other] = [results.at(-1), results.at(0)];
    const taken = results.length === 1 ? 0 : micro(other.cpuSeconds, other.count);
    add(what, sent.count, sent.seconds, [micro(sent.cpuSeconds, sent.count), micro(brokerSeconds, sent.count), taken]);
    return sent;
  };
  for (const mesh of [false, true]) {
    const sending = { role: 'publishFaces', cameras: 100, mesh };
    await side(mesh ? 'frames with a mesh' : 'frames', [{ role: 'receiveFaces', mesh }, sending]);
  }
  await side('episodes, on disk', [{ role: 'publishEvents', cameras: 100 }]);
  await side('episodes, on disk, and a gateway', [{ role: 'followEvents' }, { role: 'publishEvents', cameras: 100 }]);
  const renewing = { role: 'renewLeases', cameras: 100 };
  await side('leases renewed', [renewing]);
  const others = Array.from({ length: 3 }, () => ({ role: 'followLeases' }));
  await side('leases renewed, three machines more', [...others, renewing]);
  const asked = await side('questions, answered', [{ role: 'answer' }, { role: 'ask', cameras: 100, atOnce: 32 }]);
  const { results } = await together(broker, material, seconds, [{ role: 'askVlm', questions: 8 }]);
  const [{ count, tokens, vlmCpuSeconds, vlmSeconds }] = results;
  const vlm = { count, tokens: tokens / count, processorSeconds: vlmCpuSeconds / count, seconds: vlmSeconds / count };
  await connection.close();
  broker.stop();
  const sizeRows = Object.entries(bytes);
  const head = ['what', 'a second', 'ingest µs', 'broker µs', 'gateway, words, other µs'];
  console.log(`${table([['what', 'bytes'], ...sizeRows])}\n\n${table([head, ...rows])}`);
  console.log(`\n${vlmWords(vlm)}\n`);
  console.log(`questions that ended otherwise: ${JSON.stringify(asked.ended)}`);
  const report = `${markdownTable([['what', 'bytes'], ...sizeRows])}\n\n${markdownTable([head, ...rows])}\n\n${vlmWords(vlm)}`;
  save('bus', { bytes, rows, vlm, machine: machine() }, report);
}
