import { afterEach, describe, expect, it } from 'vitest';
import { encodeBinary } from '../../src/protocol/binary.js';
import { type FakeServer, startFakeServer } from '../support/fake-server.js';
import { RawClient } from '../support/raw-client.js';
import { rawGet, rawRequest } from '../support/raw-http.js';

const READ = 'reader-0123456789abcdef';
const PUSH = 'pusher-0123456789abcdef';
const TOKENS = [
  { token: READ, scopes: ['read'] },
  { token: PUSH, scopes: ['push'] },
] as const;
const asProtocol = (token: string) => `mien.token.${Buffer.from(token).toString('base64url')}`;

let servers: FakeServer[] = [];
afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  servers = [];
});
async function start(...args: Parameters<typeof startFakeServer>): Promise<FakeServer> {
  const server = await startFakeServer(...args);
  servers.push(server);
  return server;
}
const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);
const push = (source: string, jpeg: Uint8Array = JPEG) => Buffer.from(encodeBinary({ type: 'push', source }, jpeg));

describe('upgrade', () => {
  it.each<[string, Parameters<typeof RawClient.to>[1], number]>([
    ['subprotocol', {}, 0],
    ['no subprotocol', { protocols: [] }, 0],
    ['wrong subprotocol', { protocols: ['mien.v9', 'chat'] }, 400],
    ['wrong path', { path: '/socket' }, 404],
    ['path of the API', { path: '/api/v1/info' }, 404],
    ['foreign origin', { headers: { origin: 'https://evil.example' } }, 403],
    ['allowed origin', { headers: { origin: 'https://wall.example' } }, 0],
    ['rebound name', { headers: { host: 'evil.example', origin: 'http://evil.example' } }, 403],
  ])('%s', async (_, options, status) => {
    const { url } = await start({ allowedOrigins: ['https://wall.example'] });
    expect(await RawClient.to(url, options).opened).toBe(status);
  });

  it('answers plain requests and other protocols', async () => {
    const { url } = await start();
    expect((await rawGet(url, '/ws')).status).toBe(426);
    const host = new URL(url).host;
    const h2c = `GET /ws HTTP/1.1\r\nhost: ${host}\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n`;
    expect((await rawRequest(url, h2c)).status).toBe(400);
  });

  it('takes only so many clients', async () => {
    const { url, telemetry } = await start({ limits: { maxClients: 2 } });
    await Promise.all([RawClient.welcomed(url), RawClient.welcomed(url)]);
    expect(await RawClient.to(url).opened).toBe(503);
    expect(telemetry.counts.get('refused too-many-clients')).toBe(1);
  });

  it('keeps room for clients with a token when strangers hold connections', async () => {
    const { url } = await start({ tokens: TOKENS, limits: { maxClients: 100 } });
    const strangers = await Promise.all(Array.from({ length: 70 }, () => RawClient.to(url).opened));
    expect(strangers.filter((status) => status === 503).length).toBe(6);
    expect(await RawClient.to(url, { headers: { authorization: `Bearer ${READ}` } }).opened).toBe(0);
  });
});

