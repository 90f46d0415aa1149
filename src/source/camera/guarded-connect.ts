import { connect, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { CameraAddress } from '../../domain/camera-address.js';
import type { SourceEndReason } from '../../domain/live.js';

/** Which IP addresses a camera, and whatever it leads to, may have. */
export interface AddressGuard {
  readonly refuses: (ip: string) => boolean;
  /** All IP addresses of a name; rejects when there is none. */
  readonly addresses: (host: string) => Promise<readonly string[]>;
}

export type Connected =
  | { readonly ok: true; readonly socket: Socket }
  | { readonly ok: false; readonly reason: SourceEndReason; readonly problem: string };

/**
 * Connects to a host by TCP, or TLS for rtsps and https, whose certificate is not checked: cameras sign their own. A name is
 * looked up once, every address it has is checked, and only those are connected to, so that a name that is made to
 * point elsewhere meanwhile leads nowhere. A refused address sees not even a connection. Never rejects.
 */
export async function connectGuarded(options: {
  readonly camera: Pick<CameraAddress, 'scheme' | 'host' | 'port'>;
  readonly guard: AddressGuard;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}): Promise<Connected> {
  const { camera, guard, timeoutMs, signal } = options;
  const patience = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const late = (): Connected => ({ ok: false, ...(signal.aborted ? STOPPED : NO_ANSWER) });
  const found = isIP(camera.host) === 0 ? guard.addresses(camera.host) : Promise.resolve([camera.host]);
  const ips = await untilAborted(found, patience).catch((error: NodeJS.ErrnoException) => error);
  if (patience.aborted) return late();
  if (!Array.isArray(ips)) return unreachable((ips as NodeJS.ErrnoException).code);
  if (ips.length === 0) return unreachable('ENOTFOUND');
  if (ips.some(guard.refuses)) return { ok: false, reason: 'unusable', problem: NOT_ALLOWED };
  return open(camera, ips, { patience, late });
}

export const NOT_ALLOWED = 'points to an address that is not allowed';
const STOPPED = { reason: 'stopped', problem: 'stopped' } as const;
const NO_ANSWER = { reason: 'unreachable', problem: 'no answer' } as const;

function open(
  { scheme, host, port }: Pick<CameraAddress, 'scheme' | 'host' | 'port'>,
  ips: readonly string[],
  { patience, late }: { readonly patience: AbortSignal; readonly late: () => Connected },
): Promise<Connected> {
  const known = ips.map((address) => ({ address, family: isIP(address) }));
  const lookup: LookupFunction = (_, { all }, done) =>
    all ? done(null, known) : done(null, known[0]!.address, known[0]!.family);
  const secure = scheme === 'rtsps' || scheme === 'https';
  const name = isIP(host) === 0 ? { servername: host } : {};
  return new Promise((resolve) => {
    const socket = secure
      ? connectTls({ host, port, lookup, rejectUnauthorized: false, ...name })
      : connect({ host, port, lookup });
    const finish = (result: Connected) => {
      patience.removeEventListener('abort', abort);
      socket.off('error', fail);
      if (!result.ok) socket.destroy();
      resolve(result);
    };
    const abort = () => finish(late());
    const fail = (error: NodeJS.ErrnoException) => finish(unreachable(error.code));
    patience.addEventListener('abort', abort, { once: true });
    socket.once(secure ? 'secureConnect' : 'connect', () => finish({ ok: true, socket }));
    socket.on('error', fail);
    socket.on('error', () => socket.destroy());
  });
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'unknown host',
  EAI_AGAIN: 'unknown host (no name server answers)',
  EHOSTUNREACH: 'no route to host',
  ENETUNREACH: 'network is unreachable',
  ETIMEDOUT: 'no answer',
  ECONNRESET: 'connection reset',
};

function unreachable(code: string | undefined): Connected {
  const tls = code?.startsWith('ERR_SSL') || code === 'EPROTO' ? 'no TLS at this port' : undefined;
  return { ok: false, reason: 'unreachable', problem: tls ?? WORDS[code ?? ''] ?? 'unreachable' };
}

function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const give = () => reject(new Error('aborted'));
    if (signal.aborted) give();
    signal.addEventListener('abort', give, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', give));
  });
}
