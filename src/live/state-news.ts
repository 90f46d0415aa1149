import type { CameraState, SourceEndReason } from '../domain/live.js';

/**
 * What of a camera's states is told to clients: each change of its status, of its stream, and from whole to damaged
 * pictures, from keeping up to behind, and back, and of what is read less often; in an outage also each new reason, once. What only counts on (tries, errors) is told every second
 * with the numbers, so that a camera that is away for weeks says no more than one that is away for a minute.
 */
export class StateNews {
  #told: CameraState | undefined;
  /** Why connections ended in this outage, as far as it was told. */
  readonly #reasons = new Set<SourceEndReason>();

  isNews(state: CameraState): boolean {
    const before = this.#told;
    const { status, stream, damagedSince, behindSince, reduced, lastEnd } = state;
    if (status !== before?.status) this.#reasons.clear();
    const reason = status === 'waiting' ? lastEnd?.reason : undefined;
    const newReason = reason !== undefined && !this.#reasons.has(reason);
    if (reason !== undefined) this.#reasons.add(reason);
    const news =
      newReason ||
      status !== before?.status ||
      stream !== before.stream ||
      (damagedSince === null) !== (before.damagedSince === null) ||
      (behindSince === null) !== (before.behindSince === null) ||
      reduced !== before.reduced;
    if (news) this.#told = state;
    return news;
  }
}
