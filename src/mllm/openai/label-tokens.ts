/** One of the most probable first tokens of an answer. */
export interface TokenProbability {
  readonly token: string;
  readonly logprob: number;
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
/** Share of probability on tokens that several labels begin with from which labels must become letters. */
const COLLISION = 0.02;

/** Whether labels surely share a first token: two begin with the same word ("sadly angry", "sadly fearful"). */
export function mustBeLetters(labels: readonly string[]): boolean {
  const first = labels.map((label) => label.toLowerCase().split(/[\s_-]/)[0]!);
  return labels.length <= LETTERS.length && new Set(first).size < labels.length;
}

/** Labels as letters, and the line that tells the model. */
export function asLetters(labels: readonly string[]): { readonly letters: readonly string[]; readonly line: string } {
  const letters = labels.map((_, index) => LETTERS[index]!);
  const key = labels.map((label, index) => `${letters[index]} = ${label}`).join(', ');
  return { letters, line: `Answer with one letter alone: ${key}.` };
}

/**
 * Probability per label from the most probable first tokens: a token counts for the only label that begins with it. Shares
 * of their sum; null when no token belongs to a label. `collides` when tokens that several labels begin with hold more
 * than 2 % of what was found: then letters are needed.
 */
export function labelProbabilities(
  tokens: readonly TokenProbability[],
  labels: readonly string[],
): { readonly probabilities: Readonly<Record<string, number>> | null; readonly collides: boolean } {
  const mass = labels.map(() => 0);
  let shared = 0;
  for (const { token, logprob } of tokens) {
    const text = token
      .replace(/^[\s▁Ġ]+/, '')
      .trimEnd()
      .toLowerCase();
    if (text === '' || !Number.isFinite(logprob)) continue;
    const fits = labels.flatMap((label, index) => (label.toLowerCase().startsWith(text) ? [index] : []));
    const share = Math.exp(Math.min(0, logprob));
    if (fits.length === 1) mass[fits[0]!]! += share;
    else if (fits.length > 1) shared += share;
  }
  const total = mass.reduce((a, b) => a + b, 0);
  return {
    probabilities: total > 0 ? Object.fromEntries(labels.map((label, index) => [label, mass[index]! / total])) : null,
    collides: shared > COLLISION * (total + shared),
  };
}
