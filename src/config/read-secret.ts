import { readFile } from 'node:fs/promises';
import type { Environment } from './named-values.js';

/** What a secret is made of, and how a message says so. */
interface SecretKind {
  readonly pattern: RegExp;
  readonly words: string;
}

/** Secrets that operators make for mien. */
const TOKEN: SecretKind = {
  pattern: /^[A-Za-z0-9._~+/=-]{16,512}$/,
  words: 'a token: expected 16 to 512 of A-Z, a-z, 0-9 and ._~+/=- (make one with: openssl rand -hex 32)',
};
/** Secrets that others gave. */
export const PASSWORD: SecretKind = {
  pattern: /^\P{C}{1,512}$/u,
  words: 'a password: expected 1 to 512 characters in one line',
};

/** Where a secret is kept: an environment variable, or the first line of a file. */
export interface SecretPlace {
  readonly env?: string | undefined;
  readonly file?: string | undefined;
}

/** The secret, or the key it was looked for under and what is wrong, in words that never show it. */
export type ReadSecret =
  | { readonly secret: string; readonly step: 'env' | 'file'; readonly source: string }
  | { readonly secret: null; readonly step: 'env' | 'file'; readonly problem: string };

/** Reads a secret; of those that are made for mien unless another kind is asked for. */
export async function readSecret(
  { env: variable, file }: SecretPlace,
  env: Environment,
  kind: SecretKind = TOKEN,
): Promise<ReadSecret> {
  const step = variable === undefined ? 'file' : 'env';
  const source = variable === undefined ? `file ${file}` : `environment variable ${variable}`;
  const secret = variable === undefined ? await firstLine(file ?? '') : env[variable];
  if (secret === undefined || secret === '') {
    const problem = `${source} ${variable === undefined ? 'cannot be read or is empty' : 'is not set'}`;
    return { secret: null, step, problem };
  }
  if (kind.pattern.test(secret)) return { secret, step, source };
  const problem = `${source} does not hold ${kind.words}`;
  return { secret: null, step, problem };
}

async function firstLine(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).split(/\r?\n/, 1)[0]!.trim();
  } catch {
    // The caller reports it with the key; the system's message adds only the path again.
    return undefined;
  }
}
