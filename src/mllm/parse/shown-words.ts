import { plainText } from './bounds.js';
import { findJson } from './find-json.js';

/** At the beginning of an answer or of a fence, or before a name. */
const JSON_BEGINS = /^\s*(?:```\w*\s*)?[{[]|[{[]\s*"/;

/**
 * The words of an answer as people are shown them: of a JSON object its texts, never its brackets and names. Null when
 * nothing is left.
 */
export function shownWords(text: string): string | null {
  if (!JSON_BEGINS.test(text)) return plainText(text);
  const texts = Object.values(findJson(text) ?? {}).flatMap(textsOf);
  return plainText(texts.join(' '));
}

/** Texts of a value of a JSON answer; of a list those of its entries. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.slice(0, 64).filter((entry) => typeof entry === 'string') : [];
}
