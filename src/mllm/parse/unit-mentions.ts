import { actionUnit } from '../../domain/action-units.js';
import type { Span } from './stances.js';

/** Highest action unit number that FACS uses for facial movements and head or eye positions. */
const HIGHEST = 69;
/** Widest range that is taken for a list: "AU1-AU5". A wider one speaks of the coding, not of the face. */
const WIDEST = 10;
/** Numbers that FACS names. */
const NAMED = Array.from({ length: HIGHEST }, (_, index) => index + 1).filter(
  (number) => actionUnit(String(number)).region !== null,
);

const NUMBER = '0?[1-9]\\d?(?!\\d|[.:]\\d|\\s?%)(?:[LR]\\b)?';
const CODE = 'AU[\\s:#-]{0,2}';
const ALIKE = `(?:\\s?[+/&]\\s?|\\s?[-\\u2013]\\s?|\\s(?:to|through)\\s)(?:${CODE})?${NUMBER}(?![a-z])`;
const LISTED = `(?:\\s{0,2}(?:,|;|\\+|&|/|and|or|,\\s?and)\\s{0,2})(?:${CODE})?${NUMBER}(?![a-z])`;
const HEADS = '(?:action[\\s_-]?units?|FACS(?:\\s(?:units?|codes?))?|(?:FACS\\s)?AUs)';
const BETWEEN =
  '["\'*]{0,2}\\s{0,2}(?:(?:are|is|include|included|active|present|codes?|numbers?)\\s|[:=#([\\s"\'*-]){0,6}';
/** "AU6", "AU 6", "AU6+12", "AU1-5"; "AUs 1, 2 and 5", "action units: 6, 12", "AU 1, 2 and 5". */
const CODES = `${HEADS}${BETWEEN}(?:${CODE})?${NUMBER}(?:${ALIKE}|${LISTED}){0,30}|AU[\\s:#-]{1,2}${NUMBER}(?:${ALIKE}|${LISTED}){0,30}|AU${NUMBER}(?:${ALIKE}){0,30}`;
const NAMES = NAMED.map((number) => ({ number, pattern: namePattern(actionUnit(String(number)).name) }));
const ANY_NAME = NAMES.map(({ pattern }) => pattern).join('|');
/** A code with the name that explains it is one mention: "AU4 (brow lowerer)", "AU4 - Brow Lowerer". */
const MENTION = new RegExp(
  `\\b(?<codes>${CODES})(?:[\\s*]*[-\\u2013:(]?[\\s*]*(?:${ANY_NAME})\\b\\)?)?|\\b(?<name>${ANY_NAME})\\b`,
  'gi',
);
const WHOLE_NAMES = NAMES.map(({ number, pattern }) => ({ number, pattern: new RegExp(`^(?:${pattern})$`, 'i') }));

/** FACS names as texts write them: "brow lowerer", "Nose-Wrinkling", "lip corner pullers". */
function namePattern(name: string): string {
  return name
    .split(' ')
    .map((word) =>
      word.endsWith('er') ? `${word.slice(0, -2)}(?:ers?|ing)` : word.endsWith('or') ? `${word}s?` : word,
    )
    .join('s?[\\s-]');
}

/** A place in a text that names action units. */
export interface UnitMention extends Span {
  readonly numbers: readonly number[];
}

/** Places that name action units, by code or by FACS name, in their order; the first `most` of them. */
export function unitMentions(text: string, most: number): UnitMention[] {
  const found: UnitMention[] = [];
  for (const { 0: whole, index, groups } of text.matchAll(MENTION)) {
    const codes = groups!.codes;
    const numbers = codes === undefined ? numberOfName(groups!.name!) : numbersOf(codes);
    if (numbers.length > 0) found.push({ numbers, start: index, end: index + whole.length });
    if (found.length === most) break;
  }
  return found;
}

const numberOfName = (name: string): number[] =>
  WHOLE_NAMES.filter(({ pattern }) => pattern.test(name)).map(({ number }) => number);

/** Numbers of a list such as "1, 2 and 5", "AU6+12" or "AU1-AU5", which stands for the units that FACS names between. */
export function numbersOf(list: string): number[] {
  const numbers: number[] = [];
  for (const [, from, to] of list.matchAll(
    /(\d{1,2})[LR]?(?:\s?(?:[-\u2013]|\bto\b|\bthrough\b)\s?(?:AU\s?)?(\d{1,2}))?/gi,
  )) {
    const first = Number(from);
    const last = to === undefined ? first : Number(to);
    if (to === undefined || last <= first) numbers.push(first, last);
    else if (last - first <= WIDEST) numbers.push(...NAMED.filter((number) => number >= first && number <= last));
  }
  return [...new Set(numbers)].filter((number) => number >= 1 && number <= HIGHEST);
}
