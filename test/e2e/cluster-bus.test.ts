import {
  AckPolicy,
  DiscardPolicy,
  jetstream,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
} from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { connect, type NatsConnection, nanos } from '@nats-io/transport-node';
import { afterEach, describe, expect, it } from 'vitest';
import { NatsServer, type NatsServerOptions } from '../support/nats-server.js';
import { tempFolders } from '../support/temp-folder.js';

const folder = tempFolders();
const closings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close();
});

const TOKEN = 'a "token" of the cluster';

async function server(options: Partial<NatsServerOptions> = {}): Promise<NatsServer> {
  const started = new NatsServer({ folder: folder(), login: { token: TOKEN }, ...options });
  closings.push(() => started.kill());
  await started.up();
  return started;
}

async function connected(to: NatsServer, login: object = { token: TOKEN }): Promise<NatsConnection> {
  const connection = await connect({ servers: to.address, ...login, reconnectTimeWait: 20, maxReconnectAttempts: -1 });
  closings.push(() => connection.close());
  return connection;
}

/** Resolves at the next reconnection: what is asked before it is lost, and only times out. */
async function reconnected(connection: NatsConnection): Promise<void> {
  for await (const { type } of connection.status()) if (type === 'reconnect') return;
}

/** One job a camera, each told to one worker at a time, nothing on disk. */
async function jobs(connection: NatsConnection): Promise<void> {
  const manager = await jetstreamManager(connection);
  await manager.streams.add({
    name: 'jobs',
    subjects: ['site.jobs.*'],
    retention: RetentionPolicy.Workqueue,
    storage: StorageType.Memory,
    max_msgs_per_subject: 1,
    discard: DiscardPolicy.Old,
    max_age: nanos(5000),
    max_bytes: 1_000_000,
  });
  await manager.consumers.add('jobs', {
    durable_name: 'workers',
    ack_policy: AckPolicy.Explicit,
    ack_wait: nanos(200),
    max_ack_pending: 10,
  });
}

describe('nats-server as the bus', () => {
  it('lets nobody in without the token or the password', async () => {
    const [byToken, byName] = [await server(), await server({ login: { user: 'mien', password: 'short pässword' } })];
    await expect(connect({ servers: byToken.address, token: 'another' })).rejects.toThrow(/Authorization/);
    await expect(connect({ servers: byName.address })).rejects.toThrow(/Authorization/);
    const connection = await connected(byName, { user: 'mien', pass: 'short pässword' });
    expect(connection.info?.jetstream).toBe(true);
  });

  it('keeps a bucket across a kill, and the connection comes back to the same port', async () => {
    const bus = await server();
    const connection = await connected(bus);
    const bucket = await new Kvm(connection).create('cameras', { history: 1 });
    const revision = await bucket.create('door', 'node-1');
    await expect(bucket.create('door', 'node-2')).rejects.toMatchObject({ code: 10071 });
    const back = reconnected(connection);
    await bus.kill();
    await bus.up();
    await back;
    expect((await bucket.get('door'))?.string()).toBe('node-1');
    await bucket.update('door', 'node-2', revision);
    await expect(bucket.update('door', 'node-3', revision)).rejects.toMatchObject({ code: 10071 });
  });

  it('keeps the newest job of a subject, and tells it again when a worker falls silent', async () => {
    const connection = await connected(await server());
    await jobs(connection);
    const client = jetstream(connection);
    for (const job of ['old', 'new']) await client.publish('site.jobs.door', job);
    const consumer = await client.consumers.get('jobs', 'workers');
    const silent = await consumer.next({ expires: 5000 });
    const again = await consumer.next({ expires: 5000 });
    expect([silent?.string(), again?.string(), again?.redelivered]).toEqual(['new', 'new', true]);
    expect(await again?.ackAck()).toBe(true);
    const { state } = await (await jetstreamManager(connection)).streams.info('jobs');
    expect(state.messages).toBe(0);
  });
});
