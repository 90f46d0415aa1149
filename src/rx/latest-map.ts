import { Observable } from 'rxjs';

/**
 * Asks for a turn: `begin` is called once, when it has come, with what ends it (idempotent). The result withdraws the
 * question; after `begin` it does nothing.
 */
export type AskTurn = (begin: (endTurn: () => void) => void) => () => void;

export interface LatestMapOptions<T> {
  /** Works at once at most. Raising it adds throughput while results may come out of order. @default 1 */
  readonly concurrency?: number;
  /** Each work begins in a turn of its own, with the value that is the newest by then. @default a turn at once */
  readonly askTurn?: AskTurn;
  /**
   * Called for every value that is not worked on: 'superseded' when a newer one took its place, 'shutdown' when it
   * still waited as the subscription ended. Release what the value holds here.
   */
  readonly onDrop?: (value: T, reason: 'superseded' | 'shutdown') => void;
}

const turnAtOnce: AskTurn = (begin) => {
  begin(() => undefined);
  return () => undefined;
};

/**
 * Maps each value with asynchronous work; while `concurrency` works run, only the newest value waits, in one slot.
 *
 * A value arriving while another waits replaces it. `project` ends its turn by calling `endTurn`, also when it fails.
 * On completion of the source the waiting value is still worked on.
 * An error of the source or of `project`, also a synchronous one, goes downstream at once; the waiting value is then
 * dropped as 'shutdown', as it is on unsubscription, and the signal given to running works is aborted; their results
 * are ignored. A throw of `onDrop` is an error of the stream.
 *
 * Throws RangeError unless `concurrency` is a whole number of at least 1.
 */
export function latestMap<T, R>(
  project: (value: T, signal: AbortSignal, endTurn: () => void) => Promise<R>,
  options: LatestMapOptions<T> = {},
): (source: Observable<T>) => Observable<R> {
  const { concurrency = 1, askTurn = turnAtOnce, onDrop } = options;
  if (!Number.isInteger(concurrency) || concurrency < 1) {
    throw new RangeError(`concurrency must be a whole number of at least 1, got ${concurrency}`);
  }
  return (source) =>
    new Observable<R>((subscriber) => {
      const abort = new AbortController();
      let waiting: { readonly value: T } | undefined;
      let running = 0;
      let completed = false;
      let asking = false;
      let withdraw: (() => void) | undefined;

      const start = (value: T, endTurn: () => void): void => {
        running += 1;
        // Inside the executor a synchronous throw of project becomes a rejection.
        new Promise<R>((resolve) => resolve(project(value, abort.signal, endTurn))).then(
          (result) => {
            running -= 1;
            if (subscriber.closed) return;
            subscriber.next(result);
            proceed();
          },
          (error: unknown) => {
            running -= 1;
            subscriber.error(error);
          },
        );
      };
      const ask = (): void => {
        asking = true;
        withdraw = askTurn((endTurn) => {
          asking = false;
          const { value } = waiting!;
          waiting = undefined;
          start(value, endTurn);
        });
      };
      const proceed = (): void => {
        if (subscriber.closed) return;
        if (waiting && !asking && running < concurrency) ask();
        if (completed && running === 0 && !waiting) subscriber.complete();
      };
      const offer = (value: T): void => {
        const replaced = waiting;
        waiting = { value };
        proceed();
        if (replaced) onDrop?.(replaced.value, 'superseded');
      };

      const subscription = source.subscribe({
        next: (value) => {
          // The public subscribe does not pass a throw on.
          try {
            offer(value);
          } catch (error) {
            subscriber.error(error);
          }
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => {
          completed = true;
          proceed();
        },
      });
      return () => {
        subscription.unsubscribe();
        withdraw?.();
        abort.abort();
        const left = waiting;
        waiting = undefined;
        if (left) onDrop?.(left.value, 'shutdown');
      };
    });
}
