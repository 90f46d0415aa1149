import type { Scope } from '../domain/scopes.js';
import type { KeyProblem } from './describe-issues.js';
import type { Environment } from './named-values.js';
import { readSecret } from './read-secret.js';
import type { ParsedConfig } from './schema.js';

/** Who may connect. `token` is not enumerable: JSON, spreads and console output leave it out. */
export interface AccessToken {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Ids of the cameras it is for; left out: all. */
  readonly cameras?: readonly string[];
  /** What the client sends; 16 to 512 characters of A-Z, a-z, 0-9 and ._~+/=-. */
  readonly token: string;
}

/** Reads the tokens that the configuration names. Problems never show their content. */
export async function readTokens(
  tokens: ParsedConfig['server']['tokens'],
  env: Environment,
): Promise<{ readonly tokens: readonly AccessToken[]; readonly problems: readonly KeyProblem[] }> {
  const problems: KeyProblem[] = [];
  const read: AccessToken[] = [];
  for (const [index, token] of tokens.entries()) {
    const found = await readSecret(token, env);
    const refuse = (text: string): void => {
      problems.push({ path: ['server', 'tokens', index, found.step], text });
    };
    if (found.secret === null) {
      refuse(found.problem);
      continue;
    }
    const same = read.find((other) => other.token === found.secret);
    if (same) refuse(`${found.source} holds the same token as "${same.name}"`);
    const { name, scopes, cameras } = token;
    read.push(
      Object.defineProperty({ name, scopes: [...scopes], ...(cameras && { cameras }), token: found.secret }, 'token', {
        enumerable: false,
      }),
    );
  }
  return { tokens: read, problems };
}

/** Reads the secrets of webhooks, in their order. Problems never show their content. */
export async function readWebhookSecrets(
  targets: ParsedConfig['webhooks']['targets'],
  env: Environment,
): Promise<{ readonly secrets: readonly string[]; readonly problems: readonly KeyProblem[] }> {
  const found = await Promise.all(targets.map((target) => readSecret(target, env)));
  return {
    secrets: found.map(({ secret }) => secret ?? ''),
    problems: found.flatMap((each, index) =>
      each.secret === null ? [{ path: ['webhooks', 'targets', index, each.step], text: each.problem }] : [],
    ),
  };
}
