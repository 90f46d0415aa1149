/** Characters of an answer that are looked at; the rest is cut off. 1,024 tokens are about 5,000 characters. */
export const MAX_ANSWER_CHARS = 65_536;
/** Characters of a description or a reasoning that are kept. */
export const MAX_TEXT_CHARS = 4_000;

// C0 without tab and line feed, DEL, C1, zero-width and bidirectional controls, line separators, byte order mark.
const CONTROLS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is to be removed
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;
/** Half of a surrogate pair, as a cut leaves it: not valid in UTF-8 outputs. */
const LONE_SURROGATES = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** The part of an answer that the parsers read: at most MAX_ANSWER_CHARS. */
export function boundAnswer(text: string): string {
  return text.length > MAX_ANSWER_CHARS ? text.slice(0, MAX_ANSWER_CHARS) : text;
}

/**
 * Words of a model as plain text for people: markup, control and direction characters removed, white space joined, at
 * most MAX_TEXT_CHARS (then ending in "…"). Null when nothing is left. The result has no tags and no WebVTT arrow, but
 * outputs escape it all the same.
 */
export function plainText(text: string): string | null {
  const plain = boundAnswer(text)
    .replace(CONTROLS, '')
    .replace(/<[^<>]{0,200}>/g, ' ')
    .replace(/--+>/g, '→')
    .replace(/[<>]/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(LONE_SURROGATES, '')
    .trim();
  if (plain === '') return null;
  if (plain.length <= MAX_TEXT_CHARS) return plain;
  return `${plain.slice(0, MAX_TEXT_CHARS - 1).replace(LONE_SURROGATES, '')}…`;
}
