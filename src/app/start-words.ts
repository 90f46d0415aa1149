import type { RoleOptions } from './start-ingest.js';

/** Placeholder until the words role is merged. */
export async function startWords(_options: RoleOptions): Promise<void> {}
