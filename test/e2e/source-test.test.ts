import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { childProcesses } from '../support/child-processes.js';
import { RtspServer } from '../support/rtsp-server.js';
import { configOf, facePictures, serveForTest } from '../support/serve-fixture.js';

const login = { user: 'watcher', password: 'hunter2' };
const SECRET = /watcher|hunter2/;

let rtsp: RtspServer;
let product: Awaited<ReturnType<typeof serveForTest>>;

beforeAll(async () => {
  for (const name of ['http_proxy', 'no_proxy']) vi.stubEnv(name, '');
  rtsp = new RtspServer({ pictures: facePictures(320), fps: 15, login: { ...login, method: 'digest' } });
  await rtsp.open();
  product = await serveForTest(await configOf([]));
});
afterAll(async () => {
  await product.close();
  await rtsp.close();
});

interface Tested {
  readonly stream: { readonly widthPx: number; readonly heightPx: number; readonly codec: string } | null;
  readonly fps: number | null;
  readonly end: { readonly reason: string; readonly message: string } | null;
  readonly picture: string;
  readonly jpeg: string | null;
}

async function ask(input: object, query = ''): Promise<{ status: number; text: string; tested: Tested }> {
  const response = await fetch(`${product.serving.url}/api/v1/source-test${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id: 'door', input }),
  });
  const text = await response.text();
  return { status: response.status, text, tested: JSON.parse(text) as Tested };
}
const urlAs = (userinfo: string): string => rtsp.url().replace('rtsp://', `rtsp://${userinfo}@`);

describe('a camera that is tried before it is added', () => {
  test('answers its size, codec, rate and a picture, and leaves nothing running', async () => {
    const before = childProcesses().length;
    const { status, tested } = await ask({ type: 'rtsp', url: urlAs('watcher:hunter2') });
    expect(status).toBe(200);
    expect(tested).toMatchObject({ stream: { widthPx: 320, codec: 'h264' }, end: null, picture: 'shown' });
    expect(tested.fps).toBeGreaterThan(10);
    expect(tested.fps).toBeLessThan(16);
    expect(await sharp(Buffer.from(tested.jpeg!, 'base64')).metadata()).toMatchObject({ format: 'jpeg', width: 320 });
    expect(childProcesses().length).toBe(before);
    expect(await (await fetch(`${product.serving.url}/api/v1/sources`)).json()).toEqual({ sources: [] });
  });

  test('answers a wrong password and a closed port as what they are, without the login', async () => {
    const wrong = await ask({ type: 'rtsp', url: urlAs('watcher:hunter3') });
    expect(wrong.tested).toMatchObject({ stream: null, end: { reason: 'unauthorised' }, picture: 'none', jpeg: null });
    expect(wrong.text).not.toMatch(/watcher|hunter/);
    const away = await ask({ type: 'rtsp', url: 'rtsp://watcher:hunter2@127.0.0.1:9/live' });
    expect(away.tested).toMatchObject({ end: { reason: 'unreachable' } });
    expect(away.text).not.toMatch(SECRET);
  });

  test('refuses what could not be added', async () => {
    const metadata = await ask({ type: 'http', url: 'http://169.254.169.254/latest' });
    expect([metadata.status, metadata.text]).toEqual([400, expect.stringContaining('CONFIG_INVALID')]);
    expect((await ask({ type: 'file', path: '/etc/passwd' })).status).toBe(400);
    expect((await ask({ type: 'push' })).status).toBe(400);
  });
});
