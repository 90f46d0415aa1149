import { emotionOfLabel } from '../../domain/emotion-names.js';
import type { VlmQuestion } from './protocol.js';
import type { Release } from './release.js';

/** Longest question that is taken; those it was taught have up to 400 characters. */
export const LONGEST_QUESTION_CHARS = 2000;
/** Longest prompt in tokens: attention costs its square, and eight of them must fit the worker's memory. */
export const LONGEST_PROMPT = 512;
/** What an answer by label is begun with: it learned labels there. */
const LABEL_PLACE = '<answer>';

/** A question in tokens. */
export interface Prepared {
  readonly prompt: readonly number[];
  /** A token for each label; null: answered in words. */
  readonly labels: readonly number[] | null;
  readonly longest: number;
}

/** Pure: a question in tokens, or why it is refused, in a few words. Special tokens in its text are plain characters. */
export function prepareRow(
  { user, begun, labels, maxTokens }: Pick<VlmQuestion, 'user' | 'begun' | 'labels' | 'maxTokens'>,
  { tokenizer, config }: Pick<Release, 'tokenizer' | 'config'>,
): Prepared | string {
  if (user.length + begun.length > LONGEST_QUESTION_CHARS)
    return `the question has ${user.length + begun.length} characters; at most ${LONGEST_QUESTION_CHARS} are taken`;
  const tokens = labels === null ? null : labelTokens(labels, { tokenizer, config });
  const start = begun === '' && tokens !== null ? LABEL_PLACE : begun;
  const prompt = [
    tokenizer.special('<ask>'),
    ...tokenizer.encode(user),
    tokenizer.special('<say>'),
    ...tokenizer.encode(start),
  ];
  if (prompt.length > LONGEST_PROMPT)
    return `the question has ${prompt.length} tokens; at most ${LONGEST_PROMPT} are taken`;
  return { prompt, labels: tokens, longest: Math.max(1, Math.min(maxTokens, config.longestAnswer)) };
}

/** The one token of each label, emotions as the model writes them; null where a label has none of its own. */
function labelTokens(
  labels: readonly string[],
  { tokenizer, config }: Pick<Release, 'tokenizer' | 'config'>,
): readonly number[] | null {
  const tokens = labels.map((label) => {
    const emotion = emotionOfLabel(label);
    return tokenizer.encode((emotion === null ? undefined : config.asked[emotion]) ?? label);
  });
  const single = tokens.flatMap((ids) => (ids.length === 1 ? ids : []));
  return single.length === labels.length && new Set(single).size === labels.length ? single : null;
}
