import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { connect, type MienClient, type SubscriptionMessage } from '../../src/client/index.js';
import { type FakeServer, startFakeServer } from '../support/fake-server.js';
import { episode } from '../support/record-builders.js';

let servers: FakeServer[] = [];
let clients: MienClient[] = [];
afterEach(async () => {
  for (const client of clients) client.close();
  await Promise.all(servers.map((server) => server.close()));
  servers = [];
  clients = [];
});

async function start(...args: Parameters<typeof startFakeServer>): Promise<FakeServer> {
  const server = await startFakeServer(...args);
  servers.push(server);
  return server;
}

/** A client whose socket a test can cut. */
function join(url: string, more: Partial<Parameters<typeof connect>[0]> = {}): MienClient & { cut(): void } {
  let last: WebSocket | null = null;
  class Tapped extends WebSocket {
    constructor(address: string, protocols?: string | string[]) {
      super(address, protocols);
      last = this;
    }
  }
  const client = connect({ url, WebSocket: Tapped, backoff: { firstMs: 10, longestMs: 20 }, ...more });
  clients.push(client);
  return Object.assign(client, { cut: () => last?.terminate() });
}

const reached = (client: MienClient, status: MienClient['status']['status']): Promise<void> =>
  new Promise((resolve) => {
    const stop = client.on('status', (now) => {
      if (now.status !== status) return;
      stop();
      resolve();
    });
  });

/** Emits an episode of `source`, numbered in its label. */
function tell({ system }: FakeServer, number: number, source = 'door'): void {
  const made = episode({ source, id: `${source}/1/emotion/happiness/${number}`, label: `number ${number}` });
  system.emit({ type: 'episode', source, episode: made, wallTimeMs: 1000 + number });
}
const labels = (messages: readonly SubscriptionMessage[]): string[] =>
  messages.flatMap((message) => {
    if (message.type === 'episode') return message.episode.label;
    return message.type === 'gap' ? 'gap' : [];
  });

/** Resolves when `count` messages have come. */
function collect(client: MienClient, count: number, sources: '*' | string[] = '*') {
  const messages: SubscriptionMessage[] = [];
  const done = new Promise<void>((resolve) => {
    client.subscribe({ kinds: ['episodes', 'states'], sources }, (message) => {
      messages.push(message);
      if (messages.length === count) resolve();
    });
  });
  return { messages, done };
}

