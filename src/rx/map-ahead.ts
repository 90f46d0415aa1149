/**
 * Maps a pull-driven source in order, working on up to `depth` items at once: the lossless counterpart of a live
 * stream's newest-wins operator. RxJS has no backpressure, so recorded video stays in async generators up to its
 * last bound.
 *
 * An error of the source or of `project` is thrown after all earlier results were yielded. When the consumer stops
 * early, `onLeave` is called, the work in flight is awaited, the source is returned, and the results are handed to
 * `discard`.
 *
 * @param depth - items in flight, at least 1; raising it hides latency and holds more items
 */
export async function* mapAhead<T, R>(
  source: AsyncIterable<T>,
  project: (item: T) => Promise<R>,
  options: {
    readonly depth: number;
    readonly discard?: (result: R) => void;
    /** May stop what the source waits for; also called at the end. */
    readonly onLeave?: () => void;
  },
): AsyncGenerator<R, void, void> {
  const iterator = source[Symbol.asyncIterator]();
  const inFlight: Promise<IteratorResult<R, unknown>>[] = [];
  // Async generators queue calls of next(): a pull starts when the one before it is done, while projects overlap.
  const start = (): void => {
    const slot = iterator.next().then(async (item): Promise<IteratorResult<R, unknown>> => {
      if (item.done) return { done: true, value: undefined };
      return { done: false, value: await project(item.value) };
    });
    slot.catch(() => undefined); // reported when its turn comes
    inFlight.push(slot);
  };
  try {
    for (let n = 0; n < options.depth; n++) start();
    for (;;) {
      const result = await inFlight.shift()!;
      if (result.done) return;
      start();
      yield result.value;
    }
  } finally {
    options.onLeave?.();
    const settled = await Promise.allSettled(inFlight);
    await iterator.return?.();
    for (const slot of settled) {
      if (slot.status === 'fulfilled' && !slot.value.done) options.discard?.(slot.value.value);
    }
  }
}
