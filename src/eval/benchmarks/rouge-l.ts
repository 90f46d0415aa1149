/** Words of each text that are compared: the table of a longest common subsequence grows with their product. */
const MAX_WORDS = 4_096;

/** Which program's ROUGE-L: they differ in what a word is and in how sentences are joined. */
export const ROUGE_VARIANTS = ['rouge', 'rouge-score'] as const;
export type RougeVariant = (typeof ROUGE_VARIANTS)[number];

/**
 * F1 of ROUGE-L (Lin 2004) of a text against its reference, 0..1; 0 when either is empty. Of each text the first
 * 4,096 words count.
 *
 * - `rouge`: the PyPI package rouge 1.0.1, which EmoLA's evaluation calls: sentences end at ".", words at white space with
 *   their case and punctuation, and the union of the longest common subsequences of all pairs of sentences is taken as a
 *   set of words, over the sets of words of both texts.
 * - `rouge-score`: the PyPI package rouge-score 0.1.2 (`rougeL`, no stemmer): lower case, words of a-z and 0-9, one
 *   longest common subsequence of the whole texts.
 */
export function rougeLF1(text: string, reference: string, variant: RougeVariant): number {
  return variant === 'rouge' ? bySentences(text, reference) : byWholeTexts(text, reference);
}

function bySentences(text: string, reference: string): number {
  const ours = dotSentences(text);
  const theirs = dotSentences(reference);
  if (ours.length === 0 || theirs.length === 0) return 0;
  const union = new Set<string>();
  for (const reference of theirs) {
    for (const sentence of ours) for (const word of commonSubsequence(reference, sentence)) union.add(word);
  }
  const precision = union.size / new Set(ours.flat()).size;
  const recall = union.size / new Set(theirs.flat()).size;
  return (2 * precision * recall) / (precision + recall + 1e-8);
}

/** Words of each sentence. A sentence of white space is one empty word, as in the package. */
function dotSentences(text: string): string[][] {
  let left = MAX_WORDS;
  const sentences: string[][] = [];
  for (const part of text.split('.')) {
    if (part.length === 0 || left === 0) continue;
    const words = part.trim().split(/\s+/).slice(0, left);
    left -= words.length;
    sentences.push(words);
  }
  return sentences;
}

/** Words of one longest common subsequence; where there are several, the one the package walks to. */
function commonSubsequence(reference: readonly string[], text: readonly string[]): string[] {
  const columns = text.length + 1;
  const table = new Uint16Array((reference.length + 1) * columns);
  for (let i = 1; i <= reference.length; i++) {
    for (let j = 1; j <= text.length; j++) {
      table[i * columns + j] =
        reference[i - 1] === text[j - 1]
          ? table[(i - 1) * columns + j - 1]! + 1
          : Math.max(table[(i - 1) * columns + j]!, table[i * columns + j - 1]!);
    }
  }
  const words: string[] = [];
  let i = reference.length;
  let j = text.length;
  while (i > 0 && j > 0) {
    if (reference[i - 1] === text[j - 1]) {
      words.push(reference[i - 1]!);
      i -= 1;
      j -= 1;
    } else if (table[(i - 1) * columns + j]! > table[i * columns + j - 1]!) i -= 1;
    else j -= 1;
  }
  return words;
}

const alphanumericWords = (text: string): string[] =>
  (text.toLowerCase().match(/[a-z0-9]+/g) ?? []).slice(0, MAX_WORDS);

function byWholeTexts(text: string, reference: string): number {
  const ours = alphanumericWords(text);
  const theirs = alphanumericWords(reference);
  let above = new Uint16Array(ours.length + 1);
  for (const word of theirs) {
    const row = new Uint16Array(ours.length + 1);
    for (let j = 1; j <= ours.length; j++)
      row[j] = word === ours[j - 1] ? above[j - 1]! + 1 : Math.max(above[j]!, row[j - 1]!);
    above = row;
  }
  const common = above[ours.length]!;
  return common === 0 ? 0 : (2 * common) / (ours.length + theirs.length);
}
