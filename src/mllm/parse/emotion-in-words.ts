import { EMOTIONS, type Emotion } from '../../domain/affect.js';
import { boundAnswer } from './bounds.js';
import { EMOTION_WORDS, type EmotionWord } from './emotion-lexicon.js';
import { type Sentence, sentencesOf } from './sentences.js';
import { type Span, stancesOf } from './stances.js';

/** Weight of a word that names an emotion, and of one that only hints at it. */
const PLAIN = 2;
const FAINT = 0.4;
/** Mentions of a sentence that are looked at. */
const MOST_MENTIONS = 40;
const WORD = /[a-z]+/gi;
const KINDS =
  '(?:any|all|clear|visible|strong|particular|obvious|real|specific|signs?|of|much|discernible|distinct|facial|evident)';
/** "shows no emotion", "free of any expression": neutral in other words. */
const NO_EMOTION = new RegExp(
  `\\b(?:no|without|lacks?|lacking|free of|devoid of|(?:not|n['\u2019]t) (?:seem to |appear to )?(?:show|display|express|convey|betray|feel|exhibit|have))\\s+(?:${KINDS}\\s+){0,4}(?:emotions?|expression|affect)\\b`,
  'i',
);
const REFUSES = /\b(?:identify|identifying|determine|recogni[sz]e|tell|help|infer)\b/i;
/** "Emotion: ...", "the answer is ...": what follows is the answer itself. */
const ANSWERS = /\b(?:emotion|expression|label|answer)\b["\u201d*]{0,3}\s*(?:is\b|[:=])[^⟦]{0,12}$/i;
const LEADS =
  /\b(?:dominant|dominates?|dominating|main|mainly|primary|primarily|mostly|chiefly|overall|clearly|clear|clearest|prevails?|foremost|in fact|actually)\b/i;
const HEDGES = /\b(?:could|might|may|possibly|perhaps|maybe|at first|first)\b/i;
const SHADES =
  /\b(?:hints?|traces?|touch|bit|little|some|slight|slightly|subtle|subtly|faint|faintly|mild|mildly|secondary|underlying|mixed|but also)\b(?:\W+\w+){0,2}\W*$/i;
const SHADED_AFTER = /^\W*(?:undertone|tinge|too\b|as well)/i;

interface Mention extends Span {
  readonly word: EmotionWord;
}

/**
 * The emotion that an answer in free words affirms of the face, as a reader would take it; null when it affirms none. Of
 * several the one said to lead is taken, then one that is neither hedged nor only a shade, then the first.
 *
 * @param offered - the emotions an answer may be; others are ignored
 */
export function emotionInWords(text: string, offered: readonly Emotion[] = EMOTIONS): Emotion | null {
  let best: Said | null = null;
  for (const one of saidIn(text)) {
    if (offered.includes(one.emotion) && (best === null || one.weight > best.weight)) best = one;
  }
  return best?.emotion ?? null;
}

/** Every emotion that a text affirms by a word that names it, each once; words that only hint at one ("smile") do not count. */
export function emotionsNamed(text: string): readonly Emotion[] {
  return [...new Set(saidIn(text).flatMap(({ emotion, faint }) => (faint ? [] : [emotion])))];
}

/** An emotion that a text affirms. */
interface Said {
  readonly emotion: Emotion;
  readonly weight: number;
  readonly faint: boolean;
}

/** What a text affirms, sentence by sentence. */
function saidIn(text: string): readonly Said[] {
  const sentences = sentencesOf(boundAnswer(text));
  return sentences.flatMap((sentence, index) => said(sentence, sentences[index + 1]?.text ?? ''));
}

/** Emotions that a sentence affirms, in their order, and how much each weighs. */
function said({ text, asks }: Sentence, next: string): Said[] {
  if (NO_EMOTION.test(text) && !REFUSES.test(text)) return [{ emotion: 'neutral', weight: PLAIN, faint: false }];
  if (asks && !/^yes\b/i.test(next)) return [];
  const mentions = mentionsIn(text);
  const stances = stancesOf(text, mentions);
  return mentions
    .filter((_, index) => stances[index] === 'affirmed')
    .map(({ word, start, end }) => ({ ...word, weight: weightOf(word, text, { start, end }) }));
}

function mentionsIn(text: string): Mention[] {
  return [...text.matchAll(WORD)]
    .flatMap(({ 0: word, index }): Mention[] => {
      const known = EMOTION_WORDS.get(word.toLowerCase());
      return known === undefined ? [] : [{ word: known, start: index, end: index + word.length }];
    })
    .slice(0, MOST_MENTIONS);
}

function weightOf({ faint }: EmotionWord, text: string, { start, end }: Span): number {
  const before = text.slice(0, start);
  const near = before.slice(-80);
  const clause = before.slice(before.search(/[,;:](?=[^,;:]*$)/) + 1);
  const after = text.slice(end);
  let weight = faint ? FAINT : PLAIN;
  if (ANSWERS.test(near)) weight *= 2;
  if (LEADS.test(clause) || /^\W*(?:dominates|prevails)/i.test(after)) weight *= 1.5;
  if (HEDGES.test(clause)) weight *= 0.6;
  if (SHADES.test(near) || SHADED_AFTER.test(after)) weight *= 0.5;
  return weight;
}
