import { boundAnswer } from './bounds.js';
import { EMOLA_NEGATIONS, EMOLA_ORDER, EMOLA_WORDS, type EmolaEmotion } from './emotion-words.js';
import { sentencesOf, wordsOf } from './sentences.js';

/** Classes of each word, in EMOLA_ORDER. */
const CLASSES: ReadonlyMap<string, readonly EmolaEmotion[]> = classesByWord();

function classesByWord(): Map<string, EmolaEmotion[]> {
  const map = new Map<string, EmolaEmotion[]>();
  for (const emotion of EMOLA_ORDER) {
    for (const word of EMOLA_WORDS[emotion]) map.set(word, [...(map.get(word) ?? []), emotion]);
  }
  return map;
}

/**
 * Emotion of a free text by the rules of EmoLA's evaluation (Li et al., ECCV 2024): sentences with a negation are left
 * out, unless nothing would remain; the first word of the first sentence that is in a synonym list decides; without one,
 * the class with most synonyms in the other sentences, the first of EMOLA_ORDER among equals. Null without any.
 */
export function emotionFromText(text: string): EmolaEmotion | null {
  const all = sentencesOf(boundAnswer(text));
  const affirmed = all.filter((sentence) => {
    const lower = sentence.toLowerCase();
    return !EMOLA_NEGATIONS.some((negation) => lower.includes(negation));
  });
  const [first = '', ...others] = affirmed.length > 0 ? affirmed : all;
  for (const word of wordsOf(first)) {
    const named = CLASSES.get(word);
    if (named) return named[0]!;
  }
  const counts = new Map<EmolaEmotion, number>();
  for (const word of others.flatMap(wordsOf)) {
    for (const emotion of CLASSES.get(word) ?? []) counts.set(emotion, (counts.get(emotion) ?? 0) + 1);
  }
  const most = Math.max(0, ...counts.values());
  return most === 0 ? null : EMOLA_ORDER.find((emotion) => counts.get(emotion) === most)!;
}
