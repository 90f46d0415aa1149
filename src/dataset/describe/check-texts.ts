import { plainText } from '../../mllm/parse/bounds.js';
import { claimedActionUnits } from '../../mllm/parse/claimed-units.js';
import { compoundFromText, partsOf } from '../../mllm/parse/compound-from-text.js';
import { emotionInWords, emotionsNamed } from '../../mllm/parse/emotion-in-words.js';
import { findJson } from '../../mllm/parse/find-json.js';
import type { FaceFacts } from './facts.js';

/** FEALLM's three aligned texts about a face. */
export const TEXTS = ['summary', 'movement', 'reasoning'] as const;
/** One of `TEXTS`. */
export type TextName = (typeof TEXTS)[number];
/** All three. */
export type Texts = Readonly<Record<TextName, string>>;

/** What can be wrong with an answer. */
export const FAULTS = [
  /** It is not the three texts. */
  'unreadable',
  'length',
  /** The labelled expression is not named, or another is. */
  'expression-missing',
  'expression-other',
  /** A unit that is present is not named; one that is not, or is not coded, is. */
  'units-missing',
  'units-other',
  /** It speaks of labels, not of the face. */
  'labels-mentioned',
] as const;
/** A fault of an answer, and what to write instead. */
export interface Fault {
  readonly kind: (typeof FAULTS)[number];
  readonly words: string;
}

/** Characters of each text, at least and at most. */
export const LENGTHS: Readonly<Record<TextName, readonly [least: number, most: number]>> = {
  summary: [15, 240],
  movement: [15, 500],
  reasoning: [15, 600],
};

const LABELS = /\b(?:label(?:s|led|ed)?|annotat\w+|ground truth|as (?:given|stated|provided)|json)\b/i;

/** The texts of an answer: of a JSON object, or a line each; null where it has not all three. */
export function textsOf(answer: string): Texts | null {
  const found = findJson(answer);
  const lines = answer.split('\n').filter((line) => line.trim() !== '');
  const said = (name: TextName): unknown => {
    if (found === null) return lines.length === TEXTS.length ? lines[TEXTS.indexOf(name)] : undefined;
    return Object.hasOwn(found, name) ? (found as Record<string, unknown>)[name] : undefined;
  };
  const texts = TEXTS.map((name) => {
    const text = said(name);
    return [name, typeof text === 'string' ? plainText(text) : null] as const;
  });
  return texts.every(([, text]) => text !== null) ? (Object.fromEntries(texts) as Texts) : null;
}

/** Everything that is wrong with texts about a face; nothing where they say what its labels say, and no more. */
export function faultsOf(texts: Texts | null, facts: FaceFacts): readonly Fault[] {
  if (texts === null)
    return [{ kind: 'unreadable', words: `it is no JSON object with the texts ${TEXTS.join(', ')}; write one` }];
  const whole = TEXTS.map((name) => texts[name]).join('\n');
  return [
    ...lengthFaults(texts),
    ...expressionFaults(texts, whole, facts),
    ...unitFaults(texts, whole, facts),
    ...(LABELS.test(whole)
      ? [{ kind: 'labels-mentioned', words: 'it speaks of labels; speak of the face alone' } as const]
      : []),
  ];
}

function lengthFaults(texts: Texts): Fault[] {
  return TEXTS.flatMap((name): Fault[] => {
    const [least, most] = LENGTHS[name];
    const { length } = texts[name];
    if (length >= least && length <= most) return [];
    return [{ kind: 'length', words: `${name} has ${length} characters; write ${least} to ${most}` }];
  });
}

function expressionFaults(texts: Texts, whole: string, facts: FaceFacts): Fault[] {
  const { emotion, compound, expression } = facts;
  const allowed = compound === null ? (emotion === null ? [] : [emotion]) : partsOf(compound);
  const named =
    compound === null ? emotionInWords(texts.summary) === emotion : compoundFromText(texts.summary) === compound;
  const others = emotionsNamed(whole).filter((one) => !allowed.includes(one));
  const faults: Fault[] = [];
  if (expression !== null && !named)
    faults.push({
      kind: 'expression-missing',
      words: `summary does not name the expression; write that it is ${expression}`,
    });
  if (others.length > 0) {
    const instead = expression === null ? 'name no emotion' : `name ${expression} alone`;
    faults.push({ kind: 'expression-other', words: `it names ${others.join(', ')}; ${instead}` });
  }
  return faults;
}

const inCodes = (units: readonly string[]): string => units.map((unit) => `AU${unit}`).join(', ');

function unitFaults({ movement }: Texts, whole: string, { units }: FaceFacts): Fault[] {
  const present = units?.present ?? [];
  const told = claimedActionUnits(movement);
  const missing = present.filter((unit) => !told.includes(unit));
  const others = claimedActionUnits(whole).filter((unit) => !present.includes(unit));
  const faults: Fault[] = [];
  if (missing.length > 0)
    faults.push({
      kind: 'units-missing',
      words: `movement does not name ${inCodes(missing)}, which are active; name them`,
    });
  if (others.length > 0) {
    const why =
      units === null ? 'name no action unit, by number or name' : 'which are not known to be active; leave them out';
    faults.push({ kind: 'units-other', words: `it names ${inCodes(others)}; ${why}` });
  }
  return faults;
}
