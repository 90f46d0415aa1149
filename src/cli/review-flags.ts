import type { OutputFlags } from './output-flags.js';

/** Options of `mien review`. */
export interface ReviewFlags extends OutputFlags {
  readonly rater: string;
  readonly video?: string;
  readonly port: number;
}
