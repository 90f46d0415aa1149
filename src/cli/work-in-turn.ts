export interface WorkInTurnOptions<T> {
  /** Items worked on at once, at least 1. */
  readonly jobs: number;
  /** No more are begun once it has aborted. */
  readonly signal: AbortSignal;
  /** Called for the next item while one ends. */
  readonly prepare: (item: T) => void;
  /** Calls `onEnding` when it needs no more of what the next one would use. A rejection ends it all. */
  readonly work: (item: T, index: number, onEnding: () => void) => Promise<void>;
}

/** Works on all items in order. Rejects, once those that were begun are done, with what the first of them threw. */
export async function workInTurn<T>(items: readonly T[], options: WorkInTurnOptions<T>): Promise<void> {
  const { jobs, signal, prepare, work } = options;
  let next = 0;
  const prepareNext = (): void => {
    if (next < items.length && !signal.aborted) prepare(items[next]!);
  };
  const worker = async (): Promise<void> => {
    while (next < items.length && !signal.aborted) {
      const index = next++;
      await work(items[index]!, index, prepareNext);
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: Math.min(jobs, items.length) }, worker));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}
