/** Control characters, C1 and line separators among them: they could forge a line of a log or split an argument. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

/** Pure: what is wrong with text that a program is to open, in a few words that repeat nothing of it; null when nothing is. */
export function textProblem(text: string, longest: number): string | null {
  if (text === '') return 'is empty; say what to open';
  if (text.length > longest) return `is longer than ${longest} characters; shorten it`;
  if (text.search(CONTROL) >= 0) return 'contains a control character; remove it';
  return text.startsWith('-') ? "begins with '-'; only options do" : null;
}

/** Text on one line, with its control characters as '?'. */
export const plainText = (text: string): string => text.replace(CONTROL, '?');
