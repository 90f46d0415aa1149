/** Where one item stands among the others. */
export interface Turn {
  /** The next item is prepared: this one nears the end of what they both use. Once is enough. */
  readonly prepareNext: () => void;
  /** The next item is begun: this one needs no more of what they both use, and is only finished. */
  readonly beginNext: () => void;
  /** Resolves when the item before has ended, so that what came of them can be told in order. */
  readonly before: Promise<void>;
}

export interface WorkInTurnOptions<T> {
  /** Items worked on at once, at least 1; as many again may be finished beside them. */
  readonly jobs: number;
  /** No more are begun once it has aborted. */
  readonly signal: AbortSignal;
  /** Called for the next item before it is begun. */
  readonly prepare: (item: T) => void;
  /** A rejection ends it all. */
  readonly work: (item: T, index: number, turn: Turn) => Promise<void>;
}

/** Works on all items in order. Rejects, once those that were begun are done, with what the first of them threw. */
export async function workInTurn<T>(items: readonly T[], options: WorkInTurnOptions<T>): Promise<void> {
  const { jobs, signal, prepare, work } = options;
  const ends: Promise<void>[] = [];
  let failed = false;
  const mayBegin = (): boolean => ends.length < items.length && !signal.aborted && !failed;
  const prepareNext = (): void => {
    if (mayBegin()) prepare(items[ends.length]!);
  };
  const fail = (): void => {
    failed = true;
  };
  const worker = async (): Promise<void> => {
    let before = Promise.resolve();
    while (mayBegin()) {
      const index = ends.length;
      let end = Promise.resolve();
      await new Promise<void>((beginNext) => {
        end = work(items[index]!, index, { prepareNext, beginNext, before });
        ends.push(end);
        end.catch(fail).finally(beginNext);
      });
      await before;
      before = end.catch(() => undefined);
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, items.length) }, worker));
  for (const end of await Promise.allSettled(ends)) if (end.status === 'rejected') throw end.reason;
}
