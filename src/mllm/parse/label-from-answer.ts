import { emotionOfLabel } from '../../domain/emotion-names.js';
import { boundAnswer } from './bounds.js';
import { UNIFER_SYNONYMS } from './emotion-words.js';

/** What stands between `<name>` and `</name>`, the first time; to the end of the text when the tag is not closed. */
export function insideTag(text: string, name: string): string | null {
  const lower = text.toLowerCase();
  const open = lower.indexOf(`<${name}>`);
  if (open < 0) return null;
  const start = open + name.length + 2;
  const end = lower.indexOf(`</${name}>`, start);
  return text.slice(start, end < 0 ? undefined : end).trim();
}

/**
 * The candidate an answer names, by UniFER's rules (2025): the text inside `<answer>` equal to a candidate, else
 * containing one, in the order of the list; otherwise a candidate anywhere in the response as a word, then as a part of
 * one, then by synonyms. Null when none fits (counted wrong). Upper and lower case are the same.
 */
export function labelFromAnswer(response: string, candidates: readonly string[]): string | null {
  const text = boundAnswer(response).toLowerCase();
  const answer = insideTag(text, 'answer');
  if (answer !== null && answer !== '') {
    const equal = candidates.find((candidate) => candidate.toLowerCase() === answer);
    const contained = equal ?? candidates.find((candidate) => answer.includes(candidate.toLowerCase()));
    if (contained !== undefined) return contained;
  }
  return (
    candidates.find((candidate) => hasWord(text, candidate.toLowerCase())) ??
    candidates.find((candidate) => text.includes(candidate.toLowerCase())) ??
    candidates.find((candidate) => synonymsOf(candidate).some((word) => hasWord(text, word))) ??
    null
  );
}

function synonymsOf(candidate: string): readonly string[] {
  const emotion = emotionOfLabel(candidate);
  return emotion === null ? [] : UNIFER_SYNONYMS[emotion];
}

/** Whether `word` stands in `text` with no letter, digit or underscore on either side. */
export function hasWord(text: string, word: string): boolean {
  if (word === '') return false;
  const isLetter = (char: string | undefined): boolean => char !== undefined && /\w/.test(char);
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!isLetter(text[at - 1]) && !isLetter(text[at + word.length])) return true;
  }
  return false;
}
