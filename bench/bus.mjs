// npm run bench -- bus: what several machines cost. Bytes of what goes over the bus, from a real face; then one process of each role with a
// real nats-server between them, each on its own: messages a second, and processor time a message, which a busy machine changes least.
import { fork, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openBus } from '../dist/cluster/connection.js';
import { openEventStream } from '../dist/cluster/event-stream.js';
import { packFaces, packTold } from '../dist/cluster/wire.js';
import { encodeQuestion } from '../dist/cluster/words/question.js';
import { encodeReply } from '../dist/cluster/words/reply.js';
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
  for (const mesh of [false, true]) {
    const { results, brokerSeconds } = await together(broker, material, seconds, [
      { role: 'receiveFaces', mesh },
      { role: 'publishFaces', cameras: 100, mesh },
    ]);
    const [received, sent] = results;
    const costs = [
      micro(sent.cpuSeconds, sent.count),
      micro(brokerSeconds, received.count),
      micro(received.cpuSeconds, received.count),
    ];
    add(mesh ? 'frames with a mesh' : 'frames', received.count, sent.seconds, costs);
  }
  {
    const { results, brokerSeconds } = await together(broker, material, seconds, [
      { role: 'publishEvents', cameras: 100 },
    ]);
    const [sent] = results;
    add('episodes (on disk)', sent.count, sent.seconds, [
      micro(sent.cpuSeconds, sent.count),
      micro(brokerSeconds, sent.count),
      0,
    ]);
  }
  const { results, brokerSeconds } = await together(broker, material, seconds, [
    { role: 'answer' },
    { role: 'ask', cameras: 100, atOnce: 32 },
  ]);
  const [answered, asked] = results;
  add('questions, answered', asked.count, asked.seconds, [
    micro(asked.cpuSeconds, asked.count),
    micro(brokerSeconds, asked.count),
    micro(answered.cpuSeconds, asked.count),
  ]);
  await connection.close();
  broker.stop();
  const sizeRows = Object.entries(bytes);
  const head = ['what', 'a second', 'ingest µs', 'broker µs', 'gateway or words µs'];
  console.log(`${table([['what', 'bytes'], ...sizeRows])}\n\n${table([head, ...rows])}`);
  console.log(`\nquestions that ended otherwise: ${JSON.stringify(asked.ended)}`);
  const report = `${markdownTable([['what', 'bytes'], ...sizeRows])}\n\n${markdownTable([head, ...rows])}`;
  save('bus', { bytes, rows, machine: machine() }, report);
}
