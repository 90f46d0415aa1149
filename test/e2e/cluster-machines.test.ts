import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startServe } from '../../src/app/serve.js';
import type { Serving } from '../../src/app/serving.js';
import { type CameraStateJson, connect, type MienClient, type SubscriptionMessage } from '../../src/client/index.js';
import { loadConfig } from '../../src/config/load.js';
import { type ModelRuntime, startRuntime } from '../../src/pipeline/model-runtime.js';
import { collectingLogger } from '../support/collecting-logger.js';
import { CutProxy } from '../support/cut-proxy.js';
import { NatsServer } from '../support/nats-server.js';
import { DEMO } from '../support/run-cli.js';

const SECRET = 'a password of a camera';
const env = { BUS: 'token-of-the-bus', KEY: 'key-of-all-machines-0', OTHER: 'key-of-somebody-else-0' };
const clip = { type: 'file', path: `${DEMO}step-smile.mp4`, maxFps: 5 };
const CAMERAS = [
  { id: 'door', ...clip },
  { id: 'yard', ...clip },
];
const MARGIN = { timeout: 20_000, interval: 100 };

/** One process of the cluster, with a way to the bus of its own. */
interface Node {
  readonly serving: Serving;
  readonly proxy: CutProxy;
  readonly log: readonly string[];
}

