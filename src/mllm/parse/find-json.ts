import { boundAnswer } from './bounds.js';

/** Brackets within brackets that are read; an honest answer has two. */
const MAX_DEPTH = 16;
/** Places where an object may begin that are tried; each costs one pass over the text. */
const MAX_TRIES = 8;

/**
 * The first JSON object in an answer, also inside a code fence or after words; null without a valid one. Members are
 * plain data: read them with Object.hasOwn, since their names are the model's.
 */
export function findJsonObject(answer: string): Readonly<Record<string, unknown>> | null {
  const text = boundAnswer(answer);
  let start = text.indexOf('{');
  for (let tries = 0; start >= 0 && tries < MAX_TRIES; tries += 1) {
    const end = objectEnd(text, start);
    if (end === null) return null; // never closed, so no later start holds a whole object that matters
    try {
      return JSON.parse(text.slice(start, end)) as Record<string, unknown>;
    } catch {
      start = text.indexOf('{', start + 1); // not JSON: braces in prose
    }
  }
  return null;
}

/** Index after the bracket that closes the one at `start`; null when it is not closed or too deep. */
function objectEnd(text: string, start: number): number | null {
  let depth = 0;
  let quoted = false;
  for (let at = start; at < text.length; at += 1) {
    const char = text[at];
    if (quoted) {
      if (char === '\\') at += 1;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === '{' || char === '[') {
      depth += 1;
      if (depth > MAX_DEPTH) return null;
    } else if (char === '}' || char === ']') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return null;
}
