import type { KeyProblem } from './describe-issues.js';
import type { MqttSecrets } from './mqtt-config.js';
import type { Environment } from './named-values.js';
import { PASSWORD, readSecret } from './read-secret.js';
import { NO_TLS, readTls } from './read-tls.js';
import type { ParsedConfig } from './schema.js';

export const NO_MQTT_SECRETS: MqttSecrets = { password: null, ...NO_TLS };

/** Reads the password and the certificates that `mqtt` names. Problems never show their content. */
export async function readMqttSecrets(
  { password: place, tls }: Pick<ParsedConfig['mqtt'], 'password' | 'tls'>,
  env: Environment,
): Promise<{ readonly secrets: MqttSecrets; readonly problems: readonly KeyProblem[] }> {
  const problems: KeyProblem[] = [];
  const found = place && (await readSecret(place, env, PASSWORD));
  if (found?.secret === null) problems.push({ path: ['mqtt', 'password', found.step], text: found.problem });
  const read = await readTls('mqtt', tls, problems);
  return { secrets: { password: found?.secret ?? null, ...read }, problems };
}
