import type { LabelMember } from '../../domain/prompt-template.js';

/** One of the most probable first tokens of an answer. */
export interface TokenProbability {
  readonly token: string;
  readonly logprob: number;
}

/** A token of an answer, and the most probable ones at its place. */
export interface AnswerToken {
  readonly text: string;
  readonly likely: readonly TokenProbability[];
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
/** Share of probability on tokens that several labels begin with from which labels must become letters. */
const COLLISION = 0.02;

/** Whether labels surely share a first token: two begin with the same word ("sadly angry", "sadly fearful"). */
export function mustBeLetters(labels: readonly string[]): boolean {
  const first = labels.map((label) => label.toLowerCase().split(/[\s_-]/)[0]!);
  return labels.length <= LETTERS.length && new Set(first).size < labels.length;
}

/** Labels as letters, and the line that tells the model. */
export function asLetters(labels: readonly string[]): { readonly letters: readonly string[]; readonly line: string } {
  const letters = labels.map((_, index) => LETTERS[index]!);
  const key = labels.map((label, index) => `${letters[index]} = ${label}`).join(', ');
  return { letters, line: `Answer with one letter alone: ${key}.` };
}

/**
 * Probability per label from the most probable first tokens: a token counts for the only label that begins with it. Shares
 * of their sum; null when no token belongs to a label. `collides` when tokens that several labels begin with hold more
 * than 2 % of what was found: then letters are needed.
 */
export function labelProbabilities(
  tokens: readonly TokenProbability[],
  labels: readonly string[],
): { readonly probabilities: Readonly<Record<string, number>> | null; readonly collides: boolean } {
  const mass = labels.map(() => 0);
  let shared = 0;
  for (const { token, logprob } of tokens) {
    const text = token
      .replace(/^[\s▁Ġ]+/, '')
      .trimEnd()
      .toLowerCase();
    if (text === '' || !Number.isFinite(logprob)) continue;
    const fits = labels.flatMap((label, index) => (label.toLowerCase().startsWith(text) ? [index] : []));
    const share = Math.exp(Math.min(0, logprob));
    if (fits.length === 1) mass[fits[0]!]! += share;
    else if (fits.length > 1) shared += share;
  }
  const total = mass.reduce((a, b) => a + b, 0);
  return {
    probabilities: total > 0 ? Object.fromEntries(labels.map((label, index) => [label, mass[index]! / total])) : null,
    collides: shared > COLLISION * (total + shared),
  };
}

/**
 * Probability per label where a JSON answer names it, from the tokens at that place; null where the answer has no such
 * member, or where labels share too many first tokens to be told apart.
 */
export function memberProbabilities(
  tokens: readonly AnswerToken[],
  { name, labels }: LabelMember,
): Readonly<Record<string, number>> | null {
  const text = tokens.map((token) => token.text).join('');
  const key = JSON.stringify(name);
  const found = text.indexOf(key);
  const opening = /^\s*:\s*"/.exec(text.slice(found + key.length));
  if (found < 0 || opening === null) return null;
  const value = found + key.length + opening[0].length;
  let at = 0;
  for (const token of tokens) {
    if (at + token.text.length > value) {
      const before = token.text.slice(0, value - at);
      const likely = token.likely.flatMap((one) =>
        one.token.startsWith(before) ? [{ ...one, token: one.token.slice(before.length) }] : [],
      );
      const { probabilities, collides } = labelProbabilities(likely, labels);
      return collides ? null : probabilities;
    }
    at += token.text.length;
  }
  return null;
}
