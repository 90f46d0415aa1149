import { randomBytes } from 'node:crypto';
import type { Login } from '../../domain/camera-address.js';
import { authorization, type Challenge, strongestChallenge } from './http-auth.js';

/**
 * Answers one server's challenges with one login. Nothing is sent before the server asked, and a login that was refused is
 * not sent again: cameras lock accounts.
 */
export class CameraLogin {
  readonly #login: Login | null;
  #challenge: Challenge | null = null;
  #count = 0;
  #proven = false;

  constructor(login: Login | null) {
    this.#login = login;
  }

  /** The value of an Authorization header for a request; null before the first challenge. */
  header(method: string, uri: string): string | null {
    if (!this.#login || !this.#challenge) return null;
    this.#count++;
    return authorization(this.#challenge, this.#login, {
      method,
      uri,
      count: this.#count,
      cnonce: randomBytes(8).toString('hex'),
    });
  }

  /** A request with the login was not refused. */
  accepted(): void {
    this.#proven = true;
  }

  /**
   * Takes up a 401. True when the same request can succeed if it is sent again.
   *
   * @param headers - WWW-Authenticate, one or more
   * @param answered - whether the refused request had the login
   */
  challenged(headers: readonly string[], answered: boolean): boolean {
    const next = strongestChallenge(headers);
    if (!this.#login || !next) return false;
    const before = this.#challenge;
    const fresh = next.scheme === 'digest' && !(before?.scheme === 'digest' && before.nonce === next.nonce);
    // Some cameras send a new nonce without "stale"; that the login is right was seen before.
    const again = !answered || (fresh && next.scheme === 'digest' && (next.stale || this.#proven));
    this.#challenge = next;
    this.#count = 0;
    this.#proven = false;
    return again;
  }
}
