import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { loadConfig } from '../../src/config/load.js';

/** What a file says of the bus. */
export interface ClusterSection {
  readonly servers: readonly string[];
  readonly site: string;
  readonly key: object;
  readonly secret: object;
}

/** A configuration file for roles on the bus, checked as `mien serve` checks it; secrets need not be there. */
export async function clusterConfig(path: string): Promise<{ readonly cluster: ClusterSection }> {
  const file = join(fileURLToPath(new URL('../../', import.meta.url)), path);
  const env = { MIEN_PURPOSE: 'testing', DOOR_USER: 'viewer', DOOR_PASSWORD: 'of%20a%20test' };
  await loadConfig({ file, env, secrets: 'skip' });
  return parse(readFileSync(file, 'utf8')) as { readonly cluster: ClusterSection };
}
