import type { Emotion } from '../../domain/affect.js';
import { DEGREES, type Degree } from '../../domain/insight.js';
import { emotionInWords } from './emotion-in-words.js';
import { insideTag } from './tags.js';

/** What an answer says beside its emotion. */
export interface Doubt {
  readonly secondEmotion: Emotion | null;
  readonly degree: Degree | null;
  readonly cannotTell: boolean;
}

export const NO_DOUBT: Doubt = { secondEmotion: null, degree: null, cannotTell: false };

const CANNOT =
  /(?:^\W*(?:i\s+)?|\bso\s+i\s+)(?:can\s?not|can['’]t|am unable to|unable to)\s+(?:tell|say|judge|determine)\b|^\W*(?:that|this|it)\s+can\s?not\s+be\s+(?:told|judged|determined)\b/i;

/** Whether an answer begins by saying that it cannot tell, or that something cannot be seen and so it cannot; inside `<answer>` where it has one. */
export function saysCannotTell(text: string): boolean {
  return CANNOT.test(insideTag(text, 'answer') ?? text.slice(0, 200));
}

/** Reads the members of a JSON answer that speak of doubt; a second emotion equal to the first is none. */
export function doubtOf(
  said: { readonly label: string | null; readonly second: string | null; readonly degree: string | null },
  emotion: Emotion | null,
): Doubt {
  const second = emotionInWords(said.second ?? '');
  const degree = said.degree?.trim().toLowerCase();
  return {
    secondEmotion: second === emotion ? null : second,
    degree: DEGREES.find((known) => known === degree) ?? null,
    cannotTell: emotion === null && saysCannotTell(said.label ?? ''),
  };
}
