import { EMOTIONS, type Emotion } from './affect.js';

/** Words that data sets and models use for the eight emotions, beside their own names. */
const NAMES: Readonly<Record<string, Emotion>> = {
  happy: 'happiness',
  joy: 'happiness',
  joyful: 'happiness',
  surprised: 'surprise',
  sad: 'sadness',
  angry: 'anger',
  disgusted: 'disgust',
  afraid: 'fear',
  fearful: 'fear',
  scared: 'fear',
  contemptuous: 'contempt',
};

/** The emotion a single label names, in any case and as data sets write it ("happy", "Anger"); null when it is none. */
export function emotionOfLabel(label: string): Emotion | null {
  const word = label.trim().toLowerCase().slice(0, 40);
  const named = Object.hasOwn(NAMES, word) ? NAMES[word] : undefined;
  return named ?? EMOTIONS.find((emotion) => emotion === word) ?? null;
}
