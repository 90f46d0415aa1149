import { createHash } from 'node:crypto';
import type { Login } from '../../domain/camera-address.js';

/** What a server of HTTP or RTSP wants for an answer to 401 (RFC 7617, RFC 7616, RFC 2069). */
export type Challenge =
  | { readonly scheme: 'basic' }
  | {
      readonly scheme: 'digest';
      readonly realm: string;
      readonly nonce: string;
      readonly opaque: string | null;
      /** As written, with or without "-sess"; null when not named, which means MD5. */
      readonly algorithm: string | null;
      /** Whether qop=auth is offered; without it the older form of RFC 2069 is meant. */
      readonly qop: boolean;
      /** The login was right, only the nonce is too old. */
      readonly stale: boolean;
    };

const HASHES: Readonly<Record<string, string>> = { MD5: 'md5', 'SHA-256': 'sha256', 'SHA-512-256': 'sha512-256' };

/** Pure: the strongest challenge of some WWW-Authenticate headers that can be answered; null when there is none. */
export function strongestChallenge(headers: readonly string[]): Challenge | null {
  const found = headers.flatMap(challengesIn);
  const strength = (challenge: Challenge): number =>
    challenge.scheme === 'basic' ? 0 : hashOf(challenge.algorithm) === 'md5' ? 1 : 2;
  return found.sort((a, b) => strength(b) - strength(a))[0] ?? null;
}

/** One header may hold several challenges: a scheme is a word before a parameter, not followed by '='. */
function challengesIn(header: string): Challenge[] {
  const starts = [...header.matchAll(/(?:^|,)\s*([a-z][a-z0-9-]*)(?=\s+[a-z]+\s*=|\s*$|\s*,)/gi)];
  return starts.flatMap((start, index): Challenge[] => {
    const text = header.slice(start.index + start[0].length, starts[index + 1]?.index);
    const scheme = start[1]!.toLowerCase();
    if (scheme === 'basic') return [{ scheme: 'basic' }];
    const fields = new Map(
      [...text.matchAll(/([a-z-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]*))/gi)].map((field) => [
        field[1]!.toLowerCase(),
        field[2] ?? field[3] ?? '',
      ]),
    );
    const algorithm = fields.get('algorithm') ?? null;
    const qop = fields.get('qop');
    const words = qop?.split(',').map((word) => word.trim().toLowerCase());
    if (scheme !== 'digest' || hashOf(algorithm) === undefined || !fields.has('nonce')) return [];
    if (words && !words.includes('auth')) return []; // auth-int alone: no camera was seen to want it.
    return [
      {
        scheme: 'digest',
        realm: fields.get('realm') ?? '',
        nonce: fields.get('nonce')!,
        opaque: fields.get('opaque') ?? null,
        algorithm,
        qop: words !== undefined,
        stale: fields.get('stale')?.toLowerCase() === 'true',
      },
    ];
  });
}

function hashOf(algorithm: string | null): string | undefined {
  return HASHES[(algorithm ?? 'MD5').toUpperCase().replace(/-SESS$/, '')];
}

/**
 * Pure: the value of an Authorization header.
 *
 * @param request.uri - as in the request line
 * @param request.count - how many requests, this one included, were answered with this nonce
 * @param request.cnonce - unguessable; only used where the server offers qop
 */
export function authorization(
  challenge: Challenge,
  login: Login,
  request: { readonly method: string; readonly uri: string; readonly count: number; readonly cnonce: string },
): string {
  if (challenge.scheme === 'basic') {
    return `Basic ${Buffer.from(`${login.user}:${login.password}`, 'latin1').toString('base64')}`;
  }
  const { realm, nonce, opaque, algorithm, qop } = challenge;
  const { method, uri, count, cnonce } = request;
  const hash = (text: string) => createHash(hashOf(algorithm)!).update(text, 'latin1').digest('hex');
  const session = /-sess$/i.test(algorithm ?? '');
  const plain = hash(`${login.user}:${realm}:${login.password}`);
  const secret = session ? hash(`${plain}:${nonce}:${cnonce}`) : plain;
  const nc = count.toString(16).padStart(8, '0');
  const asked = hash(`${method}:${uri}`);
  const response = hash(qop ? `${secret}:${nonce}:${nc}:${cnonce}:auth:${asked}` : `${secret}:${nonce}:${asked}`);
  const quoted = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`;
  return [
    `Digest username=${quoted(login.user)}, realm="${realm}", nonce="${nonce}", uri="${uri}", response="${response}"`,
    ...(algorithm === null ? [] : [`algorithm=${algorithm}`]),
    ...(opaque === null ? [] : [`opaque="${opaque}"`]),
    ...(qop ? [`qop=auth, nc=${nc}`] : []),
    ...(qop || session ? [`cnonce="${cnonce}"`] : []),
  ].join(', ');
}
