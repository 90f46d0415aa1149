import type { TemporalOptions } from './options.js';

/**
 * The options for a frame that came `intervalSeconds` after the frame before it. A frame stands for all the time since
 * the last one, and nothing is missing between two frames that follow each other: limits on time that are shorter than
 * the interval are stretched to it, up to `maxIntervalSeconds`. At 5 frames a second or more nothing changes.
 */
export function pacedOptions(options: TemporalOptions, intervalSeconds: number): TemporalOptions {
  const { maxStepSeconds, maxGapSeconds, maxIntervalSeconds, blink } = options;
  if (intervalSeconds <= Math.min(maxStepSeconds, maxGapSeconds, blink.maxGapSeconds)) return options;
  if (intervalSeconds > maxIntervalSeconds) return options;
  return {
    ...options,
    maxStepSeconds: Math.max(maxStepSeconds, intervalSeconds),
    maxGapSeconds: Math.max(maxGapSeconds, intervalSeconds),
    // Between frames further apart than a blink lasts, eyes that were shut in one tell nothing.
    blink: {
      ...blink,
      maxGapSeconds:
        intervalSeconds <= blink.maxBlinkSeconds ? Math.max(blink.maxGapSeconds, intervalSeconds) : blink.maxGapSeconds,
    },
  };
}
