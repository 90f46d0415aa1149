import { createBlackOut } from '../areas/black-out.js';
import type { Area } from '../domain/areas.js';
import type { FrameSource } from '../domain/frame.js';

/** A source whose frames have the masks drawn black before they are handed on. */
export function blackedOut(source: FrameSource, masks: readonly Area[]): FrameSource {
  if (masks.length === 0) return source;
  const blackOut = createBlackOut(masks);
  return {
    info: source.info,
    get notes() {
      return source.notes;
    },
    async *frames(signal) {
      for await (const lease of source.frames(signal)) {
        blackOut(lease.frame);
        yield lease;
      }
    },
  };
}
