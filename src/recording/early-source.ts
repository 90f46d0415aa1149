import type { Frame, FrameLease, FrameSource } from '../domain/frame.js';

/** A source that is being decoded, a few frames ahead, before anybody takes them. */
export interface EarlySource extends FrameSource {
  /** The first frame, which stays to be taken; null where there is none. Its pixels are valid until then. */
  peek(): Promise<Frame | null>;
  /** Ends what was begun, unless somebody takes the frames. Idempotent. */
  end(): Promise<void>;
}

/** Begins to decode a source: its first run of `frames` is the one that was begun, later ones begin anew. */
export function begunEarly(source: FrameSource): EarlySource {
  const stop = new AbortController();
  const run = source.frames(stop.signal);
  const first = run.next();
  first.catch(() => undefined); // Told to whoever takes the frames.
  let taken = false;
  async function* frames(signal: AbortSignal): AsyncGenerator<FrameLease, void, void> {
    if (taken) {
      yield* source.frames(signal);
      return;
    }
    taken = true;
    const forward = (): void => stop.abort();
    if (signal.aborted) forward();
    signal.addEventListener('abort', forward, { once: true });
    try {
      for (let item = await first; !item.done; item = await run.next()) {
        if (!signal.aborted) yield item.value;
        else item.value.release();
      }
    } finally {
      signal.removeEventListener('abort', forward);
      await run.return();
    }
  }
  return {
    info: source.info,
    get notes() {
      return source.notes;
    },
    frames,
    peek: async () => {
      const item = await first.catch(() => null);
      return item === null || item.done ? null : item.value.frame;
    },
    async end() {
      if (taken) return;
      taken = true;
      stop.abort();
      const item = await first.catch(() => null);
      if (item && !item.done) item.value.release();
      await run.return();
    },
  };
}
