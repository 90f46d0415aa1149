import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ROUTES } from '../../src/server/routes.js';
import { type FakeServer, startFakeServer } from '../support/fake-server.js';
import { rawConnection, rawGet, rawRequest } from '../support/raw-http.js';

const READ = 'reader-0123456789abcdef';
const ADMIN = 'admin-00123456789abcdef';
const PUSH = 'pusher-0123456789abcdef';
const TOKENS = [
  { token: READ, scopes: ['read'] },
  { token: ADMIN, scopes: ['read', 'admin'] },
  { token: PUSH, scopes: ['push'] },
] as const;

let dir: string;
let servers: FakeServer[] = [];
beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), 'mien-dashboard-'));
  dir = join(folder, 'public');
  mkdirSync(join(dir, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'secret.txt'), 'SECRET');
  writeFileSync(join(dir, 'index.html'), '<!doctype html><title>wall</title>');
  writeFileSync(join(dir, 'assets/index-B1x9cQ2_.js'), 'export {};');
  writeFileSync(join(dir, 'notes.map'), 'SECRET');
  symlinkSync(join(folder, 'secret.txt'), join(dir, 'link.txt'));
});
afterAll(() => rmSync(join(dir, '..'), { recursive: true }));
afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  servers = [];
});
async function start(...args: Parameters<typeof startFakeServer>): Promise<FakeServer> {
  const server = await startFakeServer(...args);
  servers.push(server);
  return server;
}
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
async function json(answer: Promise<Response>): Promise<[number, unknown]> {
  const response = await answer;
  const text = await response.text();
  return [response.status, text === '' ? null : JSON.parse(text)];
}
const CAMERA = { id: 'hall', input: { type: 'rtsp', url: 'rtsp://user:secret@cam.test/hall' } };
const sendJson = (method: string, body: unknown, headers: Record<string, string> = {}) => ({
  method,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

describe('REST', () => {
  it('tells what is there', async () => {
    const { url, system } = await start();
    for (let frame = 0; frame < 100; frame++) system.tick();
    const get = (path: string) => json(fetch(`${url}${path}`));
    expect(await get('/api/v1/info')).toMatchObject([200, { purpose: 'research', apiVersion: 1, emotions: true }]);
    expect(await get('/api/v1/sources')).toMatchObject([200, { sources: [{ id: 'door' }, {}, {}, {}] }]);
    expect(await get('/api/v1/sources/door')).toMatchObject([
      200,
      { state: { id: 'door' }, config: { maxSidePx: 1280 } },
    ]);
    expect(await get('/api/v1/sources/nobody')).toMatchObject([404, { error: { code: 'CAMERA_UNKNOWN' } }]);
    const [, faces] = await get('/api/v1/sources/door/faces?landmarks=68');
    expect(faces).toMatchObject({ source: 'door', faces: [{ track: 1, emotions: { smoothed: {} } }, { track: 2 }] });
    expect((faces as { faces: { landmarks: number[] }[] }).faces[0]!.landmarks).toHaveLength(204);
    const [, all] = (await get('/api/v1/episodes')) as [number, { episodes: { atMs: number; episode: object }[] }];
    expect(all.episodes.length).toBeGreaterThan(3);
    const times = all.episodes.map(({ atMs }) => atMs);
    expect(times).toEqual([...times].sort((a, b) => b - a));
    const [, some] = await get(`/api/v1/episodes?source=door&kind=emotion&limit=2&since=${times.at(-1)!}`);
    expect(some).toMatchObject({ episodes: [{ episode: { source: 'door' } }, { episode: { source: 'door' } }] });
    expect(await get('/api/v1/stats')).toMatchObject([
      200,
      { lanes: 1, clients: 0, cameras: [{ id: 'door' }, {}, {}, {}] },
    ]);
    expect(await get('/healthz')).toEqual([200, { status: 'ok' }]);
    expect(await get('/readyz')).toEqual([200, { status: 'ready' }]);
    const picture = await fetch(`${url}/api/v1/sources/door/snapshot?blur=1`);
    expect(picture.headers.get('content-type')).toBe('image/jpeg');
    expect(new Uint8Array(await picture.arrayBuffer()).subarray(0, 3)).toEqual(Uint8Array.of(0xff, 0xd8, 0xff));
    expect(await get('/api/v1/sources/yard/snapshot')).toMatchObject([503, { error: { code: 'NOT_READY' } }]);
    const metrics = await fetch(`${url}/metrics`);
    expect(metrics.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await get('/openapi.json')).toMatchObject([200, { openapi: '3.1.0' }]);
    expect(await get('/asyncapi.json')).toMatchObject([200, { asyncapi: '3.1.0' }]);
  });

  it('shows a token the cameras that it is for, as if there were no others', async () => {
    const token = 'some-00-0123456789abcdef';
    const { url, system } = await start({ tokens: [{ token, scopes: ['read', 'admin'], cameras: ['door', 'new'] }] });
    for (let frame = 0; frame < 100; frame++) system.tick();
    const headers = { authorization: `Bearer ${token}` };
    const get = (path: string) => json(fetch(`${url}${path}`, { headers }));
    expect(await get('/api/v1/sources')).toMatchObject([200, { sources: [{ id: 'door' }] }]);
    expect(((await get('/api/v1/sources'))[1] as { sources: unknown[] }).sources).toHaveLength(1);
    for (const path of ['', '/faces', '/snapshot'])
      expect(await get(`/api/v1/sources/hall${path}`)).toMatchObject([404, { error: { code: 'CAMERA_UNKNOWN' } }]);
    expect(await get('/api/v1/episodes?source=hall')).toMatchObject([404, { error: { code: 'CAMERA_UNKNOWN' } }]);
    const [, { episodes }] = (await get('/api/v1/episodes?limit=3')) as [
      number,
      { episodes: { episode: { source: string } }[] },
    ];
    expect(episodes.map(({ episode }) => episode.source)).toEqual(['door', 'door', 'door']);
    expect(((await get('/api/v1/stats'))[1] as { cameras: unknown[] }).cameras).toMatchObject([{ id: 'door' }]);
    expect(await get('/metrics')).toMatchObject([403, { error: { code: 'FORBIDDEN' } }]);
    const send = (method: string, path: string, body: unknown) =>
      json(fetch(`${url}${path}`, sendJson(method, body, headers)));
    expect(await send('POST', '/api/v1/sources', CAMERA)).toMatchObject([403, { error: { code: 'FORBIDDEN' } }]);
    expect(await send('POST', '/api/v1/sources', { ...CAMERA, id: 'new' })).toMatchObject([201, {}]);
    expect(await send('PUT', '/api/v1/sources/yard', { input: CAMERA.input })).toMatchObject([404, {}]);
    expect(await send('PUT', '/api/v1/sources/yard/areas', { masks: [], zones: [] })).toMatchObject([404, {}]);
    expect(await send('DELETE', '/api/v1/sources/yard', undefined)).toMatchObject([404, {}]);
    expect(system.cameras().map(({ id }) => id)).toContain('yard');
  });

  it('adds, changes and removes cameras', async () => {
    const { url, system } = await start();
    const at = `${url}/api/v1/sources`;
    const added = await fetch(at, sendJson('POST', CAMERA));
    expect([added.status, added.headers.get('location')]).toEqual([201, '/api/v1/sources/hall']);
    expect(system.cameraConfig('hall')).toMatchObject({ name: 'hall', maxSidePx: 1280, maxFps: null, minFacePx: 24 });
    expect(await json(fetch(at, sendJson('POST', CAMERA)))).toMatchObject([409, { error: { code: 'CAMERA_EXISTS' } }]);
    const change = { input: { type: 'push' }, name: 'Hall' };
    expect(await json(fetch(`${at}/hall`, sendJson('PUT', change)))).toMatchObject([
      200,
      { state: { inputType: 'push' } },
    ]);
    expect(await json(fetch(`${at}/hall`, sendJson('PUT', { ...change, id: 'x' })))).toMatchObject([400, {}]);
    expect(await json(fetch(`${at}/gone`, sendJson('PUT', change)))).toMatchObject([404, {}]);
    expect(await json(fetch(`${at}/hall`, { method: 'DELETE' }))).toEqual([204, null]);
    expect(await json(fetch(`${at}/hall`, { method: 'DELETE' }))).toMatchObject([404, {}]);
  });

  it.each<[string, string, RequestInit, number, string]>([
    ['no JSON', 'sources', sendJson('POST', CAMERA, { 'content-type': 'text/plain' }), 415, 'UNSUPPORTED_MEDIA'],
    ['broken JSON', 'sources', { ...sendJson('POST', {}), body: '{"id":' }, 400, 'BAD_REQUEST'],
    ['a key too much', 'sources', sendJson('POST', { ...CAMERA, shell: 'id' }), 400, 'BAD_REQUEST'],
    [
      'a hostile address',
      'sources',
      sendJson('POST', { id: 'a', input: { type: 'http', url: 'file:///etc/passwd' } }),
      400,
      'BAD_REQUEST',
    ],
    ['64 KiB and one', 'sources', { ...sendJson('POST', {}), body: ' '.repeat(65_537) }, 413, 'TOO_LARGE'],
    ['wrong method', 'sources', { method: 'PATCH' }, 405, 'METHOD_NOT_ALLOWED'],
    ['unknown path', 'nothing', {}, 404, 'NOT_FOUND'],
    ['unknown query', 'episodes?limit=5&x=1', {}, 400, 'BAD_REQUEST'],
    ['query out of range', 'episodes?limit=1e9', {}, 400, 'BAD_REQUEST'],
    ['query twice', 'episodes?limit=1&limit=2', {}, 400, 'BAD_REQUEST'],
  ])('refuses %s', async (_, path, init, status, code) => {
    const { url } = await start();
    const [answered, body] = await json(fetch(`${url}/api/v1/${path}`, init));
    expect([answered, body]).toMatchObject([
      status,
      { error: { code, message: expect.stringMatching(/^[^\n]{10,}$/) } },
    ]);
  });

  const paths = ['/', '/assets/index-B1x9cQ2_.js', '/ws', ...new Set(ROUTES.map(({ path }) => path))];
  it.each(paths)('%s: every method it does not take is refused with those it does', async (path) => {
    const { url } = await start({ dashboardDir: dir });
    const taken = ROUTES.filter((route) => route.path === path).map(({ method }) => method as string);
    const methods = taken.length > 0 ? taken : ['GET'];
    const allow = methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ');
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      if (methods.includes(method)) continue;
      const answer = await fetch(url + path.replace('{id}', 'door'), { method });
      expect([answer.status, answer.headers.get('allow')], method).toEqual([405, allow]);
    }
  });

  it('knows no camera that there is not, on any route that names one', async () => {
    const { url } = await start();
    const routes = ROUTES.filter(({ path }) => path.includes('{id}')).map(({ method, path }) => ({ method, path }));
    const named = ['/api/v1/episodes?source={id}', '/api/v1/insights?source={id}'].map((path) => ({
      method: 'GET',
      path,
    }));
    for (const { method, path } of [...routes, ...named]) {
      const sent = path.endsWith('/areas') ? { masks: [], zones: [] } : { input: CAMERA.input };
      const asked = { track: 1, question: 'Why?' };
      const body =
        method === 'PUT' || method === 'POST' ? sendJson(method, method === 'POST' ? asked : sent) : { method };
      const [status, answer] = await json(fetch(url + path.replace('{id}', 'nobody'), body));
      expect([status, answer], `${method} ${path}`).toMatchObject([404, { error: { code: 'CAMERA_UNKNOWN' } }]);
    }
  });

  it('answers a question about a face in view, and tells it as an insight', async () => {
    const { url, system } = await start();
    for (let frame = 0; frame < 10; frame++) system.tick();
    const track = (await system.latestFaces('door'))[0]!.track!;
    const ask = (body: unknown) => json(fetch(`${url}/api/v1/sources/door/questions`, sendJson('POST', body)));
    const [status, answer] = await ask({ track, question: '  Is AU12 active?  ' });
    expect([status, answer]).toMatchObject([
      200,
      { insight: { task: 'asked', question: 'Is AU12 active?', engine: 'measured', check: { told: ['12'] } } },
    ]);
    expect(await json(fetch(`${url}/api/v1/insights?source=door&limit=1`))).toMatchObject([
      200,
      { insights: [{ insight: { question: 'Is AU12 active?' } }] },
    ]);
    expect(await ask({ track: 99, question: 'Why?' })).toMatchObject([404, { error: { code: 'TRACK_UNKNOWN' } }]);
    for (const wrong of [
      { track, question: ' ' },
      { track, question: 'x'.repeat(501) },
      { track: 0, question: 'Why?' },
    ])
      expect(await ask(wrong)).toMatchObject([400, { error: { code: 'BAD_REQUEST' } }]);
    expect(await ask({ track, question: 'x'.repeat(200_000) })).toMatchObject([413, { error: { code: 'TOO_LARGE' } }]);
  });

  it('gives a question up when whoever asked has hung up', async () => {
    const { url, system } = await start();
    system.tick();
    let asked: (gone: AbortSignal) => void = () => undefined;
    const gone = new Promise<AbortSignal>((resolve) => {
      asked = resolve;
    });
    system.ask = (_, question) => {
      asked(question.gone!);
      return new Promise(() => undefined);
    };
    const caller = new AbortController();
    const body = sendJson('POST', { track: 1, question: 'Why?' });
    const asking = fetch(`${url}/api/v1/sources/door/questions`, { ...body, signal: caller.signal }).catch(
      (error: Error) => error.name,
    );
    const signal = await gone;
    expect(signal.aborted).toBe(false);
    caller.abort();
    expect(await asking).toBe('AbortError');
    await expect.poll(() => signal.aborted).toBe(true);
  });

  it('lets those ask who may read', async () => {
    const { url, system } = await start({ tokens: TOKENS });
    for (let frame = 0; frame < 10; frame++) system.tick();
    const body = { track: (await system.latestFaces('door'))[0]!.track!, question: 'Why?' };
    const ask = async (headers: Record<string, string>) =>
      (await fetch(`${url}/api/v1/sources/door/questions`, sendJson('POST', body, headers))).status;
    expect(await ask({})).toBe(401);
    expect(await ask(bearer(PUSH).headers)).toBe(403);
    expect(await ask(bearer(READ).headers)).toBe(200);
  });

  it('says what a path takes', async () => {
    const { url } = await start();
    const answer = await fetch(`${url}/api/v1/sources/door`, { method: 'POST' });
    expect(answer.headers.get('allow')).toBe('GET, HEAD, PUT, DELETE');
  });

  it('stops reading a body of unknown length at the limit', async () => {
    const { url } = await start();
    const chunk = `8000\r\n${' '.repeat(0x8000)}\r\n`;
    const head = `POST /api/v1/sources HTTP/1.1\r\nhost: ${new URL(url).host}\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n`;
    // Never finished by the client.
    expect((await rawRequest(url, head + chunk.repeat(3))).status).toBe(413);
  });

  it('tells a bug to the log, not to the caller', async () => {
    const { url, log } = await start({
      metricsText: () => Promise.reject(new Error('secret detail')),
    });
    const [status, body] = await json(fetch(`${url}/metrics`));
    expect([status, JSON.stringify(body)]).toEqual([500, expect.not.stringContaining('secret')]);
    expect(log.join()).toContain('secret detail');
  });
});

describe('tokens', () => {
  it.each<[string, string, string | null, number]>([
    ['GET', '/healthz', null, 200],
    ['GET', '/', null, 200],
    ['GET', '/api/v1/info', null, 401],
    ['GET', '/api/v1/info', 'wrong-0123456789abcdef', 401],
    ['GET', '/api/v1/info', READ, 200],
    ['GET', '/api/v1/info', PUSH, 403],
    ['GET', '/metrics', null, 401],
    ['GET', '/metrics', READ, 200],
    ['GET', '/readyz', null, 401],
    ['GET', '/openapi.json', null, 401],
    ['DELETE', '/api/v1/sources/door', null, 401],
    ['DELETE', '/api/v1/sources/door', READ, 403],
    ['DELETE', '/api/v1/sources/door', PUSH, 403],
    ['DELETE', '/api/v1/sources/door', ADMIN, 204],
    ['GET', `/api/v1/info?token=${READ}`, null, 401],
    ['GET', `/api/v1/info?access_token=${READ}`, null, 401],
  ])('%s %s with %s: %s', async (method, path, token, status) => {
    const { url, log } = await start({ tokens: TOKENS, dashboardDir: dir });
    const answer = await fetch(`${url}${path}`, { method, ...(token === null ? {} : bearer(token)) });
    expect(answer.status).toBe(status);
    if (status === 401) expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect(log.join()).not.toContain('0123456789abcdef');
  });

  it.each([
    [{ listen: { host: '0.0.0.0', port: 0 } }, /no token/],
    [{ listen: { host: '127.0.0.1', port: 70_000 } }, /port/],
    [{ tokens: [{ token: 'short', scopes: ['read'] as const }] }, /number 1 must be 16/],
    [{ tokens: [{ token: READ, scopes: [] }] }, /allows nothing/],
    [{ allowedOrigins: ['wall.example'] }, /no origin/],
    [{ dashboardDir: '/nowhere/at/all' }, /dashboard/],
  ])('does not start with %j', async (options, message) => {
    await expect(startFakeServer(options)).rejects.toMatchObject({ code: 'CONFIG_INVALID', message });
  });

  it('starts on all interfaces with one', async () => {
    const { url } = await start({ listen: { host: '0.0.0.0', port: 0 }, tokens: TOKENS });
    const local = url.replace('0.0.0.0', '127.0.0.1');
    expect(
      (await rawGet(local, '/api/v1/info', { host: 'mien.intranet', authorization: `Bearer ${READ}` })).status,
    ).toBe(200);
  });

  it('names host, port and fix when the address is taken', async () => {
    const { url } = await start();
    const port = Number(new URL(url).port);
    await expect(startFakeServer({ listen: { host: '127.0.0.1', port } })).rejects.toMatchObject({
      code: 'LISTEN_FAILED',
      message: `cannot listen on 127.0.0.1:${port}: it is in use: choose another port, or stop what listens there`,
    });
  });
});

describe('origins and host names', () => {
  it.each<[string, Record<string, string>, number]>([
    ['no origin', {}, 200],
    ['a foreign origin', { origin: 'https://evil.example' }, 403],
    ['origin null', { origin: 'null' }, 403],
    ['another port of this machine', { origin: 'http://127.0.0.1:1' }, 403],
    ['an allowed origin', { origin: 'https://wall.example' }, 200],
    ['a rebound name', { host: 'evil.example' }, 403],
    ['a rebound name with its own origin', { host: 'evil.example', origin: 'http://evil.example' }, 403],
    ['localhost', { host: 'localhost:7420' }, 200],
    ['a host that is none', { host: 'a@b' }, 403],
  ])('%s', async (_, headers, status) => {
    const { url } = await start({ allowedOrigins: ['https://wall.example'] });
    expect((await rawGet(url, '/api/v1/info', headers)).status).toBe(status);
  });

  it('lets pages of allowed origins ask first, and read', async () => {
    const { url } = await start({ allowedOrigins: ['https://wall.example'], tokens: TOKENS });
    const origin = 'https://wall.example';
    const asked = await fetch(`${url}/api/v1/sources`, { method: 'OPTIONS', headers: { origin } });
    expect([asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([204, origin]);
    const read = await fetch(`${url}/api/v1/info`, { headers: { origin, authorization: `Bearer ${READ}` } });
    expect([read.status, read.headers.get('access-control-allow-origin')]).toEqual([200, origin]);
    const own = await fetch(`${url}/api/v1/info`, bearer(READ));
    expect(own.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('dashboard files', () => {
  it('are served with their types, cache rules and security headers', async () => {
    const { url } = await start({ dashboardDir: dir });
    const page = await fetch(`${url}/`);
    expect(await page.text()).toContain('wall');
    expect(Object.fromEntries(page.headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'content-security-policy': expect.stringContaining("default-src 'self'"),
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
    });
    const again = await fetch(`${url}/`, { headers: { 'if-none-match': page.headers.get('etag')! } });
    expect([again.status, await again.text()]).toEqual([304, '']);
    const script = await fetch(`${url}/assets/index-B1x9cQ2_.js`);
    expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect((await fetch(`${url}/`, { method: 'HEAD' })).status).toBe(200);
  });

  it.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/..%5csecret.txt',
    '/..\\secret.txt',
    '/assets/..%252f..%252fsecret.txt',
    '/index.html%00.txt',
    '//secret.txt',
    '/./../secret.txt',
    '/link.txt',
    '/notes.map',
    '/file:///etc/passwd',
    '/etc/passwd',
    '/assets/',
    '/assets',
    'http://127.0.0.1/../secret.txt',
    '*',
  ])('never lead elsewhere: %s', async (path) => {
    const { url } = await start({ dashboardDir: dir });
    const { status, body } = await rawGet(url, path);
    expect(status).toBe(404);
    expect(body).not.toContain('SECRET');
  });

  it.each(['/index.html\u0000.txt', '/\u00ff\u00fe'])('%j is refused by the parser', async (path) => {
    const { url } = await start({ dashboardDir: dir });
    expect((await rawGet(url, path)).status).toBe(400);
  });
});

describe('overload', () => {
  it('limits requests of one address, and says when to come back', async () => {
    const { url, telemetry } = await start({ limits: { requestsPerSecond: 0.01, requestBurst: 5 } });
    const statuses: number[] = [];
    for (let number = 0; number < 7; number++) statuses.push((await fetch(`${url}/healthz`)).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429]);
    const answer = await fetch(`${url}/healthz`);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(50);
    expect(telemetry.counts.get('refused rate')).toBe(3);
  });

  it('makes guessing tokens slow', async () => {
    const { url } = await start({ tokens: TOKENS, limits: { requestsPerSecond: 0.01, requestBurst: 50 } });
    const statuses: number[] = [];
    for (let number = 0; number < 8; number++) {
      statuses.push((await fetch(`${url}/api/v1/info`, bearer(`guess-${number}-0123456789`))).status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
  });

  it('ends requests that never finish, while others are answered', async () => {
    const limits = { headersTimeoutMs: 150, requestTimeoutMs: 300, timeoutCheckMs: 20 };
    const { url } = await start({ limits });
    const host = new URL(url).host;
    const slow = [
      'GET / HTTP/1.1\r\nhost: a\r\nx-a: ',
      `POST /api/v1/sources HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{`,
      '',
    ];
    const ended = Promise.all(slow.map((bytes) => rawRequest(url, bytes)));
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect((await ended).map(({ status }) => status)).toEqual([408, 408, 408]);
  });

  it('takes only so many connections', async () => {
    const { url, telemetry } = await start({ limits: { maxConnections: 3 } });
    const held = [1, 2, 3].map(() => rawConnection(url));
    await Promise.all(held.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
    expect((await rawGet(url, '/healthz')).status).toBe(0);
    expect(telemetry.counts.get('refused too-many-clients')).toBe(1);
    for (const socket of held) socket.destroy();
  });

  it('survives bytes that are no HTTP', async () => {
    const { url } = await start();
    const garbage = Buffer.from(Array.from({ length: 4096 }, (_, at) => (at * 89 + 7) % 256));
    expect((await rawRequest(url, garbage)).status).toBe(400);
    expect((await rawRequest(url, `GET / HTTP/1.1\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`)).status).toBe(431);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });
});
