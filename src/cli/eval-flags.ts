import type { BenchmarkFlags } from './benchmark-options.js';

/** What the command line of `mien eval` says. */
export interface EvalFlags extends BenchmarkFlags {
  readonly csv?: string;
  readonly imageColumn: string;
  readonly labelColumn: string;
  readonly flip: boolean;
  readonly align: boolean;
  readonly robustness: boolean;
}

export const EVAL_KINDS = ['ferbench', 'csv', 'npz', 'faba', 'feabench', 'cer'] as const;
export type EvalKind = (typeof EVAL_KINDS)[number];
