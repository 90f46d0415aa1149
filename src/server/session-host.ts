import type { Logger } from '../domain/logger.js';
import type { ServerLimits } from '../domain/server-limits.js';
import type { Telemetry } from '../domain/telemetry.js';
import type { LiveSystem } from '../live/live-system.js';
import type { PreviewFeeds } from './preview-feeds.js';
import type { ReplayRing } from './replay-ring.js';
import type { TokenTable } from './tokens.js';

/** What a client's session needs of the server. */
export interface SessionHost {
  /** Id of this run: sequence numbers belong to it. */
  readonly epoch: string;
  readonly ring: ReplayRing;
  readonly previews: PreviewFeeds;
  /** What clients want of cameras is to be added up again. */
  wantsChanged(): void;
  /** Clients that said hello. */
  readonly clients: number;
  readonly options: {
    readonly system: LiveSystem;
    readonly telemetry: Telemetry;
    readonly tokens: TokenTable;
    readonly limits: ServerLimits;
    readonly logger: Logger;
  };
}
