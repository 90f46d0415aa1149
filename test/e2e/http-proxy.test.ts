import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect, createServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { type CameraAddress, parseCameraAddress } from '../../src/domain/camera-address.js';
import { openGuardedProxy } from '../../src/source/camera/http/guarded-proxy.js';
import { selfSigned } from '../support/self-signed.js';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

interface Rules {
  readonly url?: string;
  readonly refused?: readonly string[];
  readonly addresses?: (host: string) => Promise<readonly string[]>;
  readonly env?: Record<string, string>;
}

/** A proxy for one camera, and what comes back to some bytes, until the other end closes or a word is there. */
async function guarded({ url = 'http://cam.example/', refused = [], addresses, env = {} }: Rules) {
  const proxy = await openGuardedProxy({
    camera: parseCameraAddress(url, 'http') as CameraAddress,
    guard: { refuses: (ip) => refused.includes(ip), addresses: addresses ?? (async () => ['127.0.0.1']) },
    connectMs: 2_000,
    signal: new AbortController().signal,
    env,
  });
  closing.push(() => proxy.close());
  const at = new URL(proxy.environment.http_proxy!);
  const pass = `proxy-authorization: Basic ${Buffer.from(`${at.username}:${at.password}`).toString('base64')}\r\n`;
  const ask = (line: string, word: string, { headers = pass, body = '' } = {}) =>
    new Promise<string>((resolve) => {
      let text = '';
      const socket = connect(Number(at.port), at.hostname, () => socket.write(`${line}\r\n${headers}\r\n${body}`));
      closing.push(() => socket.destroy());
      socket.on('data', (data) => {
        text += String(data);
        if (text.includes(word)) resolve(text);
      });
      socket.on('error', () => undefined);
      socket.on('close', () => resolve(text));
    });
  return {
    proxy,
    ask,
    get: (address: string) => ask(`GET ${address} HTTP/1.1\r\nhost: x\r\nconnection: close`, 'never'),
  };
}

async function listening(server: ReturnType<typeof createServer>, host = '127.0.0.1'): Promise<number> {
  server.listen(0, host);
  await once(server, 'listening');
  closing.push(() => server.close());
  return (server.address() as AddressInfo).port;
}
const echo = () => listening(createServer((socket) => socket.on('error', () => undefined).pipe(socket)));

/** An HTTP server that notes what it is asked. */
async function camera(answer: RequestListener, { tls = false, host = '127.0.0.1' } = {}) {
  const asked: IncomingMessage[] = [];
  const listener: RequestListener = (request, response) => {
    asked.push(request);
    answer(request, response);
  };
  const port = await listening(tls ? createHttpsServer(selfSigned(), listener) : createHttpServer(listener), host);
  return { port, asked, logins: () => asked.map(({ headers }) => headers.authorization) };
}

describe('tunnels (https of others than the camera)', () => {
  test('to an allowed address carry bytes both ways, until the proxy closes', async () => {
    const port = await echo();
    const { proxy, ask } = await guarded({});
    const connected = await ask(`CONNECT 127.0.0.1:${port} HTTP/1.1`, 'ping', { body: 'ping' });
    expect(connected).toBe('HTTP/1.1 200 OK\r\n\r\nping');
    expect(proxy.problem).toBeNull();
    const cut = ask(`CONNECT 127.0.0.1:${port} HTTP/1.1`, 'never');
    await ask(`CONNECT 127.0.0.1:${port} HTTP/1.1`, 'ping', { body: 'ping' });
    proxy.close();
    expect(await cut).toContain('200 OK');
  });

  test.each([
    ['an address', '127.0.0.1'],
    ['a name that stands for it', 'localhost'],
    ['its IPv6 spelling', '[::ffff:127.0.0.1]'],
  ])('refused, as are plain requests: %s', async (_, host) => {
    let connections = 0;
    const port = await listening(
      createServer((socket) => {
        connections++;
        socket.destroy();
      }),
    );
    const { proxy, ask, get } = await guarded({ refused: ['127.0.0.1', '::1', '::ffff:7f00:1'] });
    expect(await ask(`CONNECT ${host}:${port} HTTP/1.1`, 'ping', { body: 'ping' })).not.toContain('200 OK');
    expect(proxy.problem).toMatchObject({ reason: 'unusable' });
    expect(await get(`http://${host}:${port}/`)).toContain('403');
    expect(connections).toBe(0);
  });
});

test.each(['GET / HTTP/1.1', 'GET file:///etc/passwd HTTP/1.1', 'GET https://127.0.0.1/ HTTP/1.1'])(
  'nothing but a proxy: %s',
  async (line) => {
    const { ask } = await guarded({});
    expect(await ask(`${line}\r\nhost: 127.0.0.1`, '\r\n\r\n')).toContain('400');
  },
);

test('nobody but who knows its password, which no argument shows, is served', async () => {
  const source = await camera((_, response) => response.end('video'));
  const url = `http://op:pw@127.0.0.1:${source.port}/live`;
  const { proxy, ask } = await guarded({ url });
  for (const headers of ['', 'proxy-authorization: Basic bWllbjp4\r\n']) {
    expect(await ask(`GET ${proxy.url} HTTP/1.1\r\nhost: x`, '\r\n\r\n', { headers })).toMatch(
      /407[\s\S]*Basic realm/i,
    );
    expect(await ask(`CONNECT 127.0.0.1:${source.port} HTTP/1.1`, '\r\n\r\n', { headers })).toContain('407');
  }
  expect(source.asked).toEqual([]);
});

