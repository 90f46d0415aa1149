import type { SourceEndReason } from '../../domain/live.js';

/**
 * What stands between ffmpeg and one camera: ffmpeg talks to this machine only, and knows no password. It lasts for one
 * connection.
 */
export interface Mediator {
  /** What ffmpeg opens; nothing in it is secret. */
  readonly url: string;
  /** For ffmpeg's environment, which only its own user can read. */
  readonly environment: Readonly<Record<string, string>>;
  /** Why it can go no further, where ffmpeg only sees the end; null while it can. */
  readonly problem: { readonly reason: SourceEndReason; readonly problem: string } | null;
  /** Cuts what goes on. Idempotent. */
  close(): void;
}
