// One process of bench/bus.mjs: a machine with one role on the bus. Told what to do by messages of its parent; answers with counts and processor time.
import { readFileSync } from 'node:fs';
import { openBucket } from '../dist/cluster/bucket.js';
import { openBus } from '../dist/cluster/connection.js';
import { EventPublisher, eventBus } from '../dist/cluster/event-publisher.js';
import { EventFollower, openEventStream } from '../dist/cluster/event-stream.js';
import { packFaces, unpackFaces } from '../dist/cluster/wire.js';
import { createBusEngine } from '../dist/cluster/words/bus-engine.js';
import { startWordsServer } from '../dist/cluster/words/words-server.js';

import { MienVlmEngine } from '../dist/mllm/mien-vlm-engine.js';
import { SYSTEM_CLOCK } from '../dist/rx/clock.js';
import { encodeTold, FacesMessages } from '../dist/server/encode.js';
import { readMaterial } from './bus-material.mjs';

const [address, site, path] = process.argv.slice(2);
const nothing = () => undefined;
const logger = { debug: nothing, info: nothing, warn: console.error, error: console.error };
const NEVER = new AbortController().signal;
/** Messages on their way at once: enough that nobody waits, too few to fill a buffer. */
const AHEAD = 2000;
const CREDIT_EVERY = 100;

const material = readMaterial(readFileSync(path));
const bus = await openBus(
  {
    servers: [address],
    site,
    node: `bench-${process.pid}`,
    username: null,
    secret: null,
    tls: { ca: null, cert: null, key: null },
    logger,
  },
  NEVER,
);
const { connection, names } = bus;
const camera = (number) => `cam-${number}`;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
/** A little longer than who sends: what is on its way is taken. */
const over = (until) => new Promise((resolve) => until.addEventListener('abort', () => setTimeout(resolve, 500)));

/** Frames of many cameras, as fast as the receiver takes them. */
async function publishFaces({ cameras, mesh, until }) {
  let taken = 0;
  let wake = nothing;
  until.addEventListener('abort', () => wake());
  connection.subscribe('bench.credit', {
    callback: (_, message) => {
      taken = Number(message.string());
      wake();
    },
  });
  await connection.flush();
  let sent = 0;
  while (!until.aborted) {
    for (let n = 0; n < CREDIT_EVERY && sent - taken < AHEAD; n += 1) {
      const source = camera(sent % cameras);
      const event = { ...material.faces, type: 'faces', source, wallTimeMs: Date.now(), arrivedAt: 0 };
      connection.publish(names.faces(source), packFaces(event, mesh));
      sent += 1;
    }
    await connection.flush();
    if (sent - taken >= AHEAD)
      await new Promise((resolve) => {
        wake = resolve;
      });
  }
  return { count: sent };
}

/** What a gateway does with a frame before it goes to clients: reads it, and writes it as their message once. */
async function receiveFaces({ mesh, until }) {
  let count = 0;
  let bytes = 0;
  connection.subscribe(names.faces('*'), {
    callback: (_, message) => {
      const event = unpackFaces(message.data);
      bytes += new FacesMessages(event, Date.now()).of(mesh ? '468' : 'none').length;
      count += 1;
      if (count % CREDIT_EVERY === 0) connection.publish('bench.credit', String(count));
    },
  });
  await connection.flush();
  process.send({ ready: true });
  await over(until);
  return { count, bytes };
}

/** Episodes of many cameras: each waits for the one before of its camera, as numbered events do. */
async function publishEvents({ cameras, until }) {
  let count = 0;
  const append = eventBus(bus);
  const counting = {
    ...append,
    append: async (...event) => {
      const number = await append.append(...event);
      count += 1;
      return number;
    },
  };
  const publishers = Array.from(
    { length: cameras },
    (_, number) =>
      new EventPublisher({
        camera: camera(number),
        fence: Date.now(),
        bus: counting,
        begin: async () => ({ after: await append.newest(camera(number)), events: [] }),
        isMine: () => true,
        clock: SYSTEM_CLOCK,
        logger,
      }),
  );
  while (!until.aborted) {
    for (const [number, publisher] of publishers.entries())
      if (publisher.waiting < 2)
        publisher.tell({
          type: 'episode',
          source: camera(number),
          episode: material.episode,
          wallTimeMs: Date.now(),
        });
    await pause(1);
  }
  return { count };
}

/** What a gateway does with a numbered event: reads it, and writes it as the message of its clients. */
async function followEvents({ until }) {
  let count = 0;
  let bytes = 0;
  const follower = new EventFollower(bus, await openEventStream(bus), {
    sinceMs: 0,
    onEvent: ({ seq, event }) => {
      bytes += encodeTold(event, seq).length;
      count += 1;
    },
    onReplaced: nothing,
    logger,
  });
  await follower.start(nothing);
  process.send({ ready: true });
  await over(until);
  follower.close();
  return { count, bytes };
}

