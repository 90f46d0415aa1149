import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import { type CameraAddress, parseCameraAddress } from '../../src/domain/camera-address.js';
import type { Mediator } from '../../src/source/camera/mediator.js';
import { openRtspRelay } from '../../src/source/camera/rtsp/rtsp-relay.js';
import { selfSigned } from '../support/self-signed.js';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A camera that answers each request as it is told; it counts its connections and keeps what it hears. */
async function camera(
  answer: (request: string) => string | Buffer = ok,
  options: { tls?: boolean; host?: string } = {},
) {
  const sockets: Socket[] = [];
  let heard = '';
  const serve = (socket: Socket) => {
    sockets.push(socket);
    closing.push(() => socket.destroy());
    socket.on('error', () => undefined);
    let unread = '';
    socket.on('data', (bytes) => {
      heard += bytes.toString('latin1');
      unread += bytes.toString('latin1');
      const request = /[A-Z_]+ \S+ RTSP\/1\.0\r\n[\s\S]*?\r\n\r\n/.exec(unread)?.[0];
      if (request === undefined) return;
      unread = '';
      socket.write(answer(request));
    });
  };
  const server: Server = options.tls ? createTlsServer(selfSigned(), serve) : createServer(serve);
  server.listen(0, options.host ?? '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `rtsp${options.tls ? 's' : ''}://${options.host ?? '127.0.0.1'}:${port}/live`,
    sockets,
    get heard() {
      return heard;
    },
  };
}

const cseqOf = (request: string) => /CSeq: (\d+)/.exec(request)![1];
function ok(request: string): string {
  return `RTSP/1.0 200 OK\r\nCSeq: ${cseqOf(request)}\r\n\r\n`;
}
const movedTo = (url: () => string) => (request: string) =>
  `RTSP/1.0 302 Found\r\nCSeq: ${cseqOf(request)}\r\nLocation: ${url()}\r\n\r\n`;

interface Rules {
  readonly refused?: readonly string[];
  readonly addresses?: (host: string) => Promise<readonly string[]>;
}

async function relayTo(url: string, { refused = [], addresses = async () => [] }: Rules = {}) {
  const relay = await openRtspRelay({
    camera: parseCameraAddress(url, 'rtsp') as CameraAddress,
    guard: { refuses: (ip) => refused.includes(ip), addresses },
    connectMs: 2_000,
    signal: new AbortController().signal,
  });
  if (!('ok' in relay)) closing.push(() => relay.close());
  return relay;
}

async function player(relay: Mediator) {
  const socket = connect(Number(new URL(relay.url).port), '127.0.0.1');
  closing.push(() => socket.destroy());
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  const closed = once(socket, 'close');
  /** Sends a request; resolves to what comes back first, '' when the relay hangs up. */
  const ask = async (method: string): Promise<string> => {
    socket.write(`${method} ${relay.url} RTSP/1.0\r\nCSeq: 1\r\n\r\n`);
    const [bytes] = await Promise.race([once(socket, 'data'), closed.then(() => [''])]);
    return String(bytes);
  };
  return { socket, ask, closed };
}

const open = async (url: string, rules?: Rules) => {
  const relay = await relayTo(url, rules);
  if ('ok' in relay) throw new Error(relay.problem);
  return relay;
};

describe('media', () => {
  const packet = (size: number, seed: number) => {
    const payload = Buffer.alloc(size, 0).map((_, at) => (at * 31 + seed * 7) & 255);
    return Buffer.concat([Buffer.from([0x24, seed & 3, size >> 8, size & 255]), payload]);
  };

  test('comes byte for byte, and while nobody reads it the camera has to wait', async () => {
    const source = await camera();
    const { socket, ask } = await player(await open(source.url));
    await ask('PLAY');
    socket.pause();
    const sent = Buffer.concat(Array.from({ length: 2_000 }, (_, at) => packet(1_400 + (at % 3), at)));
    const [camSocket] = source.sockets;
    // More than loopback and relay hold: some of every round must be left with the camera.
    let bytes = 0;
    while (camSocket!.write(sent) || camSocket!.writableLength < 3 * sent.length) bytes += sent.length;
    bytes += sent.length;
    expect(camSocket!.writableLength).toBeGreaterThan(0);
    let got = 0;
    let same = true;
    socket.on('data', (chunk) => {
      for (let at = 0; at < chunk.length; ) {
        const from = (got + at) % sent.length;
        const length = Math.min(chunk.length - at, sent.length - from);
        same &&= chunk.subarray(at, at + length).equals(sent.subarray(from, from + length));
        at += length;
      }
      got += chunk.length;
      if (got === bytes) socket.end();
    });
    socket.resume();
    await once(socket, 'close');
    expect({ got, same }).toEqual({ got: bytes, same: true });
  });

  test('reports of the player reach the camera', async () => {
    const source = await camera();
    const { socket, ask } = await player(await open(source.url));
    socket.write(packet(60, 1));
    await ask('GET_PARAMETER');
    expect(source.heard.startsWith(packet(60, 1).toString('latin1'))).toBe(true);
  });

  test('the end of the camera is the end for the player, after what was sent', async () => {
    const source = await camera();
    const { socket, ask, closed } = await player(await open(source.url));
    await ask('PLAY');
    let got = 0;
    socket.on('data', (chunk) => {
      got += chunk.length;
    });
    source.sockets[0]!.end(packet(50_000, 1));
    await closed;
    expect(got).toBe(50_004);
  });
});

