/** How deep an honest answer nests; deeper ones are not read. */
export const MAX_DEPTH = 16;
/** Values given up from the end until what remains is JSON. */
const MAX_TRIES = 4;

/** Where an object that begins in a text ends, or how it could be closed where the text was cut off. */
export type JsonExtent =
  | { readonly kind: 'whole'; readonly end: number }
  /** Closings to try, the fullest first; each is the text of an object if it parses. */
  | { readonly kind: 'cut'; readonly closings: readonly string[] }
  | { readonly kind: 'too-deep' };

/**
 * Walks over the object that begins at `start`. Of one that is cut off, a text value keeps its beginning, with "…"; a
 * number, a word or a name that may be incomplete is given up with what follows the comma before it.
 */
export function jsonExtent(text: string, start: number): JsonExtent {
  const open: string[] = [];
  /** Places after which what stands is complete: a comma or an opening bracket, with the brackets open there. */
  const safe: { readonly end: number; readonly closers: string }[] = [];
  const closers = (): string => [...open].reverse().join('');
  let quoted = false;
  let at = start;
  for (; at < text.length; at += 1) {
    const char = text[at];
    if (quoted) {
      if (char === '\\') at += 1;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === ',') safe.push({ end: at, closers: closers() });
    else if (char === '{' || char === '[') {
      open.push(char === '{' ? '}' : ']');
      if (open.length > MAX_DEPTH) return { kind: 'too-deep' };
      safe.push({ end: at + 1, closers: closers() });
    } else if (char === '}' || char === ']') {
      open.pop();
      if (open.length === 0) return { kind: 'whole', end: at + 1 };
    }
  }
  // A backslash that was cut off from what it escapes goes, too.
  const rest = text.slice(start).replace(/\\(?:u[0-9a-fA-F]{0,3})?$/, '');
  const kept = quoted ? [`${rest}…"${closers()}`] : /["\]}]\s*$/.test(rest) ? [`${rest}${closers()}`] : [];
  const earlier = safe.slice(-MAX_TRIES).reverse();
  return { kind: 'cut', closings: [...kept, ...earlier.map((place) => text.slice(start, place.end) + place.closers)] };
}
