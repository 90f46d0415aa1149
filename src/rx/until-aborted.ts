/**
 * The promise's result, or a rejection with `why()` as soon as the signal aborts: nobody's silence is waited for. The
 * work behind the promise is not stopped by it.
 */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal, why: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const give = (): void => reject(why());
    if (signal.aborted) give();
    signal.addEventListener('abort', give, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', give));
  });
}