describe('tokens of clients', () => {
  it.each<[string, Parameters<typeof RawClient.to>[1], string | undefined, number | string[]]>([
    ['none', {}, undefined, 4401],
    ['wrong, in hello', {}, 'wrong-0123456789abcdef', 4401],
    ['right, in hello', {}, READ, ['read']],
    ['pushing only', {}, PUSH, ['push']],
    ['right, as subprotocol', { protocols: ['mien.v1', asProtocol(READ)] }, undefined, ['read']],
    ['right, in Authorization', { headers: { authorization: `Bearer ${READ}` } }, undefined, ['read']],
    ['right, in the address', { path: `/ws?token=${READ}` }, undefined, 4401],
  ])('%s', async (_, options, token, expected) => {
    const { url, log } = await start({ tokens: TOKENS });
    const client = RawClient.to(url, options);
    await client.opened;
    // The token never comes back as the chosen subprotocol.
    expect(client.socket.protocol).toBe('mien.v1');
    client.say({ type: 'hello', v: 1, ...(token && { token }) });
    if (typeof expected === 'number') expect((await client.closed).code).toBe(expected);
    else expect(await client.next('welcome')).toMatchObject({ scopes: expected });
    expect(log.join()).not.toContain('0123456789abcdef');
  });

  it.each([
    ['as subprotocol', { protocols: ['mien.v1', asProtocol('wrong-0123456789abcdef')] }],
    ['in Authorization', { headers: { authorization: 'Bearer wrong-0123456789abcdef' } }],
  ])('wrong, %s: refused before the upgrade', async (_, options) => {
    const { url } = await start({ tokens: TOKENS });
    expect(await RawClient.to(url, options).opened).toBe(401);
  });

  it('show the cameras that they are for, as if there were no others', async () => {
    const token = 'some-00-0123456789abcdef';
    const { url, system } = await start({ tokens: [{ token, scopes: ['read', 'push'], cameras: ['door'] }] });
    const client = await RawClient.welcomed(url, { token });
    expect(client.messages[0]).toMatchObject({ type: 'welcome', sources: [{ id: 'door' }] });
    const kinds = ['faces', 'episodes', 'states', 'rules', 'insights', 'stats', 'preview'];
    client.say({ type: 'subscribe', id: 'a', sources: '*', kinds });
    client.say({ type: 'subscribe', id: 'b', sources: ['door', 'yard'], kinds: ['states'] });
    await client.settled();
    const answers = client.messages.filter(({ type }) => type === 'subscribed');
    expect(answers).toMatchObject([{ unknown: [] }, { unknown: ['yard'] }]);
    for (let frame = 0; frame < 100; frame++) system.tick();
    const { cameras } = (await client.next('stats')) as unknown as { cameras: { id: string }[] };
    expect(cameras.map(({ id }) => id)).toEqual(['door']);
    client.say(push('phone'));
    expect(await client.next('error')).toMatchObject({ code: 'CAMERA_UNKNOWN' });
    expect(system.pushed).toEqual([]);
    const told = JSON.stringify(client.messages.filter(({ type }) => type !== 'subscribed' && type !== 'error'));
    const others = system.cameras().flatMap(({ id }) => (id === 'door' ? [] : [id]));
    expect(others.length).toBeGreaterThan(1);
    for (const id of others) expect(told).not.toContain(`"${id}"`);
    for (const type of ['faces', 'episode']) expect(told).toContain(`"type":"${type}"`);
  });

  it('allow only what they say', async () => {
    const { url, system } = await start({ tokens: TOKENS });
    const [reader, pusher] = await Promise.all([
      RawClient.welcomed(url, { token: READ }),
      RawClient.welcomed(url, { token: PUSH }),
    ]);
    reader.say(push('phone'));
    expect(await reader.next('error')).toMatchObject({ code: 'FORBIDDEN' });
    pusher.say({ type: 'subscribe', id: 'a', sources: '*', kinds: ['faces'] });
    expect(await pusher.next('error')).toMatchObject({ code: 'FORBIDDEN', ref: 'a' });
    expect(pusher.messages[0]).toMatchObject({ type: 'welcome', sources: [] });
    pusher.say(push('phone'));
    await pusher.settled();
    expect(system.pushed).toEqual([{ source: 'phone', bytes: JPEG.length }]);
  });
});

describe('before hello', () => {
  it.each<[string, string | Buffer, number]>([
    ['another message first', '{"type":"ping","id":1}', 4400],
    ['another version', '{"type":"hello","v":2}', 4400],
    ['no JSON', 'hello', 4400],
    ['a picture', push('phone'), 4400],
    ['64 KiB and one of text', `"${'a'.repeat(65_536)}"`, 1009],
    ['4 MiB, never whole', Buffer.alloc(4 * 1024 * 1024), 1009],
  ])('%s: closed', async (_, bytes, code) => {
    const { url } = await start();
    const client = RawClient.to(url);
    await client.opened;
    client.say(bytes);
    expect((await client.closed).code).toBe(code);
  });

  it('silence is ended', async () => {
    const { url } = await start({ limits: { helloTimeoutMs: 50 } });
    expect(await RawClient.to(url).closed).toEqual({ code: 4408, reason: 'no hello in time' });
  });
});

