import type { OutputFlags } from './output-flags.js';

/** Options of `mien annotations import`. */
export interface ImportFlags extends OutputFlags {
  readonly results: string;
  readonly rater: string;
  readonly overwrite?: boolean;
}

/** Options of `mien annotations agree`. */
export interface AgreeFlags extends OutputFlags {
  readonly out?: string;
}
