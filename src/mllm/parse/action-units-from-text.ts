import { boundAnswer } from './bounds.js';
import { sentencesOf } from './sentences.js';

/** Highest action unit number that FACS uses for facial movements and head or eye positions. */
const HIGHEST = 69;
const PUBLISHED = /AU(\d+)/g;
const CLAIMED = /\b(?:AU|action units?)[\s:#-]{0,3}(\d{1,2})(?!\d)/gi;
/** Further numbers of a list that began with one: "AUs 1, 2 and 5". */
const LISTED = /\bAUs?[\s:#-]{0,3}((?:\d{1,2}(?!\d)(?:\s{0,2}(?:,|and|\+|&)\s{0,2}){1,2}){1,30}\d{1,2})(?!\d)/gi;
const DENIED = /\b(?:no|not|nor|neither|never|without|absent|absence|lacks?|isn['’]t|aren['’]t|cannot|inactive)\b/i;

/**
 * FACS numbers that a text names, rising, by the papers' pattern (EmoLA, FEALLM): every "AU" followed by digits;
 * numbers outside `known` are ignored. It does not look at negation, as published: for scores, not for claims.
 */
export function actionUnitsFromText(text: string, known: readonly string[]): string[] {
  const named = new Set([...boundAnswer(text).matchAll(PUBLISHED)].map(([, digits]) => String(Number(digits))));
  return known.filter((unit) => named.has(unit)).sort(rising);
}

/**
 * FACS numbers that a text claims as present, rising: "AU12", "AU 12", "action unit 12", "AUs 1, 2 and 5". Parts of a
 * sentence that deny ("no AU4", "AU12 is absent") claim nothing: sentences are also split at semicolons and at but,
 * while, whereas, although, though.
 */
export function claimedActionUnits(text: string): string[] {
  const numbers: unknown[] = [];
  for (const sentence of sentencesOf(boundAnswer(text))) {
    for (const part of sentence.split(/;|\b(?:but|while|whereas|although|though)\b/i)) {
      if (DENIED.test(part)) continue;
      numbers.push(...[...part.matchAll(CLAIMED)].map(([, digits]) => digits));
      numbers.push(...[...part.matchAll(LISTED)].flatMap(([, list]) => list!.match(/\d{1,2}/g) ?? []));
    }
  }
  return actionUnitNumbers(numbers);
}

/**
 * FACS numbers of a list as a model writes it (12, "12", "AU12", "AU12L lip corner puller"), rising, without repeats;
 * entries that are none are left out, and so are those after the first 256.
 */
export function actionUnitNumbers(list: readonly unknown[]): string[] {
  const numbers = new Set<string>();
  for (const entry of list.slice(0, 256)) {
    if (typeof entry !== 'string' && typeof entry !== 'number') continue;
    const digits = /^\s*(?:(?:AU|action unit)[\s:#-]{0,3})?(\d{1,2})(?:[LR]\b|(?![\d.]))/i.exec(
      String(entry).slice(0, 80),
    )?.[1];
    const number = Number(digits ?? 0);
    if (number >= 1 && number <= HIGHEST) numbers.add(String(number));
  }
  return [...numbers].sort(rising);
}

const rising = (a: string, b: string): number => Number(a) - Number(b);
