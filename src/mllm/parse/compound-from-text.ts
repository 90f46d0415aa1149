import { COMPOUND_EXPRESSIONS, type CompoundExpression } from '../../domain/insight.js';
import { boundAnswer } from './bounds.js';
import { insideTag } from './label-from-answer.js';

/** Spellings of each half of a compound expression's name. */
const HALVES: Readonly<Record<string, string>> = {
  fearfully: 'fearful(?:ly)?',
  happily: 'happ(?:il)?y',
  sadly: 'sad(?:ly)?',
  disgustedly: 'disgusted(?:ly)?',
  angrily: 'angr(?:il)?y',
  surprised: 'surprised?',
  fearful: '(?:fearful|fear)',
  angry: '(?:angry|anger)',
  disgusted: '(?:disgusted|disgust)',
};

const PATTERNS = COMPOUND_EXPRESSIONS.map((name) => {
  const [how, what] = name.split(' ') as [string, string];
  return { name, pattern: new RegExp(`\\b${HALVES[how]}[\\s_-]{1,3}${HALVES[what]}\\b`, 'i') };
});

/**
 * The compound expression a text names, among `allowed`: inside `<answer>` first, then anywhere, the one named first.
 * "happy-surprised" and "Happily Surprised" are the same. Null when none is named.
 */
export function compoundFromText(
  text: string,
  allowed: readonly CompoundExpression[] = COMPOUND_EXPRESSIONS,
): CompoundExpression | null {
  const bounded = boundAnswer(text);
  const answer = insideTag(bounded, 'answer');
  return (answer === null ? null : firstNamed(answer, allowed)) ?? firstNamed(bounded, allowed);
}

function firstNamed(text: string, allowed: readonly CompoundExpression[]): CompoundExpression | null {
  let best: { at: number; name: CompoundExpression } | null = null;
  for (const { name, pattern } of PATTERNS) {
    const at = allowed.includes(name) ? text.search(pattern) : -1;
    if (at >= 0 && (best === null || at < best.at)) best = { at, name };
  }
  return best?.name ?? null;
}