describe('malformed messages', () => {
  it.each<[string, unknown, string | null]>([
    ['no JSON', '{"type":', null],
    ['a number', '7', null],
    ['null', 'null', null],
    ['an array', '[]', null],
    ['deep nesting', `${'['.repeat(30_000)}${']'.repeat(30_000)}`, null],
    ['no type', {}, null],
    ['unknown type', { type: 'dance', id: 'x' }, 'x'],
    ['unknown key', { type: 'unsubscribe', id: 'x', also: 1 }, 'x'],
    ['prototype key', '{"type":"unsubscribe","id":"x","__proto__":{"a":1}}', 'x'],
    ['no kinds', { type: 'subscribe', id: 'x', sources: '*', kinds: [] }, 'x'],
    ['unknown kind', { type: 'subscribe', id: 'x', sources: '*', kinds: ['secrets'] }, 'x'],
    ['camera that is no id', { type: 'subscribe', id: 'x', sources: ['../etc'], kinds: ['faces'] }, 'x'],
    ['too many cameras', { type: 'subscribe', id: 'x', sources: Array(65).fill('door'), kinds: ['faces'] }, 'x'],
    ['rate out of range', { type: 'subscribe', id: 'x', sources: '*', kinds: ['faces'], maxRateHz: 1e9 }, 'x'],
    ['end of a subscription there is not', { type: 'unsubscribe', id: 'x' }, 'x'],
    ['hello again', { type: 'hello', v: 1 }, null],
    ['binary garbage', Buffer.from([1, 2, 3]), null],
    ['binary of another kind', Buffer.from(encodeBinary({ type: 'preview' }, JPEG)), null],
    ['pushed picture that is none', push('phone', Buffer.from('GIF89a')), null],
  ])('%s: an error, and the connection stays', async (_, message, ref) => {
    const { url } = await start();
    const client = await RawClient.welcomed(url);
    client.say(message);
    expect(await client.next('error')).toEqual({
      type: 'error',
      code: 'BAD_REQUEST',
      message: expect.stringMatching(/^[^\n]{5,500}$/),
      ref,
    });
    await client.settled();
  });

  it('a camera there is not is named in the answer, and heard of once it is added', async () => {
    const { url, system } = await start();
    const client = await RawClient.welcomed(url);
    client.say({ type: 'subscribe', id: 'x', sources: ['door', 'attic'], kinds: ['states'] });
    expect(await client.next('subscribed')).toEqual({
      type: 'subscribed',
      id: 'x',
      replayed: 0,
      gap: false,
      unknown: ['attic'],
    });
    await system.addCamera({ ...system.cameraConfig('door')!, id: 'attic' });
    expect(await client.next('state')).toMatchObject({ state: { id: 'attic' } });
    client.say({ type: 'unsubscribe', id: 'x' });
    expect(await client.next('unsubscribed')).toEqual({ type: 'unsubscribed', id: 'x' });
  });

  it.each([
    ['unknown camera', 'nobody', 'CAMERA_UNKNOWN'],
    ['camera of another type', 'door', 'CONFIG_INVALID'],
  ])('a picture for an %s', async (_, source, code) => {
    const { url } = await start();
    const client = await RawClient.welcomed(url);
    client.say(push(source));
    expect(await client.next('error')).toMatchObject({ code });
  });

  it.each<[string, Buffer]>([
    ['an unmasked frame', Buffer.from([0x81, 0x02, 0x7b, 0x7d])],
    ['reserved bits', Buffer.from([0xf1, 0x80, 0, 0, 0, 0])],
    ['a frame of 2^63 bytes', Buffer.from([0x82, 0xff, 0x7f, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0])],
    ['text that is no UTF-8', Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28])],
  ])('%s: closed, and nobody else is affected', async (_, frame) => {
    const { url } = await start();
    const [bad, good] = await Promise.all([RawClient.welcomed(url), RawClient.welcomed(url)]);
    const { _socket: raw } = bad.socket as unknown as { _socket: { write(bytes: Buffer): void } };
    raw.write(frame);
    expect([1002, 1006, 1007, 1009]).toContain((await bad.closed).code);
    await good.settled();
  });

  it('pictures may be large, text may not, and only from those who may push', async () => {
    const { url, system } = await start({
      tokens: [
        { token: READ, scopes: ['read'] },
        { token: PUSH, scopes: ['push'] },
      ],
    });
    const large = push('phone', Buffer.concat([JPEG, Buffer.alloc(4 * 1024 * 1024 - JPEG.length)]));
    const [pusher, reader] = await Promise.all([
      RawClient.welcomed(url, { token: PUSH }),
      RawClient.welcomed(url, { token: READ }),
    ]);
    pusher.say(large);
    await pusher.settled();
    expect(system.pushed).toHaveLength(1);
    reader.say(large);
    expect((await reader.closed).code).toBe(1009);
    pusher.say(`"${'a'.repeat(65_536)}"`);
    expect((await pusher.closed).code).toBe(1009);
    const greedy = await RawClient.welcomed(url, { token: PUSH });
    greedy.say(push('phone', Buffer.alloc(5 * 1024 * 1024)));
    expect((await greedy.closed).code).toBe(1009);
  });

  it('too many messages end the connection, refused ones sooner', async () => {
    const { url } = await start({ limits: { maxMessagesPerSecond: 10 } });
    const [chatty, wrong] = await Promise.all([RawClient.welcomed(url), RawClient.welcomed(url)]);
    for (let id = 0; id < 200; id++) chatty.say({ type: 'ping', id });
    for (let id = 0; id < 30; id++) wrong.say('nonsense');
    expect((await chatty.closed).code).toBe(4429);
    expect((await wrong.closed).code).toBe(4429);
    expect(wrong.messages.filter(({ type }) => type === 'error').length).toBeLessThan(6);
  });
});

