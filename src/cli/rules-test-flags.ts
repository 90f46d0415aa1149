import type { OutputFlags } from './output-flags.js';

/** Options of `mien rules test`. */
export interface RulesTestFlags extends OutputFlags {
  readonly config: string;
  readonly camera?: string;
  /** Date.now() scale. */
  readonly start?: number;
}
