import type { ServerFacts } from './state.js';
import type { Scope } from './wire.js';

/** What scopes let a person at this page do. */
export const SCOPE_WORDS: Readonly<Record<Scope, string>> = {
  read: 'see cameras, faces, events and rules',
  admin: 'add, change and remove cameras, draw zones, delete what is kept',
  push: 'send pictures of this computer’s webcam',
};

/** Why this page's token does not let it do something; null: it does. */
export function refusal(server: Pick<ServerFacts, 'scopes' | 'tokenName'> | null, scope: Scope): string | null {
  if (server === null) return 'Not connected yet.';
  if (server.scopes.includes(scope)) return null;
  const name = server.tokenName === null ? 'Your token' : `Your token “${server.tokenName}”`;
  return `${name} does not allow ${scope}. Log in with one that does.`;
}