describe('mien-faces/client on a server', () => {
  it('is welcomed, subscribes, and gets faces, episodes and pictures', async () => {
    const { url, system } = await start();
    const client = join(url);
    const welcome = await client.ready();
    expect(welcome).toMatchObject({ v: 1, seq: 0, scopes: ['read', 'admin', 'push'], purpose: 'research' });
    expect(welcome.sources.map(({ id }) => id)).toEqual(['door', 'desk', 'yard', 'phone']);
    const seen: SubscriptionMessage[] = [];
    const picture = new Promise<SubscriptionMessage>((resolve) => {
      client.subscribe({ kinds: ['faces', 'episodes', 'preview'], sources: ['door'] }, (message) => {
        seen.push(message);
        if (message.type === 'preview') resolve(message);
      });
    });
    const stop = system.play();
    const preview = await picture;
    stop();
    expect(preview).toMatchObject({ source: 'door', widthPx: 640, heightPx: 360 });
    expect(seen.some(({ type }) => type === 'faces')).toBe(true);
    expect(seen.some(({ type }) => type === 'episode')).toBe(true);
  });

  it('iterates', async () => {
    const server = await start();
    const client = join(server.url);
    await client.ready();
    const got: number[] = [];
    const subscription = client.subscribe({ kinds: ['episodes'] });
    client.on('status', () => {});
    for (let number = 1; number <= 3; number++) tell(server, number);
    for await (const message of subscription) {
      if (message.type === 'episode') got.push(message.seq);
      if (got.length === 3) break;
    }
    expect(got).toEqual([1, 2, 3]);
  });

  it('misses nothing over a lost connection, for each subscription once and in order', async () => {
    const server = await start();
    const client = join(server.url);
    await client.ready();
    const all = collect(client, 6);
    const door = collect(client, 4, ['door']);
    tell(server, 1);
    tell(server, 2, 'desk');
    client.cut();
    await reached(client, 'waiting');
    tell(server, 3);
    tell(server, 4, 'desk');
    server.system.setStatus('yard', 'failed');
    tell(server, 5);
    await reached(client, 'open');
    tell(server, 6, 'desk');
    await all.done;
    tell(server, 7);
    await door.done;
    const expected = ['number 1', 'number 2', 'number 3', 'number 4', 'number 5', 'number 6', 'number 7'];
    expect(labels(all.messages)).toEqual(expected);
    expect(labels(door.messages)).toEqual(['number 1', 'number 3', 'number 5', 'number 7']);
    expect(all.messages.filter(({ type }) => type === 'state')).toHaveLength(1);
  });

  it('is told of a gap when too much happened meanwhile', async () => {
    const server = await start({ limits: { replayMessages: 2 } });
    const client = join(server.url);
    await client.ready();
    const { messages, done } = collect(client, 4);
    tell(server, 1);
    await new Promise<void>((resolve) => client.on('episode', () => resolve()));
    client.cut();
    await reached(client, 'waiting');
    for (let number = 2; number <= 5; number++) tell(server, number);
    await reached(client, 'open');
    await done;
    expect(labels(messages)).toEqual(['number 1', 'gap', 'number 4', 'number 5']);
  });

  it('is told of a gap when the server was started anew', async () => {
    const first = await start();
    const port = Number(new URL(first.url).port);
    const client = join(first.url);
    await client.ready();
    const { messages, done } = collect(client, 3);
    tell(first, 1);
    await new Promise<void>((resolve) => client.on('episode', () => resolve()));
    await first.close();
    const second = await start({ listen: { host: '127.0.0.1', port } });
    await reached(client, 'open');
    await new Promise<void>((resolve) => client.on('gap', () => resolve()));
    tell(second, 2);
    await done;
    expect(labels(messages)).toEqual(['number 1', 'gap', 'number 2']);
  });

  it('gives up a server that is silent, and comes back', async () => {
    const { url } = await start();
    const client = join(url, { silenceMs: 40 });
    await client.ready();
    // Nothing is subscribed: pings keep it alive.
    let waited = 0;
    client.on('status', ({ status }) => {
      if (status === 'waiting') waited++;
    });
    await new Promise<void>((resolve) => {
      let quiet = 0;
      const timer = setInterval(() => {
        if (++quiet < 6) return;
        clearInterval(timer);
        resolve();
      }, 40);
    });
    expect(waited).toBe(0);
    // A server that accepts and never speaks: half-open.
    const { createServer } = await import('node:net');
    const mute = createServer(() => {}).listen(0, '127.0.0.1');
    await new Promise((resolve) => mute.once('listening', resolve));
    const lost = join(`http://127.0.0.1:${(mute.address() as { port: number }).port}`, { silenceMs: 40 });
    await reached(lost, 'waiting');
    expect(lost.status.reason).toBe('no answer from the server');
    lost.close();
    mute.close();
  });

  it('does not try again with a wrong token', async () => {
    const { url } = await start({ tokens: [{ token: 'reader-0123456789abcdef', scopes: ['read'] }] });
    const client = join(url, { token: 'wrong-0123456789abcdef' });
    await expect(client.ready()).rejects.toThrow('the token is not known');
    expect(client.status).toMatchObject({ status: 'closed', code: 4401 });
    const right = join(url, { token: 'reader-0123456789abcdef' });
    expect((await right.ready()).scopes).toEqual(['read']);
  });

  it('pushes pictures, and measures the clock', async () => {
    const { url, system, telemetry } = await start();
    const client = join(url);
    expect(client.pushJpeg('phone', Uint8Array.of(0xff, 0xd8, 0xff))).toBe(false);
    await client.ready();
    expect(client.pushJpeg('phone', Uint8Array.of(0xff, 0xd8, 0xff))).toBe(true);
    client.subscribe({ kinds: ['faces'], sources: ['door'] });
    await telemetry.reached('messageSent subscribed');
    expect(system.pushed).toEqual([{ source: 'phone', bytes: 3 }]);
    expect(Math.abs(client.clockOffsetMs)).toBeLessThan(1000);
  });

  it('ends its subscriptions with it', async () => {
    const { url } = await start();
    const client = join(url);
    await client.ready();
    const iterated = (async () => {
      for await (const _ of client.subscribe({ kinds: ['episodes'] })) return 'more';
      return 'end';
    })();
    client.close();
    expect(await iterated).toBe('end');
    await expect(client.ready()).resolves.toBeDefined();
  });
});
