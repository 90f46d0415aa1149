import { isEncryptedBus } from './cluster-schema.js';
import type { KeyProblem } from './describe-issues.js';
import { tlsPairProblems } from './read-tls.js';
import type { ParsedSections } from './schema.js';

/** What no single key of `cluster` shows, and what of the rest a process among several cannot do. */
export function clusterChecks({ cluster, mllm }: ParsedSections): KeyProblem[] {
  if (!cluster || cluster.servers.length === 0) return [];
  const { servers, username, secret, tls, key, roles } = cluster;
  const problems: KeyProblem[] = tlsPairProblems('cluster', tls);
  const say = (name: string, text: string): void => {
    problems.push({ path: ['cluster', name], text });
  };
  for (const [name, place] of [
    ['secret', secret],
    ['key', key],
  ] as const) {
    if (place && (place.env === undefined) === (place.file === undefined)) {
      say(name, `needs either env or file, and has ${place.env === undefined ? 'neither' : 'both'}`);
    }
  }
  if (username !== undefined && secret === undefined) say('username', 'needs cluster.secret, its password');
  if (key === undefined) {
    say('key', 'is needed: addresses of cameras, with their passwords, go over the bus (openssl rand -hex 32)');
  }
  const encrypted = servers.filter(isEncryptedBus).length;
  if (encrypted > 0 && encrypted < servers.length) say('servers', 'expected either nats:// or tls:// in all addresses');
  if (encrypted === 0 && Object.values(tls).some((path) => path !== undefined)) {
    say('tls', 'is for tls://, and cluster.servers begin otherwise');
  }
  if (roles.includes('words') && !roles.includes('ingest') && mllm && !mllm.enabled) {
    say('roles', 'words needs a language model: set mllm.enabled');
  }
  return problems;
}
