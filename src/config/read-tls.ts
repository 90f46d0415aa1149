import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import type { KeyProblem } from './describe-issues.js';
import type { ParsedConfig } from './schema.js';

type TlsFiles = ParsedConfig['mqtt']['tls'];
const PARTS = ['ca', 'cert', 'key'] as const;

/** Certificates and a key as PEM text; null where the system's authorities, or no certificate, are used. */
export type TlsTexts = Readonly<Record<(typeof PARTS)[number], string | null>>;

export const NO_TLS: TlsTexts = { ca: null, cert: null, key: null };

/** Reads the files of `<section>.tls`. Problems, which are added to `problems`, never show their content. */
export async function readTls(section: string, tls: TlsFiles, problems: KeyProblem[]): Promise<TlsTexts> {
  const pem: Record<(typeof PARTS)[number], string | null> = { ...NO_TLS };
  const before = problems.length;
  for (const part of PARTS) {
    const path = tls[part];
    if (path === undefined) continue;
    const text = await readFile(path, 'utf8').catch(() => null);
    pem[part] = text;
    const expected = part === 'key' ? 'PRIVATE KEY' : 'CERTIFICATE';
    if (text === null) problems.push({ path: [section, 'tls', part], text: `file ${path} cannot be read` });
    else if (!new RegExp(`^-----BEGIN ([A-Z0-9]+ )*${expected}-----`, 'm').test(text)) {
      problems.push({ path: [section, 'tls', part], text: `file ${path} holds no PEM text with ${expected}` });
    }
  }
  if (problems.length > before || (pem.ca === null && pem.cert === null && pem.key === null)) return pem;
  try {
    createSecureContext({ ca: pem.ca ?? undefined, cert: pem.cert ?? undefined, key: pem.key ?? undefined });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    problems.push({ path: [section, 'tls'], text: `its files cannot be used together (${code})` });
  }
  return pem;
}

/** What no single file of `<section>.tls` shows. */
export function tlsPairProblems(section: string, { cert, key }: TlsFiles): KeyProblem[] {
  if ((cert === undefined) === (key === undefined)) return [];
  const missing = cert === undefined ? 'cert' : 'key';
  return [{ path: [section, 'tls'], text: `cert and key are needed together, and ${missing} is missing` }];
}
