import type { Override } from '../config/named-values.js';

/** What the command line of `mien serve` says. */
export interface ServeFlags {
  readonly config?: string;
  readonly preset?: string;
  readonly purpose?: string;
  readonly mode?: string;
  readonly camera: readonly string[];
  readonly host?: string;
  readonly port?: string;
  readonly set: readonly Override[];
  readonly watch: boolean;
}
