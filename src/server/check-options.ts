import { AffectError } from '../domain/errors.js';
import { isLoopback } from './origins.js';
import type { ServerOptions } from './server-options.js';

const wrong = (message: string): AffectError => new AffectError('CONFIG_INVALID', message);

/** Refuses what is not safe to run. Throws CONFIG_INVALID. */
export function checkServerOptions({
  listen,
  tokens,
  allowedOrigins,
}: Pick<ServerOptions, 'listen' | 'tokens' | 'allowedOrigins'>): void {
  const { host, port } = listen;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw wrong(`listen: port must be 0 to 65535, got ${port}`);
  }
  if (!isLoopback(host) && tokens.length === 0) {
    throw wrong(
      `listen: ${host} can be reached from other machines, and no token is set: set one, or listen on 127.0.0.1`,
    );
  }
  for (const [at, { token, scopes, cameras }] of tokens.entries()) {
    // Never the token itself.
    if (!/^[\x21-\x7e]{16,512}$/.test(token)) {
      throw wrong(`tokens: number ${at + 1} must be 16 to 512 printable ASCII characters without spaces`);
    }
    if (cameras?.length === 0)
      throw wrong(`tokens: number ${at + 1} is for no camera: name some, or leave cameras out`);
    if (scopes.length === 0) throw wrong(`tokens: number ${at + 1} allows nothing: give it read, admin or push`);
  }
  for (const origin of allowedOrigins) {
    if (!/^https?:\/\/[^/\s]+\/?$/i.test(origin)) {
      throw wrong(`allowedOrigins: "${origin}" is not an origin: write it as https://wall.example`);
    }
  }
}
