import type { MessageKind } from '../protocol/constants.js';
import type { OutputFlags } from './output-flags.js';

export const DEFAULT_URL = 'http://127.0.0.1:7420';

/** What the command line of `mien watch` says. */
export interface WatchOptions extends OutputFlags {
  readonly source?: readonly string[];
  readonly kinds: readonly MessageKind[];
  readonly rate: number;
  readonly tokenEnv: string;
}
