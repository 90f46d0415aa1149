import { lookup as systemLookup } from 'node:dns';
import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, isIP, type LookupFunction, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** A proxy for one connection of a camera. */
export interface GuardedProxy {
  /** For ffmpeg's `-http_proxy`. */
  readonly url: string;
  /** Something was asked of an address that is refused. */
  readonly refused: boolean;
  /** Cuts what goes on. Idempotent. */
  close(): void;
}

/**
 * An HTTP proxy (RFC 9110, 3.7 and 9.3.6) on loopback that connects to allowed IP addresses only: redirects, playlists and names
 * that ffmpeg follows by itself are held to the same rule as the address of the camera. It looks names up once and connects
 * to just what it checked. Rejects with the system's error when it cannot listen.
 */
export async function openGuardedProxy(refuses: (ip: string) => boolean): Promise<GuardedProxy> {
  let refused = false;
  const sockets = new Set<Duplex>();
  const track = <S extends Duplex>(socket: S): S => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    return socket;
  };
  const lookup: LookupFunction = (host, options, done) =>
    systemLookup(host, { ...options, all: true }, (error, found) => {
      if (error) return done(error, '');
      if (found.some(({ address }) => refuses(address))) {
        refused = true;
        return done(new Error('refused'), '');
      }
      if (options.all) return done(null, found);
      return done(null, found[0]!.address, found[0]!.family);
    });
  /** An address written as numbers is not looked up. */
  const allowed = (host: string): boolean => {
    if (isIP(host) === 0 || !refuses(host)) return true;
    refused = true;
    return false;
  };

  const forward = (asked: IncomingMessage, answer: ServerResponse): void => {
    const target = URL.canParse(asked.url ?? '') ? new URL(asked.url!) : null;
    if (target?.protocol !== 'http:') return void answer.writeHead(400).end();
    const host = bare(target.hostname);
    if (!allowed(host)) return void answer.writeHead(403).end();
    const onward = httpRequest(
      {
        host,
        port: target.port || 80,
        path: target.pathname + target.search,
        method: asked.method,
        headers: { ...asked.headers, connection: 'close' },
        lookup,
        agent: false,
      },
      (reply) => {
        answer.writeHead(reply.statusCode ?? 502, { ...reply.headers, connection: 'close' });
        reply.pipe(answer);
        reply.once('error', () => answer.destroy());
      },
    );
    onward.on('error', () => (answer.headersSent ? answer.destroy() : answer.writeHead(refused ? 403 : 502).end()));
    answer.once('close', () => onward.destroy());
    onward.end();
  };

  const tunnel = (asked: IncomingMessage, client: Duplex, first: Buffer): void => {
    const target = URL.canParse(`http://${asked.url}`) ? new URL(`http://${asked.url}`) : null;
    const host = bare(target?.hostname ?? '');
    if (host === '' || !allowed(host)) return void client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    const onward: Socket = track(connect({ host, port: Number(target!.port || 80), lookup }));
    onward.once('connect', () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.write(first);
      onward.pipe(client).pipe(onward);
    });
    onward.once('close', () => client.destroy());
    client.once('close', () => onward.destroy());
  };

  const server = createServer(forward);
  server.on('connection', track);
  server.on('connect', tunnel);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get refused() {
      return refused;
    },
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

const bare = (hostname: string): string => hostname.replace(/^\[|\]$/g, '');
