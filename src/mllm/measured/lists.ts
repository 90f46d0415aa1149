/** "a", "a and b", "a, b and c". */
export function listed(words: readonly string[], joint = 'and'): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} ${joint} ${last}`;
}

/** With its first letter as a sentence begins. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Sentences one after the other; those that say nothing are left out. */
export const sentences = (parts: readonly string[]): string => parts.filter((part) => part !== '').join(' ');
