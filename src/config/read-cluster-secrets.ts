import type { ClusterSecrets } from './cluster-config.js';
import type { KeyProblem } from './describe-issues.js';
import type { Environment } from './named-values.js';
import { PASSWORD, readSecret, type SecretPlace } from './read-secret.js';
import { NO_TLS, readTls } from './read-tls.js';
import type { ParsedConfig } from './schema.js';

export const NO_CLUSTER_SECRETS: ClusterSecrets = { secret: null, cameraKey: '', ...NO_TLS };

/** Reads the secrets and certificates that `cluster` names. Problems never show their content. */
export async function readClusterSecrets(
  { secret, key, tls }: Pick<ParsedConfig['cluster'], 'secret' | 'key' | 'tls'>,
  env: Environment,
): Promise<{ readonly secrets: ClusterSecrets; readonly problems: readonly KeyProblem[] }> {
  const problems: KeyProblem[] = [];
  const read = async (name: 'secret' | 'key', place: SecretPlace | undefined, kind?: typeof PASSWORD) => {
    if (place === undefined) return null;
    const found = await readSecret(place, env, kind);
    if (found.secret === null) problems.push({ path: ['cluster', name, found.step], text: found.problem });
    return found.secret;
  };
  const secrets = { secret: await read('secret', secret, PASSWORD), cameraKey: (await read('key', key)) ?? '' };
  return { secrets: { ...secrets, ...(await readTls('cluster', tls, problems)) }, problems };
}
