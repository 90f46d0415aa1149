import type { DropReason, LiveFrame, SourceEnd, SourceState } from '../domain/live.js';
import type { Episode } from '../domain/records.js';
import type { AnalysedFrame } from './analyse-newest.js';

/**
 * What happens at one camera, as it happens. Numbers, metrics, events for clients, previews and questions all follow
 * from this one stream; it completes when the camera has stopped. Times are those of the camera's monotonic clock, ms.
 */
export type CameraActivity =
  /** The source is in another state, or a count of it has changed. */
  | { readonly type: 'source'; readonly state: SourceState }
  /** A connection ended. */
  | { readonly type: 'ended'; readonly end: SourceEnd }
  | { readonly type: 'arrived'; readonly live: LiveFrame; readonly at: number }
  /** `unseen`: they never came to be analysed, and were not told as arrived. */
  | { readonly type: 'dropped'; readonly reason: DropReason; readonly count: number; readonly unseen: boolean }
  | { readonly type: 'decode-error' }
  /** Its lease is held until every subscriber has returned, and no longer. */
  | ({ readonly type: 'analysed'; readonly at: number } & AnalysedFrame)
  /** No frames for a while, or none any more: what went on has ended. */
  | { readonly type: 'silent'; readonly ended: readonly Episode[] };
