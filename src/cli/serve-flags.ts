import type { Override } from '../config/named-values.js';
import type { LogFlags } from './log-flags.js';
import type { OutputFlags } from './output-flags.js';

/** What the command line of `mien serve` says. */
export interface ServeFlags extends LogFlags, OutputFlags {
  readonly config?: string;
  readonly preset?: string;
  readonly purpose?: string;
  readonly mode?: string;
  readonly model?: string;
  readonly device?: string;
  readonly precision?: string;
  readonly camera: readonly string[];
  readonly host?: string;
  readonly port?: string;
  readonly set: readonly Override[];
  readonly watch: boolean;
}
