import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { authorityOf, type CameraAddress } from '../../../domain/camera-address.js';
import { CameraLogin } from '../camera-login.js';
import { type AddressGuard, type Connected, NOT_ALLOWED } from '../guarded-connect.js';
import type { Mediator } from '../mediator.js';
import { connectOnward } from './connect-onward.js';
import { environmentProxy } from './environment-proxy.js';
import { isPlaylist, rewriteAddresses, withoutLength } from './playlist.js';
import { type Onward, StandIn } from './stand-in.js';

export interface ProxyOptions {
  readonly camera: CameraAddress;
  readonly guard: AddressGuard;
  readonly connectMs: number;
  readonly signal: AbortSignal;
  /** For `http_proxy` and `no_proxy`. @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * An HTTP proxy (RFC 9110, 3.7 and 9.3.6) on loopback for one ffmpeg, which alone knows its password. Redirects, playlists and
 * names that ffmpeg follows are held to the same rule as the address of the camera; the camera's login is added here, and
 * for no other server. Rejects with the system's error when it cannot listen.
 */
export async function openGuardedProxy(options: ProxyOptions): Promise<Mediator> {
  const server = createServer();
  const proxy = new GuardedProxy(options, server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return proxy;
}

const ONLY_BETWEEN_NEIGHBOURS = /^(connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|host)$/i;

class GuardedProxy implements Mediator {
  readonly #options: ProxyOptions;
  readonly #server: Server;
  readonly #standIn: StandIn;
  readonly #login: CameraLogin;
  readonly #password = randomBytes(24).toString('hex');
  readonly #sockets = new Set<Duplex>();
  #problem: Mediator['problem'] = null;

  constructor(options: ProxyOptions, server: Server) {
    this.#options = options;
    this.#server = server;
    this.#standIn = new StandIn(options.camera);
    this.#login = new CameraLogin(options.camera.login);
    server.on('connection', (socket) => this.#track(socket));
    server.on('request', (asked, answer) => void this.#forward(asked, answer));
    server.on('connect', (asked, client, first) => void this.#tunnel(asked, client, first));
  }

  get url(): string {
    return this.#standIn.url;
  }

  get environment(): Record<string, string> {
    const { port } = this.#server.address() as AddressInfo;
    return { http_proxy: `http://mien:${this.#password}@127.0.0.1:${port}` };
  }

  get problem(): Mediator['problem'] {
    return this.#problem;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #track(socket: Duplex): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  }

  #knows(asked: IncomingMessage): boolean {
    const given = Buffer.from(asked.headers['proxy-authorization'] ?? '');
    const right = Buffer.from(`Basic ${Buffer.from(`mien:${this.#password}`).toString('base64')}`);
    return given.length === right.length && timingSafeEqual(given, right);
  }

  async #connect(to: Pick<Onward, 'scheme' | 'host' | 'port'>, need: 'host' | 'ask-proxy'): Promise<Connected> {
    const { guard, connectMs, signal, env = process.env } = this.#options;
    const proxy = environmentProxy(to.host, env);
    const connected = await connectOnward(to, need, { guard, timeoutMs: connectMs, signal, proxy });
    if (connected.ok) this.#track(connected.socket);
    else if (connected.problem === NOT_ALLOWED) {
      this.#problem = { reason: 'unusable', problem: 'leads to an address that is not allowed' };
    }
    return connected;
  }

  async #forward(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    if (!this.#knows(asked)) return void answer.writeHead(407, { 'proxy-authenticate': 'Basic realm="mien"' }).end();
    const target = URL.canParse(asked.url ?? '') ? new URL(asked.url!) : null;
    if (target?.protocol !== 'http:') return void answer.writeHead(400).end();
    await this.#send(this.#standIn.onward(target), asked, answer);
  }

  async #send(to: Onward, asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const proxy = to.scheme === 'http' ? environmentProxy(to.host, this.#options.env ?? process.env) : null;
    const connected = await this.#connect(to, proxy ? 'ask-proxy' : 'host');
    if (!connected.ok) return void answer.writeHead(connected.problem === NOT_ALLOWED ? 403 : 502).end();
    const method = asked.method ?? 'GET';
    const login = to.ofCamera ? this.#login.header(method, to.path) : null;
    const authority = authorityOf(to, 'unless-default');
    let refused = false;
    const onward = httpRequest(
      {
        createConnection: () => connected.socket,
        method,
        path: proxy ? `http://${authority}${to.path}` : to.path,
        headers: {
          host: authority,
          ...passedOn(asked.headers),
          ...(login === null ? {} : { authorization: login }),
          ...(proxy?.authorization ? { 'proxy-authorization': proxy.authorization } : {}),
          connection: 'close',
        },
      },
      (reply) => {
        if (to.ofCamera && this.#wantsLogin(reply, login !== null)) {
          refused = true;
          connected.socket.destroy();
          void this.#send(to, asked, answer);
        } else this.#reply(to, reply, answer);
      },
    );
    onward.on('error', () => {
      if (answer.headersSent) answer.destroy();
      else if (!refused) answer.writeHead(502).end();
    });
    answer.once('close', () => onward.destroy());
    onward.end();
  }

  #wantsLogin(reply: IncomingMessage, answered: boolean): boolean {
    if (reply.statusCode === 401)
      return this.#login.challenged(reply.headersDistinct['www-authenticate'] ?? [], answered);
    if (answered) this.#login.accepted();
    return false;
  }

  #reply(to: Onward, reply: IncomingMessage, answer: ServerResponse): void {
    const { location } = reply.headers;
    // ffmpeg would fetch the https addresses of an https camera's playlist through a tunnel, where no login can be added.
    const playlist = to.ofCamera && to.scheme === 'https' && isPlaylist(to.path, reply.headers);
    const status = reply.statusCode ?? 502;
    answer.writeHead(playlist && status === 206 ? 200 : status, {
      ...passedOn(playlist ? withoutLength(reply.headers) : reply.headers),
      ...(to.ofCamera && location !== undefined ? { location: this.#standIn.seenByPlayer(location) } : {}),
      connection: 'close',
    });
    const body = playlist ? reply.pipe(rewriteAddresses((https) => this.#standIn.seenByPlayer(https))) : reply;
    body.pipe(answer);
    reply.once('error', () => answer.destroy());
  }

  async #tunnel(asked: IncomingMessage, client: Duplex, first: Buffer): Promise<void> {
    if (!this.#knows(asked)) {
      return void client.end(
        'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="mien"\r\n\r\n',
      );
    }
    const target = URL.canParse(`http://${asked.url}`) ? new URL(`http://${asked.url}`) : null;
    const host = (target?.hostname ?? '').replace(/^\[|\]$/g, '');
    const onward = await this.#connect({ scheme: 'http', host, port: Number(target?.port || 80) }, 'host');
    if (!onward.ok) return void client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    client.write('HTTP/1.1 200 OK\r\n\r\n');
    onward.socket.write(first);
    onward.socket.pipe(client).pipe(onward.socket);
    onward.socket.once('close', () => client.destroy());
    client.once('close', () => onward.socket.destroy());
  }
}

function passedOn(headers: IncomingMessage['headers']): IncomingMessage['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !ONLY_BETWEEN_NEIGHBOURS.test(name)));
}
