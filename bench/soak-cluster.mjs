// npm run soak:cluster: three hosts (network namespaces) that share cameras over a bus. Kills each role, cuts and heals the network, restarts the bus,
// and prints how long cameras were away, whether a subscriber that resumes lost or got anything twice, and what waited at most.
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Auditor } from './cluster-auditor.mjs';
import { createNetwork, OBSERVER, removeNetwork, whyNoHosts } from './cluster-hosts.mjs';
import { save } from './save.mjs';
import { wait } from './serving.mjs';
import { markdownTable, table } from './statistics.mjs';
import { workFolder } from './work-folder.mjs';

const CAMERAS = 6;
const HOSTS = ['bus', 'h1', 'h2', 'h3'];
const [TOKEN, BUS, KEY] = [1, 2, 3].map(() => randomBytes(24).toString('hex'));
const ENV = { SOAK_TOKEN: TOKEN, SOAK_BUS: BUS, SOAK_KEY: KEY };

/** A language model that answers after a fifth of a second. */
async function chatServer() {
  const answer = {
    summary: 'A talking face.',
    movement: 'The lips part.',
    action_units: ['AU25'],
    reasoning: 'Parted lips.',
    emotion: 'neutral',
  };
  const body = JSON.stringify({
    id: 'a',
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', content: JSON.stringify(answer) }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 90, completion_tokens: 40 },
  });
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      const models = request.url.endsWith('/models');
      const said = models ? JSON.stringify({ object: 'list', data: [{ id: 'soak', object: 'model' }] }) : body;
      setTimeout(() => response.writeHead(200, { 'content-type': 'application/json' }).end(said), models ? 0 : 200);
    });
  });
  await new Promise((resolve) => server.listen(0, OBSERVER, resolve));
  return { url: `http://${OBSERVER}:${server.address().port}/v1`, close: () => server.close() };
}

function configuration(busAddress, chatUrl) {
  const camera = (at) => ({
    id: `camera-${at + 1}`,
    type: 'file',
    path: join(process.cwd(), 'test/fixtures/demo/talking-face.mp4'),
    maxFps: 4,
  });
  return {
    purpose: 'testing',
    server: { host: '0.0.0.0', port: 7420, tokens: [{ name: 'soak', scopes: ['read', 'admin'], env: 'SOAK_TOKEN' }] },
    cameras: Array.from({ length: CAMERAS }, (_, at) => camera(at)),
    analysis: { lanes: 1 },
    rules: [
      {
        id: 'mouth',
        when: { type: 'action-unit', unit: 'AU25', intensity: 0.5, sure: 0.5, for: '200ms' },
        do: [{ type: 'log' }],
      },
    ],
    mllm: {
      enabled: true,
      engine: { type: 'openai', urls: [chatUrl], model: 'soak', timeout: '5s' },
      minInterval: '2s',
      maxInterval: '4s',
      perCameraPerMinute: 30,
      overallPerMinute: 200,
    },
    cluster: {
      servers: [`nats://${busAddress}:4222`],
      site: 'soak',
      secret: { env: 'SOAK_BUS' },
      key: { env: 'SOAK_KEY' },
    },
  };
}

const MIEN_READY = /mien serves/;
const mien = (host, node, roles, folder, port = 7420) =>
  host.run(
    process.execPath,
    [
      'dist/main.js',
      'serve',
      '--config',
      join(folder, 'cluster.yaml'),
      '--port',
      String(port),
      '--no-watch',
      '--set',
      `cluster.node=${node}`,
      '--set',
      `cluster.roles=[${roles}]`,
    ],
    { ready: MIEN_READY, env: ENV },
  );

/** `--only WORDS`: faults whose name has them. `--logs`: what every process said, at the end. */
const { values: flags } = parseArgs({
  options: { only: { type: 'string', default: '' }, logs: { type: 'boolean', default: false } },
});

