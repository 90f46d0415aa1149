import { createHmac } from 'node:crypto';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { isForbiddenAddress } from '../../../src/notify/address-guard.js';
import { type PostOptions, type PostOutcome, postMessage } from '../../../src/notify/post-message.js';
import { WebhookSender, type WebhookSenderOptions } from '../../../src/notify/webhook-sender.js';
import { ManualClock } from '../../support/manual-clock.js';
import { tempFolders } from '../../support/temp-folder.js';

const folder = tempFolders();
const AGAIN: PostOutcome = { kind: 'again', problem: 'connection refused', afterMs: null };
const DELIVERED: PostOutcome = { kind: 'delivered' };
const senders: WebhookSender[] = [];
afterEach(async () => {
  for (const sender of senders.splice(0)) await sender.close();
});

/** A sender whose tries end as scripted; then they are delivered. */
async function sending(outcomes: PostOutcome[] = [], more: Partial<WebhookSenderOptions> = {}) {
  const clock = new ManualClock();
  const tries: PostOptions[] = [];
  const told: string[] = [];
  const log: string[] = [];
  let look: () => void = () => undefined;
  const sender = await WebhookSender.start({
    target: { id: 'ops', url: 'http://ops.invalid/', secret: 'x'.repeat(32), timeoutMs: 1_000 },
    folder: join(folder(), 'ops'),
    maxWaiting: 10,
    keepForMs: 60_000,
    agent: 'mien/test',
    clock,
    random: () => 1,
    post: async (options) => {
      tries.push(options);
      return outcomes.shift() ?? DELIVERED;
    },
    onOutcome: (outcome) => {
      told.push(outcome);
      look();
    },
    warn: (line) => log.push(line),
    info: (line) => log.push(line),
    ...more,
  });
  senders.push(sender);
  /** Resolves when so many outcomes were told. */
  const reached = (count: number): Promise<void> =>
    new Promise((resolve) => {
      look = () => told.length >= count && resolve();
      look();
    });
  return { sender, clock, tries, told, log, reached };
}

const bodies = (tries: readonly PostOptions[]): string[] => tries.map(({ body }) => body);
const keys = (tries: readonly PostOptions[]): Set<string> =>
  new Set(tries.map(({ headers }) => headers['idempotency-key']!));