describe('who may talk to it', () => {
  test('one player; the end of either is the end of the other', async () => {
    const source = await camera();
    const relay = await open(source.url);
    const first = await player(relay);
    expect(await first.ask('OPTIONS')).toContain('200 OK');
    const second = connect(Number(new URL(relay.url).port), '127.0.0.1');
    const [error] = await once(second, 'error');
    expect(error).toMatchObject({ code: 'ECONNREFUSED' });
    const gone = once(source.sockets[0]!, 'close');
    first.socket.destroy();
    await gone;
  });

  test('rtsps: TLS is between the relay and the camera', async () => {
    const source = await camera(ok, { tls: true });
    const { ask } = await player(await open(source.url));
    expect(await ask('OPTIONS')).toContain('200 OK');
    expect(source.heard).toContain(`OPTIONS rtsps://127.0.0.1:${source.port}/live RTSP/1.0`);
    const plain = await camera();
    expect(await relayTo(plain.url.replace('rtsp:', 'rtsps:'))).toMatchObject({ ok: false, reason: 'unreachable' });
  });
});

// Other addresses of loopback than 127.0.0.1 exist on Linux without further ado.
describe.runIf(process.platform === 'linux')('no connection to a refused address', () => {
  const rules = { refused: ['127.0.0.2'] };
  const refusal = { ok: false, reason: 'unusable', problem: 'points to an address that is not allowed' };

  test('as the address, or as one of those a name has', async () => {
    const inside = await camera(ok, { host: '127.0.0.2' });
    const outside = await camera();
    expect(await relayTo(inside.url, rules)).toMatchObject(refusal);
    for (const found of [['127.0.0.2'], ['127.0.0.1', '127.0.0.2']]) {
      const url = `rtsp://cam.example:${outside.port}/live`;
      expect(await relayTo(url, { ...rules, addresses: async () => found })).toMatchObject(refusal);
    }
    expect([inside.sockets.length, outside.sockets.length]).toEqual([0, 0]);
  });

  test('a name that is made to point elsewhere after it was checked', async () => {
    const inside = await camera(ok, { host: '127.0.0.2' });
    const answers = [['127.0.0.1'], ['127.0.0.2']];
    const asked: string[] = [];
    const relay = await relayTo(`rtsp://cam.example:${inside.port}/live`, {
      ...rules,
      addresses: async (host) => {
        asked.push(host);
        return answers.shift() ?? [];
      },
    });
    expect(relay).toMatchObject({ ok: false, reason: 'unreachable', problem: 'connection refused' });
    expect(asked).toEqual(['cam.example']);
    expect(inside.sockets).toEqual([]);
  });

  test.each(['OPTIONS', 'DESCRIBE', 'SETUP', 'PLAY'])('redirects: %s', async (method) => {
    const inside = await camera(ok, { host: '127.0.0.2' });
    const source = await camera(movedTo(() => inside.url));
    const relay = await open(source.url, rules);
    const { ask } = await player(relay);
    expect(await ask(method)).toBe('');
    expect(relay.problem).toMatchObject({
      reason: 'unusable',
      problem: expect.stringMatching(/not allowed|in the middle/),
    });
    expect(inside.sockets).toEqual([]);
  });

  test('redirects to a name are looked up and checked; allowed ones are followed', async () => {
    const next = await camera();
    const source = await camera(movedTo(() => `rtsp://next.example:${next.port}/other`));
    const ofName = (ip: string) => ({ ...rules, addresses: async () => [ip] });
    const followed = await player(await open(source.url, ofName('127.0.0.1')));
    expect(await followed.ask('DESCRIBE')).toContain('200 OK');
    expect(next.heard).toContain(`DESCRIBE rtsp://next.example:${next.port}/other RTSP/1.0`);
    const relay = await open(source.url, ofName('127.0.0.2'));
    expect(await (await player(relay)).ask('DESCRIBE')).toBe('');
    expect(relay.problem).toMatchObject({ reason: 'unusable', problem: 'leads to an address that is not allowed' });
    expect(next.sockets).toHaveLength(1);
  });

  test('a redirect to where nobody is', async () => {
    const source = await camera(movedTo(() => 'rtsp://127.0.0.1:1/live'));
    const relay = await open(source.url, rules);
    expect(await (await player(relay)).ask('OPTIONS')).toBe('');
    expect(relay.problem).toEqual({ reason: 'unreachable', problem: 'redirects to 127.0.0.1: connection refused' });
  });
});
