import { createHash, timingSafeEqual } from 'node:crypto';
import { SCOPES, type Scope } from '../domain/scopes.js';
import { TOKEN_SUBPROTOCOL } from '../protocol/constants.js';
import type { TokenGrant } from './server-options.js';

const digest = (token: string): Buffer => createHash('sha256').update(token).digest();

/** Cameras by id; null: all. */
export type CameraChoice = ReadonlySet<string> | null;

/** What a token allows, and the cameras it is for. */
export interface Grant {
  /** Of the token; null: none is needed, or it has no name. */
  readonly name: string | null;
  readonly scopes: ReadonlySet<Scope>;
  readonly cameras: CameraChoice;
}

/** Whether a camera is among the chosen ones. */
export const sees = (cameras: CameraChoice, id: string): boolean => cameras === null || cameras.has(id);

const EVERYTHING: Grant = { name: null, scopes: new Set(SCOPES), cameras: null };

/** Who may do what. Tokens are kept as SHA-256 and compared in constant time. */
export class TokenTable {
  readonly #grants: readonly { readonly hash: Buffer; readonly grant: Grant }[];

  constructor(grants: readonly TokenGrant[]) {
    this.#grants = grants.map(({ name = null, token, scopes, cameras }) => ({
      hash: digest(token),
      grant: { name, scopes: new Set(scopes), cameras: cameras ? new Set(cameras) : null },
    }));
  }

  /** True without tokens (only on loopback): everybody has all scopes. */
  get open(): boolean {
    return this.#grants.length === 0;
  }

  /** What a token allows, or none does. Null: it is wrong, or missing where one is needed. */
  grantOf(token: string | null): Grant | null {
    if (this.open) return EVERYTHING;
    if (token === null) return null;
    const hash = digest(token);
    let found: Grant | null = null;
    // All are compared, so that time does not tell which one matched.
    for (const known of this.#grants) if (timingSafeEqual(known.hash, hash)) found = known.grant;
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
