import { EMOTIONS } from '../domain/affect.js';
import { emotionOfLabel } from '../domain/emotion-names.js';

/** Position in EMOTIONS of a label as data sets write it (any case, happy for happiness ...), undefined when it is none. */
export function emotionIndex(label: string): number | undefined {
  const emotion = emotionOfLabel(label);
  return emotion === null ? undefined : EMOTIONS.indexOf(emotion);
}
