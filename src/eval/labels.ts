import { EMOTIONS } from '../domain/affect.js';

/** Words that data sets use for the eight emotions, beside their own names. */
const SYNONYMS: Readonly<Record<string, (typeof EMOTIONS)[number]>> = {
  happy: 'happiness',
  joy: 'happiness',
  surprised: 'surprise',
  sad: 'sadness',
  angry: 'anger',
  disgusted: 'disgust',
  afraid: 'fear',
  fearful: 'fear',
  contemptuous: 'contempt',
};

/** Position in EMOTIONS of a label as data sets write it (any case, happy for happiness ...), undefined when it is none. */
export function emotionIndex(label: string): number | undefined {
  const word = label.trim().toLowerCase();
  const index = EMOTIONS.indexOf(SYNONYMS[word] ?? (word as (typeof EMOTIONS)[number]));
  return index < 0 ? undefined : index;
}