describe('the login of the camera', () => {
  const challenge = 'Digest realm="r", nonce="n1", qop="auth"';

  test.each([false, true])('is added to what is asked of the camera, and of nobody else (TLS: %s)', async (tls) => {
    const other = await camera((_, response) => response.end('segment'));
    const source = await camera(
      ({ headers, url }, response) => {
        if (headers.authorization === undefined) response.writeHead(401, { 'www-authenticate': challenge }).end();
        else if (url === '/a/moved') {
          response.writeHead(302, { location: `http${tls ? 's' : ''}://127.0.0.1:${source.port}/there` }).end();
        } else response.end(`video of ${url}`);
      },
      { tls },
    );
    const { proxy, get } = await guarded({
      url: `http${tls ? 's' : ''}://op:hunter2@127.0.0.1:${source.port}/a/live?token=t`,
    });
    expect(proxy.url).not.toMatch(/op|hunter2|token|live/);
    expect(await get(proxy.url)).toContain('video of /a/live?token=t');
    const moved = await get(new URL('moved', proxy.url).href);
    const location = /location: (\S+)/i.exec(moved)![1]!;
    expect(await get(location)).toContain('video of /there');
    expect(await get(`http://127.0.0.1:${other.port}/segment.ts`)).toContain('segment');
    expect(source.logins().map((login) => /^Digest username="op".*nc=0+(\d)/.exec(login ?? '')?.[1])).toEqual([
      undefined,
      '1',
      '2',
      '3',
    ]);
    expect(other.logins()).toEqual([undefined]);
    expect([...source.asked, ...other.asked].map(({ headers }) => headers['proxy-authorization'])).toEqual(
      Array(5).fill(undefined),
    );
  });

  test('reaches absolute https addresses of its own playlist', async () => {
    const own = (): string => `https://127.0.0.1:${source.port}`;
    const source = await camera(
      ({ headers, url }, response) => {
        if (headers.authorization === undefined) {
          response.writeHead(401, { 'www-authenticate': 'Basic realm="r"' }).end();
        } else if (url === '/live.m3u8') {
          const lines = [
            `#EXT-X-KEY:METHOD=AES-128,URI="${own()}/key"`,
            `${own()}/a.ts?x=1`,
            'https://other.example/b.ts',
          ];
          const text = lines.join('\n');
          const headers = {
            'content-type': 'application/vnd.apple.mpegurl',
            'content-range': `bytes 0-${text.length - 1}/${text.length}`,
          };
          response.writeHead(206, headers).write(text.slice(0, 50));
          response.end(text.slice(50));
        } else response.end(`segment ${url} of ${own()}`);
      },
      { tls: true },
    );
    const { proxy, get } = await guarded({ url: `https://op:pw@127.0.0.1:${source.port}/live.m3u8` });
    const playlist = await get(proxy.url);
    expect(playlist).toMatch(/^HTTP\/1.1 200 /);
    expect(playlist).not.toMatch(/content-(range|length)/i);
    const seen = `http://127.0.0.1:${source.port}`;
    expect(playlist).toContain(`URI="${seen}/key"`);
    expect(playlist).toContain('https://other.example/b.ts');
    const segment = /^http:\S+a\.ts\S+/m.exec(playlist)![0];
    expect(await get(segment)).toContain(`segment /a.ts?x=1 of ${own()}`);
  });

  test('refused: it is sent once, and 401 is the answer', async () => {
    const source = await camera((_, response) =>
      response.writeHead(401, { 'www-authenticate': 'Basic realm="r"' }).end(),
    );
    const { proxy, get } = await guarded({ url: `http://op:wrong@127.0.0.1:${source.port}/` });
    expect(await get(proxy.url)).toContain('401');
    expect(source.logins()).toEqual([undefined, 'Basic b3A6d3Jvbmc=']);
    await get(proxy.url);
    expect(source.logins().slice(2)).toEqual(['Basic b3A6d3Jvbmc=']);
  });
});

describe('a proxy of the environment', () => {
  test('is asked for plain addresses; tunnels and TLS go through it', async () => {
    const secure = await camera((_, response) => response.end('secret video'), { tls: true });
    const middle = createHttpServer((request, response) => response.end(`asked for ${request.url}`));
    const connects: string[] = [];
    middle.on('connect', (request, client) => {
      connects.push(`${request.url} ${request.headers['proxy-authorization']}`);
      const onward = connect(secure.port, '127.0.0.1', () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n');
        onward.pipe(client).pipe(onward);
      });
      for (const socket of [client, onward]) socket.on('error', () => socket.destroy());
    });
    const env = { http_proxy: `http://u:p@127.0.0.1:${await listening(middle)}` };
    const plain = await guarded({ url: 'http://cam.example/live?x=1', env });
    expect(await plain.get(plain.proxy.url)).toContain('asked for http://cam.example/live?x=1');
    const tls = await guarded({ url: 'https://cam.example/live', env });
    expect(await tls.get(tls.proxy.url)).toContain('secret video');
    expect(connects).toEqual(['cam.example:443 Basic dTpw']);
    const refused = await guarded({ url: 'http://cam.example/', env, refused: ['169.254.169.254'] });
    expect(await refused.get('http://169.254.169.254/')).toContain('403');
  });
});