const LEASES = {
  write: (lease) => Buffer.from(JSON.stringify(lease)),
  read: (bytes) => JSON.parse(Buffer.from(bytes).toString('utf8')),
};

/** Renews the leases of many cameras, as fast as the bus takes them. */
async function renewLeases({ cameras, until }) {
  const leases = await openBucket(bus, names.leaseBucket, { codec: LEASES, logger });
  let count = 0;
  const one = async (key) => {
    let revision = leases.entries.get(key)?.revision ?? 0;
    while (!until.aborted) {
      revision = (await leases.write(key, { node: 'ingest-1', fence: 1, tracks: count }, revision)) ?? 0;
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: cameras }, (_, number) => one(camera(number))));
  leases.close();
  return { count };
}

/** Another machine, which hears of each renewal. */
async function followLeases({ until }) {
  const leases = await openBucket(bus, names.leaseBucket, { codec: LEASES, logger });
  let count = 0;
  leases.changes.subscribe(() => {
    count += 1;
  });
  process.send({ ready: true });
  await over(until);
  leases.close();
  return { count };
}

/** Questions of many faces, as many at once as a stage has. */
async function ask({ cameras, atOnce, until }) {
  const engine = createBusEngine({
    connection,
    site,
    engine: { id: 'scripted', model: '' },
    timeoutMs: 10_000,
  });
  let count = 0;
  let next = 0;
  const ended = {};
  const one = async () => {
    while (!until.aborted) {
      const face = { source: camera(next++ % cameras), track: 1 };
      const [coming] = engine.infer([{ request: material.request, signal: new AbortController().signal, face }]);
      const outcome = await coming;
      if (outcome.kind === 'ok') count += 1;
      else ended[outcome.reason] = (ended[outcome.reason] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  await engine.close();
  return { count, ended };
}

/** A words machine whose engine costs nothing. */
async function answer({ until }) {
  let count = 0;
  const capabilities = {
    logProbabilities: true,
    jsonSchema: true,
    choice: true,
    regex: true,
    loraByModel: true,
    prefill: true,
    severalImages: true,
    numericPriors: 'mesh',
    ownBatches: true,
  };
  const outcome = { kind: 'ok', answer: material.answer };
  const engine = {
    id: 'scripted',
    model: 'free',
    probe: async () => capabilities,
    infer: (calls) =>
      calls.map(async () => {
        count += 1;
        return outcome;
      }),
    close: async () => undefined,
  };
  const telemetry = { wordsAsked: nothing, wordsAnswered: nothing, wordsLoad: nothing };
  const limiter = { start: 32 };
  const server = startWordsServer({
    connection,
    site,
    node: 'words',
    engine,
    timeoutMs: 10_000,
    telemetry,
    logger,
    limiter,
  });
  while (!server.serving) await pause(20);
  process.send({ ready: true });
  await over(until);
  await server.close();
  return { count };
}

/** The small model that comes with mien, on the processor: as many questions as it is given at once. */
async function askVlm({ questions }) {
  const engine = new MienVlmEngine();
  await engine.probe(NEVER);
  const calls = Array.from({ length: questions }, () => ({
    request: material.vlmRequest,
    signal: new AbortController().signal,
  }));
  const before = process.cpuUsage();
  const startedMs = Date.now();
  const outcomes = await Promise.all(engine.infer(calls));
  const { user, system } = process.cpuUsage(before);
  const seconds = (Date.now() - startedMs) / 1000;
  await engine.close();
  const answered = outcomes.filter(({ kind }) => kind === 'ok');
  const tokens = answered.reduce((sum, { answer }) => sum + (answer.completionTokens ?? 0), 0);
  return { count: answered.length, tokens, vlmCpuSeconds: (user + system) / 1e6, vlmSeconds: seconds };
}

const ROLES = {
  askVlm,
  publishFaces,
  receiveFaces,
  publishEvents,
  followEvents,
  renewLeases,
  followLeases,
  ask,
  answer,
};

process.on('message', async ({ role, seconds, ...options }) => {
  const until = AbortSignal.timeout(seconds * 1000);
  const before = process.cpuUsage();
  const startedMs = Date.now();
  const result = await ROLES[role]({ ...options, until });
  const { user, system } = process.cpuUsage(before);
  process.send({ ...result, cpuSeconds: (user + system) / 1e6, seconds: (Date.now() - startedMs) / 1000 });
  await bus.close();
  process.disconnect();
});
process.send({ up: true });
