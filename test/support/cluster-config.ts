import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import { loadConfig } from '../../src/config/load.js';
import { configSchema } from '../../src/config/schema.js';

/** What a file says of the bus. */
export interface ClusterSection {
  readonly servers: readonly string[];
  readonly roles?: readonly string[];
  readonly site: string;
  readonly keyEnv: string;
  readonly tokenEnv: string;
}

/** A configuration file for roles on the bus, checked as `mien serve` checks it; secrets need not be there. */
export async function clusterConfig(path: string): Promise<{ readonly cluster: ClusterSection }> {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const { cluster, ...rest } = parse(readFileSync(join(root, path), 'utf8')) as { readonly cluster: ClusterSection };
  // A mien that knows no bus yet checks the rest.
  const written = 'cluster' in configSchema.shape ? { cluster, ...rest } : rest;
  const folder = mkdtempSync(join(tmpdir(), 'mien-cluster-'));
  try {
    const file = join(folder, 'mien.yaml');
    writeFileSync(file, stringify(written));
    await loadConfig({ file, env: { MIEN_PURPOSE: 'testing' }, secrets: 'skip' });
    return { cluster };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
