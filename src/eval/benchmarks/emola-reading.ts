import { boundAnswer } from '../../mllm/parse/bounds.js';
import { EMOLA_NEGATIONS, EMOLA_ORDER, EMOLA_WORDS, type EmolaEmotion } from './emola-words.js';

/** A character of a word as Python's re has it. */
const LETTER = '[\\p{L}\\p{N}_]';
/** After "." or "?", unless an abbreviation ends there ("e.g.", "Dr."). */
const SENTENCE_GAP = new RegExp(`(?<!${LETTER}\\.${LETTER}[^\\n])(?<![A-Z][a-z]\\.)(?<=\\.|\\?)\\s`, 'u');
/** The first sentence ends at any of ".!?", also inside a number, and lies on one line. */
const FIRST_SENTENCE = /^([^\n]*?)[.!?]/;
const WORDS = new RegExp(`${LETTER}+`, 'gu');

/** Classes of each word, in EMOLA_ORDER. */
const CLASSES: ReadonlyMap<string, readonly EmolaEmotion[]> = classesByWord();

function classesByWord(): Map<string, EmolaEmotion[]> {
  const map = new Map<string, EmolaEmotion[]>();
  for (const emotion of EMOLA_ORDER) {
    for (const word of EMOLA_WORDS[emotion]) map.set(word, [...(map.get(word) ?? []), emotion]);
  }
  return map;
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(WORDS) ?? [];

/**
 * The class that EmoLA's evaluation script (Li et al., ECCV 2024) reads in a text: sentences with a negation are left out,
 * unless nothing would remain; the first word of the first sentence that is in a list decides; else the class with most
 * words in the rest, happiness where there is none. Null where the script ends with an error: no sentence ends on the first
 * line.
 */
export function emolaEmotion(text: string): EmolaEmotion | null {
  const whole = boundAnswer(text);
  const affirmed = whole.split(SENTENCE_GAP).filter((sentence) => {
    const lower = sentence.toLowerCase();
    return !EMOLA_NEGATIONS.some((negation) => lower.includes(negation));
  });
  const read = affirmed.join(' ') || whole;
  const first = FIRST_SENTENCE.exec(read);
  if (first === null) return null;
  for (const word of wordsOf(first[1]!)) {
    const named = CLASSES.get(word);
    if (named) return named[0]!;
  }
  const counts = new Map(EMOLA_ORDER.map((emotion) => [emotion, 0]));
  for (const emotion of wordsOf(read.slice(first[0].length)).flatMap((word) => CLASSES.get(word) ?? []))
    counts.set(emotion, counts.get(emotion)! + 1);
  const most = Math.max(...counts.values());
  return EMOLA_ORDER.find((emotion) => counts.get(emotion) === most)!;
}

/** Whether a text holds any word of EmoLA's lists. */
export const hasEmolaWord = (text: string): boolean => wordsOf(boundAnswer(text)).some((word) => CLASSES.has(word));

/**
 * FACS numbers that the script reads in a text, rising: every "AU" with digits right after it. Others than `known` are
 * ignored, and so is "AU06"; negation is not looked at.
 */
export function emolaUnits(text: string, known: readonly string[]): string[] {
  const named = new Set([...boundAnswer(text).matchAll(/AU(\d+)/g)].map(([, digits]) => digits));
  return known.filter((unit) => named.has(unit));
}

/** FACS numbers that the script reads in a label, rising: bare numbers between a comma and a space ("1, 2, 12"). */
export function emolaLabelUnits(label: string, known: readonly string[]): string[] {
  const named = new Set(label.split(', '));
  return known.filter((unit) => named.has(unit));
}
