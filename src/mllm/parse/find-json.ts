import { boundAnswer } from './bounds.js';
import { jsonExtent } from './cut-json.js';

/** Places where an object may begin that are tried; each costs one pass over the text. */
const MAX_TRIES = 8;

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * The first JSON object in an answer, also inside a code fence or after words; of an answer that was cut off, as much as
 * is complete. Null without one. Members are plain data: read them with Object.hasOwn, since their names are the model's.
 */
export function findJsonObject(answer: string): JsonObject | null {
  const text = boundAnswer(answer);
  let start = text.indexOf('{');
  for (let tries = 0; start >= 0 && tries < MAX_TRIES; tries += 1) {
    const extent = jsonExtent(text, start);
    if (extent.kind === 'too-deep') return null;
    // Never closed: no later start holds a whole object that matters.
    if (extent.kind === 'cut') return extent.closings.map(parsed).find((object) => object !== null) ?? null;
    const object = parsed(text.slice(start, extent.end));
    if (object !== null) return object;
    start = text.indexOf('{', start + 1); // not JSON: braces in prose
  }
  return null;
}

function parsed(text: string): JsonObject | null {
  try {
    const object = JSON.parse(text) as JsonObject;
    return Object.keys(object).length === 0 ? null : object;
  } catch {
    return null;
  }
}
