import { createHash, timingSafeEqual } from 'node:crypto';
import { SCOPES, type Scope } from '../domain/scopes.js';
import { TOKEN_SUBPROTOCOL } from '../protocol/constants.js';
import type { TokenGrant } from './server-options.js';

const digest = (token: string): Buffer => createHash('sha256').update(token).digest();

export type Scopes = ReadonlySet<Scope>;

/** Who may do what. Tokens are kept as SHA-256 and compared in constant time. */
export class TokenTable {
  readonly #grants: readonly { readonly hash: Buffer; readonly scopes: Scopes }[];

  constructor(grants: readonly TokenGrant[]) {
    this.#grants = grants.map(({ token, scopes }) => ({ hash: digest(token), scopes: new Set(scopes) }));
  }

  /** True without tokens (only on loopback): everybody has all scopes. */
  get open(): boolean {
    return this.#grants.length === 0;
  }

  /** Scopes of a token, or of none. Null: it is wrong, or missing where one is needed. */
  scopesOf(token: string | null): Scopes | null {
    if (this.open) return new Set(SCOPES);
    if (token === null) return null;
    const hash = digest(token);
    let found: Scopes | null = null;
    // All are compared, so that time does not tell which one matched.
    for (const grant of this.#grants) if (timingSafeEqual(grant.hash, hash)) found = grant.scopes;
    return found;
  }
}

/** Token of an Authorization header; null when it has none. */
export function bearerToken(header: string | undefined): string | null {
  return /^Bearer +([\x21-\x7e]{1,512})$/i.exec(header ?? '')?.[1] ?? null;
}

/** Token among the offered subprotocols (`mien.token.<base64url>`); null when there is none. */
export function subprotocolToken(header: string | undefined): string | null {
  for (const offered of (header ?? '').split(',')) {
    const name = offered.trim();
    if (name.startsWith(TOKEN_SUBPROTOCOL)) {
      return Buffer.from(name.slice(TOKEN_SUBPROTOCOL.length, TOKEN_SUBPROTOCOL.length + 700), 'base64url').toString();
    }
  }
  return null;
}
