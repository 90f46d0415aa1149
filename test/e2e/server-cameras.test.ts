import { afterEach, expect, it } from 'vitest';
import { MAX_PUSHED_BYTES } from '../../src/domain/live.js';
import { encodeBinary } from '../../src/protocol/binary.js';
import { type FakeServer, startFakeServer } from '../support/fake-server.js';
import { RawClient } from '../support/raw-client.js';

let server: FakeServer | undefined;
afterEach(() => server?.close());

it('asks for the defaults with each camera of a request: a configuration that is read again counts', async () => {
  let maxSidePx = 640;
  server = await startFakeServer({
    cameraDefaults: () => ({ maxSidePx, maxFps: 5, minFacePx: 48, rotate: 0, decode: 'none' }),
  });
  const { system, url } = server;
  const add = (id: string) =>
    fetch(`${url}/api/v1/sources`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id, input: { type: 'push' } }),
    });
  expect((await add('a')).status).toBe(201);
  maxSidePx = 320;
  expect((await add('b')).status).toBe(201);
  expect(system.cameraConfig('a')).toMatchObject({ maxSidePx: 640, maxFps: 5, minFacePx: 48 });
  expect(system.cameraConfig('b')).toMatchObject({ maxSidePx: 320 });
});

it('takes a pushed picture of the limit, and none of a byte more', async () => {
  server = await startFakeServer();
  const client = await RawClient.welcomed(server.url);
  const picture = (bytes: number) => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(bytes - 3)]);
  const push = (bytes: number) => client.socket.send(encodeBinary({ type: 'push', source: 'nobody' }, picture(bytes)));
  push(MAX_PUSHED_BYTES);
  expect(await client.next('error', ({ code }) => code === 'CAMERA_UNKNOWN')).toBeDefined();
  push(MAX_PUSHED_BYTES + 1);
  expect(await client.next('error', ({ code }) => code === 'TOO_LARGE')).toBeDefined();
});
