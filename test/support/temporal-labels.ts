import { EMOTIONS, type Emotion } from '../../src/domain/affect.js';
import { flooredLogProbabilities, softmax, topIndex } from '../../src/temporal/distribution.js';
import { createHysteresis, resetHysteresis, stepHysteresis } from '../../src/temporal/hysteresis.js';
import { createOneEuro, stepOneEuro } from '../../src/temporal/one-euro.js';
import type { TemporalOptions } from '../../src/temporal/options.js';
import type { Sample } from './temporal-sequences.js';

/** Raw top label and label in force of each sample with a reading: the path of the stage without its records. */
export function labelsOf(samples: readonly Sample[], options: Omit<TemporalOptions, 'circumplex'>) {
  const filter = createOneEuro(EMOTIONS.length);
  const hysteresis = createHysteresis();
  const rows: { ptsUs: number; segment: number; raw: Emotion; smoothed: Emotion; label: Emotion | null }[] = [];
  let last: number | null = null;
  for (const { ptsUs, logits, segment } of samples) {
    if (logits === null) continue;
    const values = flooredLogProbabilities(logits, options.smoothing.floorLogit);
    const smoothing = { ...options.smoothing, maxGapSeconds: options.maxGapSeconds };
    if (stepOneEuro(filter, smoothing, { ptsUs, values, weight: 1 })) resetHysteresis(hysteresis);
    const dtSeconds = last === null ? 0 : Math.min(options.maxStepSeconds, (ptsUs - last) / 1e6);
    const probabilities = softmax(filter.value);
    const label = stepHysteresis(hysteresis, options.hysteresis, { dtSeconds, probabilities });
    last = ptsUs;
    rows.push({
      ptsUs,
      segment,
      raw: EMOTIONS[topIndex(logits)]!,
      smoothed: EMOTIONS[topIndex(probabilities)]!,
      label: label < 0 ? null : EMOTIONS[label]!,
    });
  }
  return rows;
}
