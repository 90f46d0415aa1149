import { afterEach, describe, expect, it } from 'vitest';
import type { CameraTest } from '../../src/domain/camera-test.js';
import { sourceDefaults, sourceTest } from '../../src/protocol/rest.js';
import type { CameraFile, ServerOptions } from '../../src/server/server-options.js';
import { createFakeLiveSystem } from '../support/fake-live-system.js';
import { type FakeServer, startFakeServer } from '../support/fake-server.js';

const ADMIN = 'admin-00123456789abcdef';
const READ = 'reader-0123456789abcdef';
const YARD = 'yard-000123456789abcdef';
const TOKENS = [
  { token: READ, scopes: ['read'] },
  { token: ADMIN, scopes: ['read', 'admin'] },
  { token: YARD, scopes: ['read', 'admin'], cameras: ['yard', 'shed'] },
] as const;
const HALL = { id: 'hall', input: { type: 'rtsp', url: 'rtsp://u:p@cam.test/hall' } };

let server: FakeServer | undefined;
afterEach(async () => server?.close());

async function start(options: Partial<ServerOptions> & Parameters<typeof startFakeServer>[0] = {}) {
  server = await startFakeServer({ tokens: TOKENS, ...options });
  const { url } = server;
  return async (method: string, path: string, body?: object, more: { token?: string; signal?: AbortSignal } = {}) => {
    const { token = ADMIN, signal = null } = more;
    const response = await fetch(`${url}/api/v1/${path}`, {
      method,
      signal,
      headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
  };
}

/** A system whose tests end when they are told to. */
function heldSystem() {
  const running: { readonly signal: AbortSignal; readonly finish: (tested: Partial<CameraTest>) => void }[] = [];
  const system = Object.assign(createFakeLiveSystem(), {
    testCamera: (_: object, { signal }: { readonly signal: AbortSignal }) =>
      new Promise<CameraTest>((resolve) => {
        const none = { stream: null, firstPictureMs: null, fps: null, damaged: 0, end: null, picture: 'none' } as const;
        const finish = (tested: Partial<CameraTest>) => resolve({ ...none, jpeg: null, ...tested });
        signal.addEventListener('abort', () => finish({}));
        running.push({ signal, finish });
      }),
  });
  return { system, running };
}

describe('a camera that is tried', () => {
  it('answers what came of it, with the picture as base64, and adds nothing', async () => {
    const { system, running } = heldSystem();
    const ask = await start({ system });
    const answer = ask('POST', 'source-test', HALL);
    await expect.poll(() => running.length).toBe(1);
    running[0]!.finish({
      jpeg: new Uint8Array([1, 2, 3]),
      picture: 'shown',
      end: { reason: 'ended', message: 'over' },
    });
    const { status, body } = await answer;
    expect(status).toBe(200);
    expect(sourceTest.parse(body)).toMatchObject({ jpeg: 'AQID', picture: 'shown', end: { reason: 'ended' } });
    expect(system.cameras().map(({ id }) => id)).not.toContain('hall');
  });

  it('waits for no other: one at a time, and not often', async () => {
    const { system, running } = heldSystem();
    const ask = await start({ system, limits: { testsPerSecond: 0.001, testBurst: 2 } });
    const first = ask('POST', 'source-test', HALL);
    await expect.poll(() => running.length).toBe(1);
    const busy = await ask('POST', 'source-test', HALL);
    expect([busy.status, busy.body.error.code, busy.headers.get('retry-after')]).toEqual([429, 'RATE_LIMITED', '5']);
    running[0]!.finish({});
    await first;
    const second = ask('POST', 'source-test', HALL);
    await expect.poll(() => running.length).toBe(2);
    running[1]!.finish({});
    await second;
    const often = await ask('POST', 'source-test', HALL);
    expect([often.status, often.body.error.message]).toEqual([
      429,
      expect.stringMatching(/tested often: try again in \d+ s/),
    ]);
  });

  it('is closed when whoever asked is gone, and the next may come', async () => {
    const { system, running } = heldSystem();
    const ask = await start({ system });
    const gone = new AbortController();
    const answer = ask('POST', 'source-test', HALL, { signal: gone.signal }).catch(() => 'gone');
    await expect.poll(() => running.length).toBe(1);
    gone.abort();
    await answer;
    await expect.poll(() => running[0]!.signal.aborted).toBe(true);
    const next = ask('POST', 'source-test', HALL);
    await expect.poll(() => running.length).toBe(2);
    running[1]!.finish({});
    expect((await next).status).toBe(200);
  });

  it('needs admin, a whole camera, and for a token of some cameras one of those', async () => {
    const ask = await start();
    expect((await ask('POST', 'source-test', HALL, { token: READ })).status).toBe(403);
    expect((await ask('POST', 'source-test', HALL, { token: YARD })).body.error.message).toBe(
      'this token is for some cameras, and "hall" is none of them',
    );
    expect((await ask('POST', 'source-test', { ...HALL, id: 'shed' }, { token: YARD })).status).toBe(200);
    expect((await ask('POST', 'source-test', { id: 'hall' })).status).toBe(400);
  });
});

describe('refusals', () => {
  it('name each field that is wrong', async () => {
    const ask = await start();
    const { body } = await ask('POST', 'sources', { id: 'A', input: { type: 'rtsp', url: 'rtsp://' }, maxFps: 0 });
    expect(body.error).toMatchObject({
      code: 'BAD_REQUEST',
      fields: [
        { key: 'id', text: expect.stringMatching(/^expected 1 to 64 of a-z/) },
        { key: 'input.url', text: expect.stringMatching(/host/) },
        { key: 'maxFps', text: expect.stringMatching(/^expected a number from 0.1 to 240/) },
      ],
    });
    expect((await ask('GET', 'sources/nobody')).body.error).not.toHaveProperty('fields');
  });
});

describe('cameras kept in the configuration file', () => {
  /** A file that takes everything, and says what it was told. */
  function filed(more: Partial<CameraFile> = {}) {
    const told: string[] = [];
    const cameraFile: CameraFile = {
      lasting: false,
      unsavable: async () => null,
      unsaved: (id) => (told.includes(`save ${id}`) ? null : 'not yet'),
      save: async (id) => {
        told.push(`save ${id}`);
        return { unsaved: null, variables: ['CAMERA_HALL_SECRET'] };
      },
      remove: async (id) => {
        told.push(`remove ${id}`);
        return null;
      },
      ...more,
    };
    return { told, cameraFile };
  }

  it('are those that are asked to be; the others last until mien stops, and say so', async () => {
    const { told, cameraFile } = filed();
    const ask = await start({ cameraFile });
    expect((await ask('POST', 'sources', { ...HALL, id: 'attic' })).body).toMatchObject({
      unsaved: 'not yet',
      variables: [],
    });
    expect(told).toEqual([]);
    const saved = { unsaved: null, variables: ['CAMERA_HALL_SECRET'] };
    expect((await ask('POST', 'sources?save=1', HALL)).body).toMatchObject({ state: { id: 'hall' }, ...saved });
    const { id: _, ...change } = HALL;
    expect((await ask('PUT', 'sources/hall?save=1', { ...change, name: 'Hall' })).body).toMatchObject(saved);
    expect((await ask('GET', 'sources/hall')).body).toMatchObject({ config: { name: 'Hall' }, unsaved: null });
    expect(await ask('DELETE', 'sources/hall?save=1')).toMatchObject({ status: 200, body: { unsaved: null } });
    expect(await ask('DELETE', 'sources/attic')).toMatchObject({ status: 204, body: null });
    expect(told).toEqual(['save hall', 'save hall', 'remove hall']);
  });

  it('are in force also where the file cannot be written', async () => {
    const why = 'the configuration file cannot be written (EROFS)';
    const { cameraFile } = filed({ save: async () => ({ unsaved: why, variables: [] }) });
    const ask = await start({ cameraFile });
    const { status, body } = await ask('POST', 'sources?save=1', HALL);
    expect([status, body.unsaved, body.state.id]).toEqual([201, why, 'hall']);
  });

  it('are told beforehand to be possible, with what they get when they do not say', async () => {
    const ask = await start();
    const { body } = await ask('GET', 'source-defaults', undefined, { token: READ });
    expect(sourceDefaults.parse(body)).toEqual({
      defaults: { maxSidePx: 1280, maxFps: null, minFacePx: 24, rotate: 0, decode: 'auto' },
      unsavable: 'mien was started without --config',
      lasting: false,
    });
  });
});
