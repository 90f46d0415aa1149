import { boundAnswer } from './bounds.js';
import { jsonExtent } from './cut-json.js';

/** Places where an object may begin that are tried; each costs one pass over the text. */
const MAX_TRIES = 8;

/**
 * The first JSON object in an answer, or list of objects, also inside a code fence or after words, or with the quotes of
 * Python; of an answer that was cut off, as much as is complete. Null without one. Members are plain data: read them with
 * Object.hasOwn or Object.entries, since their names are the model's.
 */
export function findJson(answer: string): object | null {
  const text = boundAnswer(answer);
  let start = nextOpening(text, 0);
  for (let tries = 0; start >= 0 && tries < MAX_TRIES; tries += 1) {
    const extent = jsonExtent(text, start);
    if (extent.kind === 'too-deep') return null;
    // Never closed: no later start holds a whole object that matters.
    if (extent.kind === 'cut') return extent.closings.map(parsed).find((object) => object !== null) ?? null;
    const object = parsed(text.slice(start, extent.end));
    if (object !== null) return object;
    start = nextOpening(text, start + 1); // not JSON: braces in prose
  }
  return null;
}

function nextOpening(text: string, from: number): number {
  const at = text.slice(from).search(/\{|\[\s{0,20}\{/);
  return at < 0 ? -1 : from + at;
}

function parsed(text: string): object | null {
  for (const form of [text, fromPython(text)]) {
    try {
      const object = JSON.parse(form) as object;
      return Object.keys(object).length === 0 ? null : object;
    } catch {
      // the next form, or none
    }
  }
  return null;
}

/** A literal of Python as JSON: single quotes that begin or end a text, None, True and False. */
function fromPython(text: string): string {
  return text
    .replace(/(?<=[{[,:]\s{0,20})'|'(?=\s{0,20}[}\],:])/g, '"')
    .replace(/(?<=[[,:]\s{0,20})(?:None|True|False)\b/g, (word) => (word === 'None' ? 'null' : word.toLowerCase()));
}
