import { readFile } from 'node:fs/promises';
import type { Scope } from '../domain/scopes.js';
import type { KeyProblem } from './describe-issues.js';
import type { Environment } from './named-values.js';
import type { ParsedConfig } from './schema.js';

/** Who may connect. `token` is not enumerable: JSON, spreads and console output leave it out. */
export interface AccessToken {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** What the client sends; 16 to 512 characters of A-Z, a-z, 0-9 and ._~+/=-. */
  readonly token: string;
}

const SECRET = /^[A-Za-z0-9._~+/=-]{16,512}$/;

/** Reads the tokens that the configuration names. Problems never show their content. */
export async function readTokens(
  tokens: ParsedConfig['server']['tokens'],
  env: Environment,
): Promise<{ readonly tokens: readonly AccessToken[]; readonly problems: readonly KeyProblem[] }> {
  const problems: KeyProblem[] = [];
  const read: AccessToken[] = [];
  for (const [index, { name, scopes, env: variable, file }] of tokens.entries()) {
    const refuse = (step: 'env' | 'file', text: string): void => {
      problems.push({ path: ['server', 'tokens', index, step], text });
    };
    const step = variable === undefined ? 'file' : 'env';
    const source = variable === undefined ? `file ${file}` : `environment variable ${variable}`;
    const secret = variable === undefined ? await firstLine(file ?? '') : env[variable];
    if (secret === undefined || secret === '') {
      refuse(step, `${source} ${variable === undefined ? 'cannot be read or is empty' : 'is not set'}`);
    } else if (!SECRET.test(secret)) {
      refuse(
        step,
        `${source} does not hold a token: expected 16 to 512 of A-Z, a-z, 0-9 and ._~+/=- (make one with: openssl rand -hex 32)`,
      );
    } else {
      const same = read.find((other) => other.token === secret);
      if (same) refuse(step, `${source} holds the same token as "${same.name}"`);
      read.push(Object.defineProperty({ name, scopes: [...scopes], token: secret }, 'token', { enumerable: false }));
    }
  }
  return { tokens: read, problems };
}

async function firstLine(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).split(/\r?\n/, 1)[0]!.trim();
  } catch {
    // The caller reports it with the key; the system's message adds only the path again.
    return undefined;
  }
}
