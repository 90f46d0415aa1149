/** Sentences of a text: split after ".", "!" or "?" at a space or the end, and at line breaks; trimmed, none empty. */
export function sentencesOf(text: string): string[] {
  return text
    .split(/[.!?]+(?=\s|$)|\n+/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');
}

/** Lower-case words of a text. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[a-z]+(?:['’-][a-z]+)*/g) ?? [];
}