describe('several machines', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mien-cluster-'));
  let bus: NatsServer;
  let runtime: ModelRuntime;
  const nodes = new Map<string, Node>();
  const at = (name: string): Node => nodes.get(name)!;

  async function start(node: string, roles: readonly string[], more: Readonly<Record<string, unknown>> = {}) {
    const proxy = new CutProxy({ host: '127.0.0.1', port: bus.port });
    await proxy.open();
    const cluster = {
      'cluster.servers': [`nats://127.0.0.1:${proxy.port}`],
      'cluster.site': 'test',
      'cluster.node': node,
      'cluster.roles': roles,
      'cluster.lease': '1s',
      'cluster.secret.env': 'BUS',
      'cluster.key.env': 'KEY',
    };
    const settings = { purpose: 'testing', 'server.port': 0, cameras: CAMERAS, ...cluster, ...more };
    const overrides = Object.entries(settings).map(([key, value]) => ({ key, value, origin: 'test' }));
    const log: string[] = [];
    const serving = await startServe(await loadConfig({ env, overrides }), collectingLogger(log), async () => ({
      ...runtime,
      close: async () => undefined, // shared by all of them
    }));
    nodes.set(node, { serving, proxy, log });
    return at(node);
  }
  async function stop(node: string): Promise<void> {
    const { serving, proxy } = at(node);
    nodes.delete(node);
    await serving.close();
    await proxy.close();
  }
  const get = async (gateway: string, path: string) => {
    const answer = await fetch(`${at(gateway).serving.url}${path}`);
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const states = async (gateway: string) =>
    ((await get(gateway, '/api/v1/sources')).body.sources as CameraStateJson[]).map(({ id, status }) => [id, status]);
  const RUNNING = CAMERAS.map(({ id }) => [id, 'running']);
  /** Cameras that a node reads, as its log tells. */
  const reads = (node: string): string[] => {
    const held = new Set<string>();
    for (const line of at(node).log) {
      const taken = /^camera (\S+): this machine reads it now/.exec(line);
      const left = /^camera (\S+): stopped/.exec(line);
      if (taken) held.add(taken[1]!);
      if (left) held.delete(left[1]!);
    }
    return [...held].sort();
  };
  const allReads = (): string[] => [...nodes.keys()].flatMap(reads).sort();

  beforeAll(async () => {
    bus = new NatsServer({ folder, login: { token: env.BUS } });
    await bus.up();
    runtime = await startRuntime({ lanes: 1 });
    await start('ingest-a', ['ingest']);
    await start('ingest-b', ['ingest']);
    await start('gate-1', ['gateway']);
    await start('gate-2', ['gateway']);
  });
  afterAll(async () => {
    for (const node of [...nodes.keys()].reverse()) await stop(node);
    await runtime?.close();
    await bus.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  it('share the cameras, and each gateway serves all of them', async () => {
    await expect.poll(() => states('gate-1'), MARGIN).toEqual(RUNNING);
    expect([reads('ingest-a'), reads('ingest-b')].map(({ length }) => length)).toEqual([1, 1]);
    await expect.poll(() => states('gate-2'), MARGIN).toEqual(RUNNING);
    // Numbers come with the reports of machines, a second later than states.
    const counted = async (): Promise<string[]> =>
      ((await get('gate-2', '/api/v1/stats')).body.cameras as { id: string }[]).map(({ id }) => id).sort();
    await expect.poll(counted, MARGIN).toEqual(['door', 'yard']);
    expect((await get('gate-2', '/api/v1/info')).body.actionUnits).toContain('12');
  });

  it('what clients ask of a camera is answered by the machine that reads it', async () => {
    await expect
      .poll(async () => (await get('gate-2', '/api/v1/sources/door/faces?landmarks=468')).body.faces, MARGIN)
      .toEqual([expect.objectContaining({ track: expect.any(Number), landmarks: expect.any(Array) })]);
    const { url } = at('gate-2').serving;
    const picture = await fetch(`${url}/api/v1/sources/door/snapshot`);
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    const { body } = await get('gate-2', '/api/v1/sources/door/faces');
    const [{ track }] = body.faces as [{ track: number }];
    const seen = await rawFollowing('gate-1', null);
    const asked = await fetch(`${url}/api/v1/sources/door/questions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ track, question: 'Is there a smile?' }),
    });
    expect(await asked.json()).toMatchObject({
      insight: { engine: 'measured', track },
      evidenceJpeg: expect.any(String),
    });
    const told = await seen.until(({ type }) => type === 'insight');
    expect(told.evidenceJpeg).toEqual(expect.any(String));
    seen.close();
    expect(bus.stored()).not.toContain('\u00ff\u00d8\u00ff'); // no picture is on the disk of the bus
    expect((await get('gate-2', '/api/v1/sources/cellar/faces')).status).toBe(404);
    const tried = await fetch(`${url}/api/v1/source-test`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id: 'new', input: { type: 'rtsp', url: 'rtsp://127.0.0.1:9/live' } }),
    });
    expect(await tried.json()).toMatchObject({ end: { reason: 'unreachable' }, picture: 'none' });
  });

  it('a client sees frames and pictures, and resumes at another gateway with the same numbers', async () => {
    const first = await following('gate-1', ['faces', 'episodes', 'states', 'preview']);
    await first.until((message) => message.type === 'faces' && message.faces[0]?.track !== null);
    await first.until((message) => message.type === 'preview');
    const { seq } = await first.until((message): message is Numbered => message.type === 'episode');
    first.close();
    const raw = await rawFollowing('gate-2', { epoch: first.epoch, seq });
    const subscribed = await raw.until(({ type }) => type === 'subscribed');
    expect(subscribed).toMatchObject({ gap: false });
    const live = await raw.until((message) => message.type === 'episode' && message.seq > seq);
    expect(live.seq).toBeGreaterThan(seq);
    raw.close();
  });

  it('a camera added at one gateway is read, drawn on at another, and its password is on no disk', async () => {
    const { url } = at('gate-1').serving;
    const send = (method: string, to: string, path: string, body: object | null) =>
      fetch(`${to}/api/v1/sources${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
    const address = `rtsp://watch:${encodeURIComponent(SECRET)}@127.0.0.1:9/live`;
    const added = await send('POST', url, '', { id: 'gate', input: { type: 'rtsp', url: address } });
    expect(added.status).toBe(201);
    await expect.poll(() => states('gate-2'), MARGIN).toContainEqual(['gate', 'waiting']);
    const zones = [
      {
        name: 'bench',
        points: [
          [0.1, 0.1],
          [0.9, 0.1],
          [0.5, 0.9],
        ],
      },
    ];
    const drawn = await send('PUT', at('gate-2').serving.url, '/gate/areas', { masks: [], zones });
    expect(await drawn.json()).toMatchObject({ unsaved: null });
    await expect
      .poll(async () => (await get('gate-1', '/api/v1/sources/gate')).body, MARGIN)
      .toMatchObject({ config: { zones: [{ name: 'bench' }], input: { url: expect.not.stringContaining('watch') } } });
    expect((await send('POST', url, '', { id: 'gate', input: { type: 'push' } })).status).toBe(409);
    expect(bus.stored()).not.toMatch(/watch|password of a camera/);
    const seen = await rawFollowing('gate-2', null);
    await seen.until(({ type }) => type === 'subscribed');
    expect((await send('DELETE', url, '/gate', null)).status).toBe(204);
    await seen.until((message) => message.type === 'removed' && message.source === 'gate');
    seen.close();
    await expect.poll(() => states('gate-1'), MARGIN).toEqual(RUNNING);
  });

  it('a machine whose network is cut loses its cameras to another, and is told nothing twice when it is back', async () => {
    const seen = await rawFollowing('gate-1', null);
    const [camera] = reads('ingest-a');
    at('ingest-a').proxy.cut();
    await expect.poll(() => reads('ingest-b'), MARGIN).toEqual(['door', 'yard']);
    await seen.until(
      (message) => message.type === 'episode' && message.source === camera && message.episode.phase === 'new',
    );
    at('ingest-a').proxy.heal();
    // Balanced again, each camera once.
    await expect.poll(() => [reads('ingest-a').length, allReads().join()], MARGIN).toEqual([1, 'door,yard']);
    await expect.poll(() => states('gate-1'), MARGIN).toEqual(RUNNING);
    seen.close();
    expect(seen.faults()).toEqual([]);
  });

  it('a bus that is killed and comes back has lost nothing', async () => {
    const seen = await rawFollowing('gate-2', null);
    for (const { id } of CAMERAS) await seen.until(({ type, source }) => type === 'faces' && source === id);
    await expect.poll(() => states('gate-2'), MARGIN).toEqual(RUNNING);
    const before = allReads();
    await bus.kill();
    expect(await states('gate-2')).toEqual(RUNNING); // what is known is shown
    await bus.up();
    const from = seen.messages.length;
    await seen.until(({ type }) => type === 'episode', from);
    await seen.until(({ type }) => type === 'faces', from);
    expect(allReads()).toEqual(before);
    seen.close();
    expect(seen.faults()).toEqual([]);
  });

  it('a machine that is told to stop hands its cameras over', async () => {
    await stop('ingest-b');
    await expect.poll(() => reads('ingest-a'), MARGIN).toEqual(['door', 'yard']);
    await expect.poll(() => states('gate-1'), MARGIN).toEqual(RUNNING);
  });

  it('without a machine that reads cameras their states say so', async () => {
    await stop('ingest-a');
    await expect.poll(() => states('gate-1'), MARGIN).toEqual(CAMERAS.map(({ id }) => [id, 'waiting']));
    const { body } = await get('gate-2', '/api/v1/sources/door');
    expect(body.state).toMatchObject({ lastEnd: { message: expect.stringContaining('no machine reads it') } });
  });

  it('one that has another key reads nothing, and says why; it serves no clients', async () => {
    const { log, serving } = await start('ingest-c', ['ingest'], { 'cluster.key.env': 'OTHER' });
    expect(log.join('\n')).toMatch(
      /door of bucket test_cameras cannot be read: another version, or another cluster.key/,
    );
    expect(reads('ingest-c')).toEqual([]);
    const answer = await fetch(`${serving.url}/api/v1/sources`);
    expect([answer.status, await answer.text()]).toEqual([404, expect.stringContaining('ask a gateway')]);
    expect((await fetch(`${serving.url}/readyz`)).status).toBe(200);
    expect(await (await fetch(`${serving.url}/metrics`)).text()).toContain('mien_build_info');
  });

  it('a bus that refuses the token is told in one line', async () => {
    await expect(start('ingest-d', ['ingest'], { 'cluster.secret.env': 'OTHER' })).rejects.toMatchObject({
      code: 'SERVER_UNREACHABLE',
      message: expect.stringMatching(/^bus nats:\/\/127\.0\.0\.1:\d+: .*check cluster\.servers and its secret$/),
    });
  });

  type Numbered = Extract<SubscriptionMessage, { seq: number }>;

  /** A subscriber as programs are written. */
  async function following(gateway: string, kinds: Parameters<MienClient['subscribe']>[0]['kinds']) {
    const client = connect({ url: at(gateway).serving.url, WebSocket });
    const messages = waitable<SubscriptionMessage>();
    client.subscribe({ kinds }, messages.add);
    const { epoch } = await client.ready();
    return { ...messages, epoch, close: () => client.close() };
  }

  /** A connection by hand, which may resume from a number that another gateway gave. */
  async function rawFollowing(gateway: string, resume: { readonly epoch: string; readonly seq: number } | null) {
    // biome-ignore lint/suspicious/noExplicitAny: messages as they come
    const messages = waitable<any>();
    const socket = new WebSocket(`${at(gateway).serving.url.replace('http', 'ws')}/ws`, 'mien.v1');
    socket.on('message', (data) => messages.add(JSON.parse(String(data))));
    socket.on('open', () => {
      socket.send(JSON.stringify({ type: 'hello', v: 1 }));
      const kinds = ['faces', 'episodes', 'insights', 'rules', 'states'];
      const more = resume ? { resume } : {};
      socket.send(JSON.stringify({ type: 'subscribe', id: 'all', sources: '*', kinds, ...more }));
    });
    await messages.until(({ type }) => type === 'subscribed', 0);
    return { ...messages, close: () => socket.terminate(), faults: () => faultsOf(messages.messages) };
  }
});

/** Messages as they come, and waiting for one. */
function waitable<M>() {
  const messages: M[] = [];
  let wake: () => void = () => undefined;
  return {
    messages,
    add: (message: M): void => {
      messages.push(message);
      wake();
    },
    async until<T extends M>(
      accepts: ((message: M) => message is T) | ((message: M) => boolean),
      from = 0,
    ): Promise<T> {
      for (let at = from; ; at++) {
        while (at >= messages.length) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
        if (accepts(messages[at]!)) return messages[at] as T;
      }
    },
  };
}

/** What a subscriber without an interruption must never see: a number left out, an episode that begins or ends twice. */
// biome-ignore lint/suspicious/noExplicitAny: messages as they come
function faultsOf(messages: readonly any[]): string[] {
  const faults: string[] = [];
  const phases = new Map<string, string>();
  let last: number | null = null;
  for (const message of messages) {
    if (message.seq === undefined || message.type === 'welcome') continue;
    if (last !== null && message.seq !== last + 1) faults.push(`${message.seq} after ${last}`);
    last = message.seq;
    if (message.type !== 'episode') continue;
    const { id, phase } = message.episode;
    if (phase === 'new' && phases.has(id)) faults.push(`${id} began twice`);
    if (phases.get(id) === 'end') faults.push(`${id}: ${phase} after its end`);
    phases.set(id, phase);
  }
  return faults;
}
