import type { Emotion } from '../../domain/affect.js';
import { COMPOUND_EXPRESSIONS, type CompoundExpression } from '../../domain/insight.js';
import { boundAnswer } from './bounds.js';
import { insideTag } from './tags.js';

/** Word forms by which a basic expression is named as a part of a compound one. */
const FORMS: readonly (readonly [Emotion, RegExp])[] = [
  ['happiness', /^(?:happ(?:y|ily|iness)|joy(?:ful|fully|fulness)?)$/],
  ['surprise', /^(?:surprise|surprised|surprisedly|surprising|surprisingly)$/],
  ['sadness', /^(?:sad|sadly|sadness)$/],
  ['anger', /^(?:angry|angrily|anger|angered)$/],
  ['disgust', /^(?:disgust|disgusted|disgustedly)$/],
  ['fear', /^(?:fear|fearful|fearfully|fearfulness|scared)$/],
];

/** What may stand between the two names of one expression: "happy and surprised", "sadness + anger", "disgust/surprise". */
const JOINT =
  /^(?:[\s_-]{1,3}|\s{0,2}[,/+&]\s{0,2}|\s{1,2}(?:and|with|mixed with|combined with|as well as|plus)\s{1,2}(?:a |some )?)$/;
/** Words that deny what follows them in their part of a sentence. */
const DENIED = /\b(?:no|not|nor|neither|never|without|isn['’]t|aren['’]t|cannot|rather than|instead of)\b/;
/** Ends of a part of a sentence within which a denial holds. */
const PART = /[.;:!?\n]|,\s*(?!and\b)(?=but\b)|\bbut\b|\b(?:whereas|while|although|though|however)\b/g;

const key = (a: Emotion, b: Emotion): string => [a, b].sort().join(' ');
/** Every compound expression mixes two basic ones that no other mixes: their order does not matter. */
const BY_PAIR = new Map<string, CompoundExpression>(
  COMPOUND_EXPRESSIONS.map((name) => {
    const [a, b] = name.split(' ').map((word) => emotionOf(word)!) as [Emotion, Emotion];
    return [key(a, b), name];
  }),
);

function emotionOf(word: string): Emotion | null {
  return FORMS.find(([, pattern]) => pattern.test(word))?.[0] ?? null;
}

/** The two basic ones that a compound expression mixes. */
export const partsOf = (name: CompoundExpression): readonly Emotion[] =>
  name.split(' ').map((word) => emotionOf(word)!);

/**
 * The compound expression a text names, among `allowed`: inside `<answer>` first, then anywhere; two basic expressions
 * side by side in either order ("happy-surprised", "surprise and happiness"). The one named first counts; what a part
 * of a sentence denies ("not happily surprised but sadly surprised") does not. Null when none is named.
 */
export function compoundFromText(
  text: string,
  allowed: readonly CompoundExpression[] = COMPOUND_EXPRESSIONS,
): CompoundExpression | null {
  const bounded = boundAnswer(text).toLowerCase();
  const answer = insideTag(bounded, 'answer');
  return (answer === null ? null : firstNamed(answer, allowed)) ?? firstNamed(bounded, allowed);
}

/** Whether an answer is that no two expressions are mixed: "none", also inside `<answer>`. */
export function saysNoCompound(text: string): boolean {
  const bounded = boundAnswer(text);
  const answer = insideTag(bounded, 'answer') ?? bounded;
  return /^\W*(?:none|neither|no (?:compound|mixed|two|mixture))\b/i.test(answer);
}

function firstNamed(text: string, allowed: readonly CompoundExpression[]): CompoundExpression | null {
  for (const part of text.split(PART)) {
    const words = [...part.matchAll(/[a-z]+/g)].flatMap(({ 0: word, index }) => {
      const emotion = emotionOf(word);
      return emotion === null ? [] : [{ emotion, start: index, end: index + word.length }];
    });
    for (const [index, first] of words.entries()) {
      const second = words[index + 1];
      if (second === undefined || !JOINT.test(part.slice(first.end, second.start))) continue;
      const name = BY_PAIR.get(key(first.emotion, second.emotion));
      if (name !== undefined && allowed.includes(name) && !DENIED.test(part.slice(0, first.start))) return name;
    }
  }
  return null;
}
