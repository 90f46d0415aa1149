/** When a batch goes: at `maxItems`, or when its oldest item has waited `maxWaitMs`. 0 sends at once what is there. */
export interface BatchOptions {
  readonly maxItems: number;
  readonly maxWaitMs: number;
}

export const BATCH_DEFAULTS: BatchOptions = { maxItems: 8, maxWaitMs: 50 };

/** How many items to send now; when none, the time at which to look again (null: when something changes). */
export interface BatchDecision {
  readonly take: number;
  readonly lookAgainAtMs: number | null;
}

/**
 * Size or deadline, whichever comes first. A batch that fills every free slot is as full as it can be, and goes too:
 * while the engine is busy, slots free up in the sizes that earlier batches had.
 */
export function decideBatch(
  queue: {
    readonly waiting: number;
    readonly oldestMs: number | null;
    readonly freeSlots: number;
    readonly nowMs: number;
  },
  options: BatchOptions,
): BatchDecision {
  const most = Math.min(queue.freeSlots, options.maxItems);
  const sendable = Math.min(queue.waiting, most);
  if (sendable === 0 || queue.oldestMs === null) return { take: 0, lookAgainAtMs: null };
  const dueMs = queue.oldestMs + options.maxWaitMs;
  if (sendable === most || queue.nowMs >= dueMs) return { take: sendable, lookAgainAtMs: null };
  return { take: 0, lookAgainAtMs: dueMs };
}
