import { connect } from 'node:net';

export type Knock = { readonly ok: true; readonly ip: string } | { readonly ok: false; readonly problem: string };

/**
 * Tries a TCP connection and closes it. It is what makes waiting for a dead camera cheap: a refused connection costs no ffmpeg
 * process, and a host that does not answer is asked again soon instead of after the kernel's pauses.
 */
export function knock(options: {
  readonly host: string;
  readonly port: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}): Promise<Knock> {
  const { host, port, timeoutMs, signal } = options;
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const finish = (result: Knock) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      socket.destroy();
      resolve(result);
    };
    const abort = () => finish({ ok: false, problem: 'stopped' });
    const timer = setTimeout(() => finish({ ok: false, problem: 'no answer' }), timeoutMs);
    signal.addEventListener('abort', abort, { once: true });
    socket.once('connect', () => finish({ ok: true, ip: socket.remoteAddress ?? '' }));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      finish({ ok: false, problem: WORDS[error.code ?? ''] ?? 'unreachable' }),
    );
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

const PORTS: Readonly<Record<string, number>> = { 'rtsp:': 554, 'rtsps:': 322, 'http:': 80, 'https:': 443 };

/** Host (without brackets) and port of a camera's address; null when it is no such address. */
export function hostOf(address: string): { readonly host: string; readonly port: number } | null {
  // The parser reads numbers as IPv4 only for http, where it also skips slashes too many.
  const parsed = /^(rtsps?|https?):\/\/[^/]/i.exec(address);
  if (!parsed) return null;
  const scheme = `${parsed[1]!.toLowerCase()}:`;
  const asHttp = URL.canParse(address.replace(/^[a-z]+:/i, 'http:')) && new URL(address.replace(/^[a-z]+:/i, 'http:'));
  if (!asHttp || asHttp.hostname === '') return null;
  const explicit = asHttp.port !== '' ? Number(asHttp.port) : /:80(?:[/?#]|$)/.test(afterLogin(address)) ? 80 : null;
  return { host: asHttp.hostname.replace(/^\[|\]$/g, ''), port: explicit ?? PORTS[scheme]! };
}

/** The http parser drops ":80" as its default, which is no default of the others. */
function afterLogin(address: string): string {
  return address.replace(/^[a-z]+:\/\/(?:[^/?#]*@)?/i, '').replace(/[/?#].*$/, '');
}
