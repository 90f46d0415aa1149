import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { connect, type MienClient, type SubscriptionMessage } from '../../src/client/index.js';
import { type FakeServer, startFakeServer } from '../support/fake-server.js';

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
function join(url: string, more: Partial<Parameters<typeof connect>[0]> = {}): MienClient {
  const client = connect({ url, WebSocket, ...more });
  clients.push(client);
  return client;
}

describe('mien/client on a server', () => {
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
});
