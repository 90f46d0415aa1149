import type { Emotion, EmotionDistribution, ValenceArousal } from '../domain/affect.js';
import { EMOTIONS } from '../domain/affect.js';

/** Softmax of logits over EMOTIONS: probabilities that sum to 1. */
export function softmax(logits: ArrayLike<number>): number[] {
  const top = logits[topIndex(logits)]!;
  const probabilities: number[] = [];
  let sum = 0;
  for (let k = 0; k < logits.length; k += 1) {
    const odds = Math.exp(logits[k]! - top);
    probabilities.push(odds);
    sum += odds;
  }
  for (let k = 0; k < probabilities.length; k += 1) probabilities[k]! /= sum;
  return probabilities;
}

/** Log-probabilities of logits, none under `floor`: removes the common offset and the memory of extreme odds. */
export function flooredLogProbabilities(logits: ArrayLike<number>, floor: number): number[] {
  return softmax(logits).map((p) => Math.max(floor, Math.log(p)));
}

/** Expectation of the circumplex coordinates over a distribution: derived from emotions, not measured. */
export function expectedValenceArousal(
  distribution: EmotionDistribution,
  circumplex: Readonly<Record<Emotion, readonly [valence: number, arousal: number]>>,
): ValenceArousal {
  let valence = 0;
  let arousal = 0;
  EMOTIONS.forEach((emotion, k) => {
    const [v, a] = circumplex[emotion];
    valence += distribution[k]! * v;
    arousal += distribution[k]! * a;
  });
  return { valence, arousal };
}

/** Index of the largest value; the first of equals. */
export function topIndex(values: ArrayLike<number>): number {
  let top = 0;
  for (let k = 1; k < values.length; k += 1) if (values[k]! > values[top]!) top = k;
  return top;
}