describe('WebhookSender', () => {
  it('delivers in order, each message with a key of its own, signed', async () => {
    const { sender, tries, told, reached } = await sending();
    for (const body of ['1', '2', '3']) sender.send(body);
    await reached(3);
    expect(bodies(tries)).toEqual(['1', '2', '3']);
    expect(keys(tries).size).toBe(3);
    expect(told).toEqual(['delivered', 'delivered', 'delivered']);
    const digest = createHmac('sha256', 'x'.repeat(32)).update('0.1').digest('hex');
    expect(tries[0]!.headers['mien-signature']).toBe(`t=0,v1=${digest}`);
    expect(sender.waiting).toBe(0);
  });

  it('tries again after growing pauses with the same key, and holds back what follows', async () => {
    const { sender, clock, tries, told, log, reached } = await sending([AGAIN, AGAIN]);
    sender.send('1');
    sender.send('2');
    await reached(1);
    await clock.advance(999);
    expect(tries).toHaveLength(1);
    await clock.advance(1);
    await reached(2);
    await clock.advance(1_999);
    expect(tries).toHaveLength(2);
    await clock.advance(1);
    await reached(4);
    expect(bodies(tries)).toEqual(['1', '1', '1', '2']);
    expect(keys(tries.slice(0, 3)).size).toBe(1);
    expect(told).toEqual(['failed', 'failed', 'delivered', 'delivered']);
    expect(log).toEqual([
      'webhook ops: connection refused; tried again until it is taken',
      'webhook ops: takes messages again',
    ]);
  });

  it('waits as long as the receiver asks', async () => {
    const { sender, clock, tries, reached } = await sending([{ ...AGAIN, afterMs: 30_000 }]);
    sender.send('1');
    await reached(1);
    await clock.advance(29_999);
    expect(tries).toHaveLength(1);
    await clock.advance(1);
    await reached(2);
  });

  it('gives up what is refused and goes on', async () => {
    const { sender, told, log, reached } = await sending([{ kind: 'refused', problem: 'answered 410' }]);
    sender.send('1');
    sender.send('2');
    await reached(2);
    expect(told).toEqual(['refused', 'delivered']);
    expect(log).toEqual(['webhook ops: answered 410; the message is given up']);
  });

  it('gives up what is too old', async () => {
    const { sender, clock, tries, told, reached } = await sending([{ ...AGAIN, afterMs: 60_001 }]);
    sender.send('1');
    await reached(1);
    await clock.advance(60_001);
    await reached(2);
    expect([told, bodies(tries)]).toEqual([['failed', 'expired'], ['1']]);
  });

  it('of too many the oldest go', async () => {
    const { sender, told } = await sending([AGAIN], { maxWaiting: 2 });
    for (const body of ['1', '2', '3', '4']) sender.send(body);
    expect(told).toEqual(['dropped', 'dropped']);
    expect(sender.waiting).toBe(2);
  });

  it('survives a restart: the same messages with the same keys, in order, then new ones', async () => {
    const place = join(folder(), 'ops');
    const first = await sending([AGAIN], { folder: place });
    first.sender.send('1');
    first.sender.send('2');
    await first.reached(1);
    await first.sender.close();
    expect(readdirSync(place)).toHaveLength(2);
    writeFileSync(join(place, 'half.json.part'), '{');
    const second = await sending([], { folder: place });
    second.sender.send('3');
    await second.reached(3);
    expect(bodies(second.tries)).toEqual(['1', '2', '3']);
    expect(second.tries[0]!.headers['idempotency-key']).toBe(first.tries[0]!.headers['idempotency-key']);
    expect(readdirSync(place)).toEqual([]);
  });

  it('a disk that takes nothing costs durability, not messages', async () => {
    const place = join(folder(), 'ops');
    const { sender, tries, log, reached } = await sending([], { folder: place });
    rmSync(place, { recursive: true });
    writeFileSync(place, 'no folder any more');
    sender.send('1');
    sender.send('2');
    await reached(2);
    expect(bodies(tries)).toEqual(['1', '2']);
    expect(log).toEqual(['webhook ops: messages cannot be kept on disk (ENOTDIR), and are lost if mien stops']);
  });

  it('closing ends a pause and a try that never ends', async () => {
    const { sender } = await sending([], {
      post: ({ signal }) =>
        new Promise((resolve) => signal.addEventListener('abort', () => resolve({ ...AGAIN, problem: 'stopped' }))),
    });
    sender.send('1');
    await sender.close();
    expect(sender.waiting).toBe(1);
  });
});

describe('postMessage', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });
  async function answering(status: number, headers: Record<string, string> = {}) {
    const requests: IncomingMessage[] = [];
    const server = createServer((request, response) => {
      requests.push(request);
      if (status !== 0) response.writeHead(status, headers).end('taken');
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/a`, requests };
  }
  const post = (url: string, timeoutMs = 5_000) =>
    postMessage({ url, headers: { 'x-a': 'b' }, body: '{"é":1}', timeoutMs, signal: new AbortController().signal });

  it.each([
    [200, {}, { kind: 'delivered' }],
    [204, {}, { kind: 'delivered' }],
    [302, { location: 'http://127.0.0.1:1/' }, { kind: 'refused', problem: 'answered 302' }],
    [404, {}, { kind: 'refused', problem: 'answered 404' }],
    [429, { 'retry-after': '7' }, { kind: 'again', problem: 'answered 429', afterMs: 7_000 }],
    [503, { 'retry-after': 'soon' }, { kind: 'again', problem: 'answered 503', afterMs: null }],
  ] as const)('%s', async (status, headers, outcome) => {
    const { url, requests } = await answering(status, headers);
    expect(await post(url)).toEqual(outcome);
    expect(requests[0]!.headers).toMatchObject({ 'x-a': 'b', 'content-length': '8' });
  });

  it('nobody there, and nobody who answers', async () => {
    expect(await post('http://127.0.0.1:1/')).toMatchObject({ kind: 'again', problem: 'connection refused' });
    const { url } = await answering(0);
    expect(await post(url, 50)).toMatchObject({ kind: 'again', problem: 'no answer in time' });
  });

  it.each(['http://169.254.169.254/latest/', 'http://[fe80::1]/', 'http://0.0.0.0:80/'])(
    '%s is refused',
    async (url) => {
      expect(await post(url)).toEqual({ kind: 'refused', problem: 'points to an address that is not allowed' });
    },
  );

  it('local networks are allowed, metadata services are not', () => {
    expect(['127.0.0.1', '192.168.1.5', '::1', '203.0.113.7'].some(isForbiddenAddress)).toBe(false);
    expect(['169.254.169.254', '100.100.100.200', '::ffff:169.254.169.254'].every(isForbiddenAddress)).toBe(true);
  });
});
