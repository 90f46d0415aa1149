import { afterEach, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { type FakeServer, startFakeServer } from '../support/fake-server.js';
import { RawClient } from '../support/raw-client.js';

let server: FakeServer;
afterEach(() => server.close());

/** Welcomed, subscribed to everything with all landmarks; then it reads nothing more. */
async function stalled(url: string): Promise<{ readonly socket: WebSocket; readonly closed: Promise<void> }> {
  const client = await RawClient.welcomed(url);
  client.say({ type: 'subscribe', id: 'a', sources: '*', kinds: ['faces', 'episodes'], landmarks: '468' });
  await client.next('subscribed');
  const { socket } = client;
  socket.pause();
  return { socket, closed: client.closed.then(() => {}) };
}

describe('20 stalled clients beside 20 healthy ones', () => {
  it('healthy ones get everything, stalled ones are closed, and memory stays bounded', {
    timeout: 120_000,
  }, async () => {
    server = await startFakeServer({ limits: { hopelessMs: 200, statsIntervalMs: 50, relaxedBytes: 64 * 1024 } });
    const { url, system, telemetry } = server;
    const healthy = await Promise.all(Array.from({ length: 20 }, () => RawClient.welcomed(url)));
    for (const client of healthy) {
      client.say({ type: 'subscribe', id: 'a', sources: ['door'], kinds: ['faces', 'episodes'] });
    }
    await Promise.all(healthy.map((client) => client.next('subscribed')));
    const slow = await Promise.all(Array.from({ length: 20 }, () => stalled(url)));
    expect(server.server.clients).toBe(40);

    // The sockets of the system hold some megabytes each: frames until all stalled clients were sent away.
    let frames = 0;
    let most = 0;
    const gone = telemetry.reached('clientLeft slow', 20).then(() => true);
    const tick = async (): Promise<boolean> => {
      for (let count = 0; count < 10; count++, frames++) system.tick();
      most = Math.max(most, process.memoryUsage().arrayBuffers);
      return Promise.race([gone, new Promise<boolean>((resolve) => setImmediate(() => resolve(false)))]);
    };
    while (!(await tick()) && frames < 20_000);
    expect(telemetry.counts.get('clientLeft slow')).toBe(20);

    await Promise.all(healthy.map((client) => client.settled()));
    for (const { messages } of healthy) {
      const seen = messages.filter(({ type }) => type === 'faces').map(({ frame }) => frame);
      expect(seen).toEqual(Array.from({ length: frames }, (_, frame) => frame));
      const numbers = messages.filter(({ type }) => type === 'episode').length;
      expect(numbers).toBe(healthy[0]!.messages.filter(({ type }) => type === 'episode').length);
    }
    expect(server.server.clients).toBe(20);
    expect(telemetry.counts.get('messageDropped faces slow-client')).toBeGreaterThan(0);
    // Every message to the stalled ones waits at most once for all of them, and each has at most 4 MiB.
    expect(most).toBeLessThan(20 * 4.5 * 1024 * 1024);
    for (const { socket } of slow) socket.resume();
    await Promise.all(slow.map(({ closed }) => closed));
  });
});

describe('latency', () => {
  it('from event to write is far below a millisecond for one client', async () => {
    server = await startFakeServer();
    const { url, system, telemetry } = server;
    const client = await RawClient.welcomed(url);
    client.say({ type: 'subscribe', id: 'a', sources: ['door'], kinds: ['faces'] });
    await client.next('subscribed');
    for (let frame = 0; frame < 300; frame++) {
      system.tick();
      if (frame % 10 === 9) await client.settled();
    }
    const sorted = [...telemetry.deliveryMs].sort((a, b) => a - b);
    expect(sorted).toHaveLength(300);
    expect(sorted[150]).toBeLessThan(1);
  });
});