describe('subscriptions', () => {
  it('are limited, replaced by id, and ended', async () => {
    const { url, system } = await start({ limits: { maxSubscriptionsPerClient: 2 } });
    const client = await RawClient.welcomed(url);
    const subscribe = (id: string, more: object = {}) =>
      client.say({ type: 'subscribe', id, sources: ['door'], kinds: ['faces'], ...more });
    for (const id of ['a', 'b', 'c', 'a']) subscribe(id);
    expect(await client.next('error')).toMatchObject({ code: 'BAD_REQUEST', ref: 'c' });
    subscribe('b', { landmarks: '68' });
    await client.settled();
    system.tick();
    // One message for both, with the landmarks that one of them wants.
    await client.settled();
    const faces = client.messages.filter(({ type }) => type === 'faces');
    expect(faces).toHaveLength(1);
    expect((faces[0]!.faces as { landmarks: number[] }[])[0]!.landmarks).toHaveLength(204);
    client.say({ type: 'unsubscribe', id: 'a' });
    client.say({ type: 'unsubscribe', id: 'b' });
    await client.settled();
    system.tick();
    await client.settled();
    expect(client.messages.filter(({ type }) => type === 'faces')).toHaveLength(1);
  });

  it('pictures are made once for all, and not at all when nobody looks', async () => {
    const { url, system, telemetry } = await start();
    const clients = await Promise.all([1, 2, 3].map(() => RawClient.welcomed(url)));
    for (const client of clients) client.say({ type: 'subscribe', id: 'wall', sources: '*', kinds: ['preview'] });
    await Promise.all(clients.map((client) => client.settled()));
    expect(system.previewSubscribers).toBe(4);
    system.tick();
    await Promise.all(clients.map((client) => client.when(() => client.binary[1])));
    expect(clients[0]!.binary[0]!.equals(clients[1]!.binary[0]!)).toBe(true);
    for (const client of clients) client.socket.close();
    await Promise.all(clients.map((client) => client.closed));
    await telemetry.reached('clientLeft closed', 3);
    expect(system.previewSubscribers).toBe(0);
  });

  it('statistics come once a second, here faster', async () => {
    const { url } = await start({ limits: { statsIntervalMs: 20 } });
    const client = await RawClient.welcomed(url);
    client.say({ type: 'subscribe', id: 'a', sources: '*', kinds: ['stats'] });
    expect(await client.next('stats')).toMatchObject({ system: { clients: 1 }, cameras: [{ id: 'door' }, {}, {}, {}] });
  });
});

describe('a live system that errs', () => {
  it('does not end the server', async () => {
    const { url, system, log } = await start();
    const client = await RawClient.welcomed(url);
    client.say({ type: 'subscribe', id: 'a', sources: '*', kinds: ['episodes', 'states'] });
    await client.settled();
    system.emit({ type: 'episode', source: 'door', episode: null as never, wallTimeMs: 0 });
    system.setStatus('yard', 'failed');
    expect(await client.next('state')).toMatchObject({ state: { id: 'yard' } });
    expect(log.join()).toContain('the episode event could not be sent');
  });
});

describe('heartbeat', () => {
  it('ends a client that does not answer, and keeps one that does', async () => {
    const { url, telemetry } = await start({ limits: { heartbeatMs: 40 } });
    const [dead, alive] = await Promise.all([RawClient.welcomed(url), RawClient.welcomed(url)]);
    const { _receiver: receiver } = dead.socket as unknown as { _receiver: { removeAllListeners(name: string): void } };
    receiver.removeAllListeners('ping');
    expect((await dead.closed).code).toBe(1006);
    await alive.settled();
    expect(telemetry.counts.get('clientLeft idle')).toBe(1);
  });
});

describe('shutdown', () => {
  it('tells every client, closes every socket, and can be asked twice', async () => {
    const { url, server, telemetry } = await start();
    const clients = await Promise.all([1, 2, 3].map(() => RawClient.welcomed(url)));
    const stranger = RawClient.to(url);
    await stranger.opened;
    await Promise.all([server.close(), server.close()]);
    for (const client of [...clients, stranger]) expect((await client.closed).code).toBe(1001);
    expect(telemetry.counts.get('clientLeft shutdown')).toBe(3);
    expect((await rawGet(url, '/healthz')).status).toBe(0);
  });
});
