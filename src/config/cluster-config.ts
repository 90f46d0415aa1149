import { hostname } from 'node:os';
import type { ClusterRole } from '../domain/cluster.js';
import type { TlsTexts } from './read-tls.js';
import type { ParsedConfig } from './schema.js';

/** What is secret of the bus, and its certificates, as read from where the configuration says. */
export interface ClusterSecrets extends TlsTexts {
  /** Token, or the password of `username`; null: none. */
  readonly secret: string | null;
  /** Hides camera configurations on the bus. */
  readonly cameraKey: string;
}

/** This process among several, as `mien serve` uses it. `secrets` is not enumerable: JSON and console output leave it out. */
export interface ClusterConfig {
  /** Without credentials; at least one. */
  readonly servers: readonly string[];
  readonly roles: readonly ClusterRole[];
  readonly site: string;
  readonly node: string;
  readonly username: string | null;
  readonly leaseMs: number;
  readonly secrets: ClusterSecrets;
}

/** Null without servers: this machine works alone. */
export function toClusterConfig(parsed: ParsedConfig['cluster'], secrets: ClusterSecrets): ClusterConfig | null {
  const { servers, roles, site, node, username, lease } = parsed;
  if (servers.length === 0) return null;
  const config = {
    servers,
    roles: [...new Set(roles)],
    site,
    node: node ?? nodeName(hostname()),
    username: username ?? null,
    leaseMs: lease,
    secrets,
  };
  return Object.defineProperty(config, 'secrets', { enumerable: false });
}

/** A machine's name as the bus can have it. */
export function nodeName(host: string): string {
  const plain = host
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/g, '-')
    .replace(/^[-_]+/, '')
    .slice(0, 63);
  return plain === '' ? 'node' : plain;
}