async function soak() {
  const problem = whyNoHosts();
  if (problem) {
    console.error(`soak:cluster cannot run here: ${problem}`);
    return 1;
  }
  const folder = workFolder();
  const [bus, h1, h2, h3] = createNetwork(HOSTS);
  const chat = await chatServer();
  writeFileSync(join(folder, 'cluster.yaml'), JSON.stringify(configuration(bus.address, chat.url)));
  const nats = bus.run(
    'nats-server',
    ['-js', '-sd', join(folder, 'store'), '-a', bus.address, '-p', '4222', '--auth', BUS],
    { ready: /Server is ready/ },
  );
  const nodes = {
    ingest1: mien(h1, 'ingest-1', 'ingest', folder, 7421),
    gateway1: mien(h1, 'gateway-1', 'gateway', folder),
    ingest2: mien(h2, 'ingest-2', 'ingest', folder, 7421),
    words2: mien(h2, 'words-2', 'words', folder, 7422),
    ingest3: mien(h3, 'ingest-3', 'ingest', folder, 7421),
    gateway3: mien(h3, 'gateway-3', 'gateway', folder),
    words3: mien(h3, 'words-3', 'words', folder, 7422),
  };
  const auditor = new Auditor({
    urls: [`http://${h1.address}:7420`, `http://${h3.address}:7420`],
    token: TOKEN,
    cameras: CAMERAS,
  });
  try {
    await nats.start();
    for (const node of Object.values(nodes)) await node.start();
    await auditor.begin();
    await auditor.settled(CAMERAS);
    await wait(15);
    const rows = [];
    for (const [fault, { strike, heal, seconds = 12 }] of Object.entries(faults({ nats, nodes, h2, h3 }))) {
      if (!fault.includes(flags.only)) continue;
      const mark = auditor.mark();
      console.log(new Date().toISOString(), fault);
      await strike();
      await wait(seconds);
      const away = auditor.longestGaps(mark);
      const healing = auditor.mark();
      await heal?.();
      await wait(heal ? 12 : 0);
      const back = heal ? auditor.longestGaps(healing) : null;
      rows.push({
        fault,
        camerasAwayS: away.faces,
        questionsAwayS: away.insights,
        resumedS: away.resumed,
        healedAwayS: back?.faces ?? null,
        held: await auditor.held(),
      });
      console.log(JSON.stringify(rows.at(-1)));
    }
    const audit = await auditor.end();
    const columns = ['fault', 'cameras', 'words', 'subscriber resumed after', 'cameras when healed', 'cameras running'];
    const lines = [columns, ...rows.map((row) => Object.values(row).map((value) => value ?? ''))];
    console.log(`\nlongest time without, seconds\n${table(lines)}\n${JSON.stringify(audit, null, 1)}`);
    save(
      'cluster',
      { rows, audit },
      `${markdownTable(lines)}\n\n\`\`\`json\n${JSON.stringify(audit, null, 1)}\n\`\`\``,
    );
    return audit.problems.length === 0 ? 0 : 1;
  } finally {
    if (flags.logs) for (const [name, node] of Object.entries(nodes)) console.log(`--- ${name}\n${node.log()}`);
    auditor.close();
    await Promise.all(Object.values(nodes).map((node) => node.kill()));
    await nats.kill();
    chat.close();
    removeNetwork(HOSTS);
  }
}

function faults({ nats, nodes, h2, h3 }) {
  return {
    'ingest killed (SIGKILL)': { strike: () => nodes.ingest1.kill(), heal: () => nodes.ingest1.start() },
    'ingest told to stop': { strike: () => nodes.ingest2.stop(), heal: () => nodes.ingest2.start() },
    'network of a host with ingest and words cut': { strike: () => h2.cut(), heal: () => h2.heal() },
    'gateway killed': { strike: () => nodes.gateway1.kill(), heal: () => nodes.gateway1.start() },
    'words killed': { strike: () => nodes.words3.kill(), heal: () => nodes.words3.start() },
    'network of a host with a gateway cut': { strike: () => h3.cut(), heal: () => h3.heal() },
    'bus killed, back after 2 s': {
      strike: async () => {
        await nats.kill();
        await wait(2);
        await nats.start();
      },
    },
    'bus killed, back after 10 s': {
      strike: async () => {
        await nats.kill();
        await wait(10);
        await nats.start();
      },
    },
    'two of three ingest killed': {
      strike: () => Promise.all([nodes.ingest1.kill(), nodes.ingest3.kill()]),
      heal: () => Promise.all([nodes.ingest1.start(), nodes.ingest3.start()]),
    },
  };
}

process.exitCode = await soak();
