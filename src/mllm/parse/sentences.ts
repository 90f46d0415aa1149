/** Longest sentence that is read; what goes on longer is cut. */
const MAX_CHARS = 2_000;

export interface Sentence {
  /** Trimmed, without its end. */
  readonly text: string;
  readonly asks: boolean;
}

/** Sentences of a text: split after ".", "!" or "?" at a space or the end, and at line breaks; none is empty. */
export function sentencesOf(text: string): Sentence[] {
  return text
    .split(/(?<=[.!?])(?=\s)|\n+/)
    .map(withoutEnd)
    .filter((sentence) => sentence.text !== '');
}

function withoutEnd(piece: string): Sentence {
  let end = piece.length;
  while (end > 0 && '.!?'.includes(piece[end - 1]!)) end -= 1;
  return { text: piece.slice(0, Math.min(end, MAX_CHARS)).trim(), asks: piece.includes('?', end) };
}
