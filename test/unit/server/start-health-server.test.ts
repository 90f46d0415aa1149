import { afterEach, describe, expect, it } from 'vitest';
import type { Server } from '../../../src/server/server-options.js';
import { startHealthServer } from '../../../src/server/start-health-server.js';
import { rawRequest } from '../../support/raw-http.js';
import { recordingTelemetry } from '../../support/recording-telemetry.js';

const READ = 'reader-0123456789abcdef';
const PUSH = 'pusher-0123456789abcdef';
const TOKENS = [
  { token: READ, scopes: ['read'] },
  { token: PUSH, scopes: ['push'] },
] as const;
const METRICS = { contentType: 'text/plain; version=0.0.4; charset=utf-8', body: 'mien_up 1\n' };

describe('the server of a process without clients', () => {
  let server: Server | undefined;
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });
  async function start(more: Partial<Parameters<typeof startHealthServer>[0]> = {}): Promise<string> {
    server = await startHealthServer({
      telemetry: recordingTelemetry(),
      listen: { host: '127.0.0.1', port: 0 },
      tokens: [],
      metricsText: async () => METRICS,
      ready: () => true,
      ...more,
    });
    return server.url;
  }
  async function get(url: string, token?: string, init: RequestInit = {}): Promise<[number, string]> {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const response = await fetch(url, { ...init, headers });
    return [response.status, await response.text()];
  }

  it('lives, is ready when the process is, and has its numbers', async () => {
    let ready = false;
    const url = await start({ ready: () => ready });
    expect(await get(`${url}/healthz`)).toEqual([200, '{"status":"ok"}']);
    const [status, problem] = await get(`${url}/readyz`);
    expect([status, JSON.parse(problem)]).toMatchObject([503, { error: { code: 'NOT_READY' } }]);
    ready = true;
    expect(await get(`${url}/readyz?x=1`)).toEqual([200, '{"status":"ready"}']);
    expect(await get(`${url}/metrics`)).toEqual([200, METRICS.body]);
    expect(server!.clients).toBe(0);
  });

  it('says when to ask again while it is not ready', async () => {
    const url = await start({ ready: () => false });
    expect((await fetch(`${url}/readyz`)).headers.get('retry-after')).toBe('1');
  });

  it.each(['/', '/api/v1/sources', '/ws', '/dashboard', '/healthz/', '/metrics2'])(
    '%s is for a gateway',
    async (path) => {
      const url = await start();
      const [status, text] = await get(`${url}${path}`);
      expect([status, JSON.parse(text)]).toMatchObject([404, { error: { code: 'NOT_FOUND' } }]);
      expect(text).toContain('ask a gateway');
    },
  );

  it('switched-off metrics are not there, and it says how to switch them on', async () => {
    const url = await start({ metricsText: null });
    const [status, text] = await get(`${url}/metrics`);
    expect(status).toBe(404);
    expect(text).toContain('metrics.enabled');
  });

  it('nothing can be sent; HEAD is answered', async () => {
    const url = await start();
    const [status, text] = await get(`${url}/healthz`, undefined, { method: 'POST' });
    expect([status, JSON.parse(text)]).toMatchObject([405, { error: { code: 'METHOD_NOT_ALLOWED' } }]);
    expect(await get(`${url}/readyz`, undefined, { method: 'HEAD' })).toEqual([200, '']);
  });

  it('with tokens, everything but being alive is for those that may read', async () => {
    const url = await start({ tokens: TOKENS });
    const statuses = async (path: string) =>
      Promise.all(
        [undefined, 'unknown-0123456789abcdef', PUSH, READ].map(async (token) => (await get(url + path, token))[0]),
      );
    expect(await statuses('/healthz')).toEqual([200, 200, 200, 200]);
    expect(await statuses('/readyz')).toEqual([401, 401, 403, 200]);
    expect(await statuses('/metrics')).toEqual([401, 401, 403, 200]);
  });

  it('metrics tell of all cameras, and are refused to a token that is for some', async () => {
    const url = await start({ tokens: [{ token: READ, scopes: ['read'], cameras: ['door'] }] });
    expect((await get(`${url}/readyz`, READ))[0]).toBe(200);
    const [status, text] = await get(`${url}/metrics`, READ);
    expect([status, JSON.parse(text)]).toMatchObject([403, { error: { code: 'FORBIDDEN' } }]);
  });

  it('an open one answers to its own name only', async () => {
    const url = await start();
    const { status } = await rawRequest(
      url,
      'GET /metrics HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n',
    );
    expect(status).toBeGreaterThanOrEqual(400);
  });

  it('does not listen for other machines without tokens', async () => {
    await expect(start({ listen: { host: '0.0.0.0', port: 0 } })).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('a port that is taken is told; closing twice is closing', async () => {
    const url = await start();
    const port = Number(new URL(url).port);
    const taken = startHealthServer({
      telemetry: recordingTelemetry(),
      listen: { host: '127.0.0.1', port },
      tokens: [],
      metricsText: null,
      ready: () => true,
    });
    await expect(taken).rejects.toMatchObject({ code: 'LISTEN_FAILED' });
    await Promise.all([server!.close(), server!.close()]);
    await expect(fetch(url)).rejects.toThrow();
  });
});
