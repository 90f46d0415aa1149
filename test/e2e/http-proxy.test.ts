import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { openGuardedProxy } from '../../src/source/live/guarded-proxy.js';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function guarded(refused: readonly string[]) {
  const echo = createServer((socket) => socket.on('error', () => undefined).pipe(socket));
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  const proxy = await openGuardedProxy((ip) => refused.includes(ip));
  closing.push(proxy.close, () => echo.close());
  const { port } = echo.address() as AddressInfo;
  /** What comes back to some bytes, until the other end closes or a word is there. */
  const ask = (bytes: string, word: string) =>
    new Promise<string>((resolve) => {
      let text = '';
      const socket = connect(Number(new URL(proxy.url).port), '127.0.0.1', () => socket.write(bytes));
      closing.push(() => socket.destroy());
      socket.on('data', (data) => {
        text += String(data);
        if (text.includes(word)) resolve(text);
      });
      socket.on('error', () => undefined);
      socket.on('close', () => resolve(text));
    });
  return { proxy, port, ask };
}

describe('the proxy that cameras added by request are held to', () => {
  test('a tunnel (https) to an allowed address carries bytes both ways', async () => {
    const { proxy, port, ask } = await guarded([]);
    expect(await ask(`CONNECT 127.0.0.1:${port} HTTP/1.1\r\n\r\nping`, 'ping')).toBe('HTTP/1.1 200 OK\r\n\r\nping');
    expect(proxy.refused).toBe(false);
  });

  test.each([
    ['an address', '127.0.0.1'],
    ['a name that stands for it', 'localhost'],
    ['its IPv6 spelling', '[::ffff:127.0.0.1]'],
  ])('refused: %s', async (_, host) => {
    const { proxy, port, ask } = await guarded(['127.0.0.1', '::1', '::ffff:7f00:1']);
    expect(await ask(`CONNECT ${host}:${port} HTTP/1.1\r\n\r\nping`, 'ping')).not.toContain('200 OK');
    expect(proxy.refused).toBe(true);
    expect(await ask(`GET http://${host}:${port}/ HTTP/1.1\r\nhost: x\r\n\r\n`, '\r\n\r\n')).toContain('403');
  });

  test.each(['GET / HTTP/1.1', 'GET file:///etc/passwd HTTP/1.1', 'GET https://127.0.0.1/ HTTP/1.1'])(
    'nothing but a proxy: %s',
    async (line) => {
      const { ask } = await guarded([]);
      expect(await ask(`${line}\r\nhost: 127.0.0.1\r\n\r\n`, '\r\n\r\n')).toContain('400');
    },
  );

  test('close cuts a tunnel', async () => {
    const { proxy, port, ask } = await guarded([]);
    const cut = ask(`CONNECT 127.0.0.1:${port} HTTP/1.1\r\n\r\n`, 'never');
    await ask(`CONNECT 127.0.0.1:${port} HTTP/1.1\r\n\r\nping`, 'ping');
    proxy.close();
    expect(await cut).toContain('200 OK');
  });
});
