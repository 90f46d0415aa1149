import { boundAnswer } from './bounds.js';
import { sentencesOf } from './sentences.js';
import { stancesOf } from './stances.js';
import { numbersOf, unitMentions } from './unit-mentions.js';

/** Mentions of a sentence that are looked at. */
const MOST_MENTIONS = 60;
/** A text that is a list and nothing else: "6, 12", "[4, 7]". */
const BARE_LIST =
  /^[\s[\]("']*(?:AU\s?)?\d{1,2}[LR]?(?:["'\s]*[,;+/&\s]["'\s]*(?:AU\s?)?\d{1,2}[LR]?){0,60}[\s[\])"'.]*$/i;
/** A row of a table that says no. */
const DENYING_ROW = /\|\s*(?:no|none|absent|inactive|false|0|not (?:present|active|visible))\s*(?:\||$)/i;

/**
 * FACS numbers that a text claims as present, rising: by code ("AU12", "action units 6 and 12", "AU1-AU5") or by name ("lip
 * corner puller"). What a clause denies ("no AU4", "AU4 seems unlikely", "AU9 rather than AU10") or only supposes ("if AU12
 * were active") is no claim; what it says with reserve ("possibly AU17") is one.
 */
export function claimedActionUnits(text: string): string[] {
  const bounded = boundAnswer(text);
  if (BARE_LIST.test(bounded.slice(0, 2_000))) return inOrder(numbersOf(bounded.slice(0, 2_000)));
  const claimed: number[] = [];
  for (const { text: sentence } of sentencesOf(bounded)) {
    if (DENYING_ROW.test(sentence)) continue;
    const mentions = unitMentions(sentence, MOST_MENTIONS);
    const stances = stancesOf(sentence, mentions);
    claimed.push(...mentions.flatMap(({ numbers }, index) => (stances[index] === 'affirmed' ? numbers : [])));
  }
  return inOrder(claimed);
}

/** Numbers as FACS numbers, rising, without repeats. */
export function inOrder(numbers: readonly number[]): string[] {
  return [...new Set(numbers)].sort((a, b) => a - b).map(String);
}

/** Whether it says that no unit is active. */
export const saysNoUnit = (text: string): boolean =>
  /\bno (?:facial )?(?:action units?|AUs?) (?:is|are) (?:active|present|visible|seen)\b/i.test(text.slice(0, 2000));
