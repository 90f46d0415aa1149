import type { ServeConfig } from '../config/serve-config.js';
import type { AffectError } from '../domain/errors.js';

/** A running `mien serve`. */
export interface Serving {
  /** Address of the server, "http://127.0.0.1:7420". */
  readonly url: string;
  /** Resolves, never rejects, when it can no longer work: every lane is dead, or a folder was taken over. */
  readonly failed: Promise<AffectError>;
  /** Adds, changes and removes cameras as the new configuration says; answers the keys that need a restart. */
  reload(config: ServeConfig): Promise<readonly string[]>;
  /** Ends clients and cameras, then the language model, then lanes. Idempotent. */
  close(): Promise<void>;
}
