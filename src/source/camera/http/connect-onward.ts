import { request } from 'node:http';
import type { Socket } from 'node:net';
import { isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type AddressGuard, type Connected, connectGuarded, NOT_ALLOWED } from '../guarded-connect.js';
import type { EnvironmentProxy } from './environment-proxy.js';

export interface OnwardOptions {
  readonly guard: AddressGuard;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** The operator's proxy, which then looks names up; null to connect from here. */
  readonly proxy: EnvironmentProxy | null;
}

/**
 * A connection to where a request goes on to; by TLS for https. Through the operator's proxy a plain request needs the proxy
 * itself ('ask-proxy'), all others a tunnel to the host.
 */
export async function connectOnward(
  to: { readonly scheme: 'http' | 'https'; readonly host: string; readonly port: number },
  need: 'host' | 'ask-proxy',
  { guard, timeoutMs, signal, proxy }: OnwardOptions,
): Promise<Connected> {
  if (!proxy) return connectGuarded({ camera: to, guard, timeoutMs, signal });
  if (isIP(to.host) !== 0 && guard.refuses(to.host)) return { ok: false, reason: 'unusable', problem: NOT_ALLOWED };
  const anywhere = { refuses: () => false, addresses: guard.addresses };
  const first = await connectGuarded({ camera: { scheme: 'http', ...proxy }, guard: anywhere, timeoutMs, signal });
  if (!first.ok || need === 'ask-proxy') return first;
  const tunnel = await tunnelThrough(first.socket, to, proxy);
  if (!tunnel)
    return { ok: false, reason: 'unreachable', problem: 'the proxy set in the environment does not reach it' };
  if (to.scheme === 'http') return { ok: true, socket: tunnel };
  const name = isIP(to.host) === 0 ? { servername: to.host } : {};
  const secure = connectTls({ socket: tunnel, rejectUnauthorized: false, ...name });
  secure.on('error', () => secure.destroy());
  return { ok: true, socket: secure };
}

function tunnelThrough(
  socket: Socket,
  { host, port }: { readonly host: string; readonly port: number },
  { authorization }: EnvironmentProxy,
): Promise<Socket | null> {
  const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return new Promise((resolve) => {
    const asked = request({
      method: 'CONNECT',
      path: authority,
      headers: { host: authority, ...(authorization === null ? {} : { 'proxy-authorization': authorization }) },
      createConnection: () => socket,
    });
    const fail = () => {
      socket.destroy();
      resolve(null);
    };
    asked.once('connect', (reply) => (reply.statusCode === 200 ? resolve(socket) : fail()));
    asked.once('response', fail);
    asked.on('error', fail);
    asked.end();
  });
}
