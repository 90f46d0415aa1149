import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { childProcesses } from '../support/child-processes.js';
import { ffmpeg, H264, testPicture, videoFolder } from '../support/make-video.js';
import { RtspServer } from '../support/rtsp-server.js';
import { configOf, facePictures, serveForTest } from '../support/serve-fixture.js';

const folder = videoFolder();
const clip = folder.path('clip.ts');
ffmpeg(...testPicture({ seconds: 2, size: '320x180', fps: 15 }), ...H264, clip);

/** User and password of every camera; nothing of it may be seen anywhere. */
const SECRET = /watcher|Geheim/;
const login = { user: 'watcher', password: 'Geheim/7@' };
const userinfo = `watcher:${encodeURIComponent(login.password)}`;

/** Whatever has an address that no camera may have: it counts who comes. */
const forbidden = createServer((socket) => {
  visits++;
  socket.destroy();
});
let visits = 0;
const http = createHttpServer((request, response) => {
  const video = new URL(request.url!, 'http://x').pathname.replace(/^.*\//, '');
  logins.push(request.headers.authorization);
  if (request.headers.authorization !== `Basic ${Buffer.from(`watcher:${login.password}`).toString('base64')}`) {
    response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
  } else if (video === 'moved') response.writeHead(302, { location: `${inside('http')}/clip.ts` }).end();
  else if (video === 'list.m3u8') {
    response.end(`#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n${inside('http')}/clip.ts\n#EXT-X-ENDLIST\n`);
  } else {
    const send = () => response.write(readFileSync(clip));
    const timer = setInterval(send, 500);
    send();
    response.once('close', () => clearInterval(timer));
  }
});
const logins: (string | undefined)[] = [];
const inside = (scheme: string) => `${scheme}://0.0.0.0:${(forbidden.address() as AddressInfo).port}`;

/** Plays the configured camera; and plays those of requests, which it also sends elsewhere. */
let door: RtspServer;
let rtsp: RtspServer;
let product: Awaited<ReturnType<typeof serveForTest>>;
const answers: string[] = [];

const post = async (id: string, input: object): Promise<number> => {
  const response = await fetch(`${product.serving.url}/api/v1/sources`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id, input }),
  });
  answers.push(await response.text());
  return response.status;
};
const rtspUrl = (user = userinfo) => rtsp.url().replace('rtsp://', `rtsp://${user}@`);
const httpUrl = (path: string) => `http://${userinfo}@127.0.0.1:${(http.address() as AddressInfo).port}/${path}`;

beforeAll(async () => {
  for (const name of ['http_proxy', 'no_proxy']) vi.stubEnv(name, '');
  vi.stubEnv('DOOR_PASSWORD', encodeURIComponent(login.password));
  forbidden.listen(0, '0.0.0.0');
  http.listen(0, '127.0.0.1');
  await Promise.all([once(forbidden, 'listening'), once(http, 'listening')]);
  const stream = { pictures: facePictures(240), fps: 15, login: { ...login, method: 'digest' } } as const;
  [door, rtsp] = [new RtspServer(stream), new RtspServer(stream)];
  await Promise.all([door.open(), rtsp.open()]);
  const url = door.url().replace('rtsp://', `rtsp://${userinfo}@`);
  product = await serveForTest(await configOf([{ id: 'door', type: 'rtsp', url }]));
});
afterAll(async () => {
  await product.close();
  await Promise.all([door.close(), rtsp.close()]);
  http.closeAllConnections();
  http.close();
  forbidden.close();
  folder.remove();
  vi.unstubAllEnvs();
  if (process.platform === 'linux') expect(childProcesses()).toEqual([]);
});

