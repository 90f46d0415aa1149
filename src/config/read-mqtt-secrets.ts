import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import type { KeyProblem } from './describe-issues.js';
import type { MqttSecrets } from './mqtt-config.js';
import type { Environment } from './named-values.js';
import { PASSWORD, readSecret } from './read-secret.js';
import type { ParsedConfig } from './schema.js';

type TlsFiles = ParsedConfig['mqtt']['tls'];
const PARTS = ['ca', 'cert', 'key'] as const;

export const NO_MQTT_SECRETS: MqttSecrets = { password: null, ca: null, cert: null, key: null };

/** Reads the password and the certificates that `mqtt` names. Problems never show their content. */
export async function readMqttSecrets(
  { password: place, tls }: Pick<ParsedConfig['mqtt'], 'password' | 'tls'>,
  env: Environment,
): Promise<{ readonly secrets: MqttSecrets; readonly problems: readonly KeyProblem[] }> {
  const problems: KeyProblem[] = [];
  const found = place && (await readSecret(place, env, PASSWORD));
  if (found?.secret === null) problems.push({ path: ['mqtt', 'password', found.step], text: found.problem });
  const read = await readTls(tls, problems);
  return { secrets: { password: found?.secret ?? null, ...read }, problems };
}

async function readTls(tls: TlsFiles, problems: KeyProblem[]): Promise<Omit<MqttSecrets, 'password'>> {
  const pem: Record<(typeof PARTS)[number], string | null> = { ca: null, cert: null, key: null };
  const before = problems.length;
  for (const part of PARTS) {
    const path = tls[part];
    if (path === undefined) continue;
    const text = await readFile(path, 'utf8').catch(() => null);
    pem[part] = text;
    const expected = part === 'key' ? 'PRIVATE KEY' : 'CERTIFICATE';
    if (text === null) problems.push({ path: ['mqtt', 'tls', part], text: `file ${path} cannot be read` });
    else if (!new RegExp(`^-----BEGIN ([A-Z0-9]+ )*${expected}-----`, 'm').test(text)) {
      problems.push({ path: ['mqtt', 'tls', part], text: `file ${path} holds no PEM text with ${expected}` });
    }
  }
  if (problems.length > before || (pem.ca === null && pem.cert === null && pem.key === null)) return pem;
  try {
    createSecureContext({ ca: pem.ca ?? undefined, cert: pem.cert ?? undefined, key: pem.key ?? undefined });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    problems.push({ path: ['mqtt', 'tls'], text: `its files cannot be used together (${code})` });
  }
  return pem;
}