describe('cameras added by request lead to no address that is not allowed', () => {
  const leads = { reason: 'unusable', message: expect.stringMatching(/leads to an address that is not allowed$/) };

  test.each(['OPTIONS', 'DESCRIBE'])('a redirect of RTSP at %s', async (method) => {
    rtsp.moved = { method, location: `${inside('rtsp')}/live` };
    expect(await post('moved', { type: 'rtsp', url: rtspUrl() })).toBe(201);
    expect((await product.state('moved', 'failed', 0)).state.lastEnd).toMatchObject(leads);
    await remove('moved');
  });

  test.each(['SETUP', 'PLAY'])('a redirect of RTSP at %s', async (method) => {
    rtsp.moved = { method, location: `${inside('rtsp')}/live` };
    expect(await post(`late-${method.toLowerCase()}`, { type: 'rtsp', url: rtspUrl() })).toBe(201);
    const { state } = await product.state(`late-${method.toLowerCase()}`, 'failed', 0);
    expect(state.lastEnd).toMatchObject({
      reason: 'unusable',
      message: expect.stringContaining(
        `redirects to ${inside('rtsp')} in the middle of a session; use that address instead`,
      ),
    });
    await remove(`late-${method.toLowerCase()}`);
  });

  test('a description of RTSP that names a track elsewhere: it is asked of the camera itself', async () => {
    rtsp.moved = undefined;
    rtsp.control = `${inside('rtsp')}/live/track1`;
    expect(await post('tracks', { type: 'rtsp', url: rtspUrl() })).toBe(201);
    await product.face('tracks', 0);
    rtsp.control = 'track1';
    await remove('tracks');
  });

  test.each(['moved', 'list.m3u8'])('HTTP: %s', async (path) => {
    const id = path.replace('.', '-');
    expect(await post(`http-${id}`, { type: 'http', url: httpUrl(path) })).toBe(201);
    expect((await product.state(`http-${id}`, 'failed', 0)).state.lastEnd).toMatchObject(leads);
    await remove(`http-${id}`);
  });

  test.each([
    ['rtsp', 'rtsp://0.0.0.0:1/'],
    ['rtsp', 'rtsp://169.254.169.254/'],
    ['http', 'http://[::ffff:a9fe:a9fe]/'],
  ])('the address itself: %s %s', async (type, url) => {
    expect(await post('direct', { type, url: url.replace('//', `//${userinfo}@`) })).toBe(400);
    expect(answers.at(-1)).toContain('points to an address that is not allowed');
  });

  afterAll(() => expect(visits).toBe(0));

  async function remove(id: string): Promise<void> {
    await fetch(`${product.serving.url}/api/v1/sources/${id}`, { method: 'DELETE' });
  }
});

test('a fault of an address is told at once in one line, and nothing is tried', async () => {
  for (const [url, words] of [
    ['rtsp://watcher:Geheim/w@cam.example/live', /input\.url: .* has an '@' after the start of its path.*%2F/],
    ['rtsp://watcher:Geheim 7@cam.example/live', /input\.url: .* contains a space/],
    ['rtsp://watcher:Geheim@cam.example:70000/', /input\.url: .* has a port/],
  ] as const) {
    expect(await post('faulty', { type: 'rtsp', url })).toBe(400);
    expect(answers.at(-1)).toMatch(words);
    expect(answers.at(-1)).not.toContain('Geheim');
  }
});

test('no password in arguments, environments, logs, REST, metrics and messages', async () => {
  await post('yard', { type: 'http', url: `${httpUrl('live/clip.ts')}?token=Geheim8` });
  await post('locked', { type: 'rtsp', url: rtspUrl('watcher:Geheim9') });
  const from = product.messages.length;
  await product.state('locked', 'waiting', 0);
  await Promise.all([product.face('door', from), product.state('yard', 'running', 0)]);
  if (process.platform === 'linux') {
    const children = childProcesses().map((pid) => ({
      words: readFileSync(`/proc/${pid}/cmdline`, 'latin1'),
      environment: readFileSync(`/proc/${pid}/environ`, 'latin1'),
    }));
    expect(children.length).toBeGreaterThanOrEqual(2);
    expect(
      children.filter(({ words }) => /-i\0(rtsp|http):\/\/127\.0\.0\.1:\d+\//.test(words)).length,
    ).toBeGreaterThanOrEqual(2);
    expect(JSON.stringify(children)).not.toMatch(SECRET);
  }
  const pages = ['/api/v1/sources', '/api/v1/sources/door', '/api/v1/sources/yard', '/api/v1/sources/locked'];
  const texts = await Promise.all(
    [...pages, '/metrics', '/api/v1/info', '/api/v1/stats'].map(async (path) => {
      return (await fetch(product.serving.url + path)).text();
    }),
  );
  const told = [...texts, ...answers, ...product.log, JSON.stringify(product.messages)].join('\n');
  expect(told).toContain('rtsp://***@127.0.0.1');
  expect(told).toContain('unauthorised');
  expect(told).not.toMatch(SECRET);
  expect(logins).toContain(`Basic ${Buffer.from(`watcher:${login.password}`).toString('base64')}`);
});
