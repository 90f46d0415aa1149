import { createHash } from 'node:crypto';

/** A number in [0, 1) that a seed and a text decide: the same in every run, on every machine, and in any order. */
export function draw(seed: number, text: string): number {
  return createHash('sha256').update(`${seed}\n${text}`).digest().readUIntBE(0, 6) / 2 ** 48;
}

/** The texts in an order that the seed decides. */
export function shuffled(seed: number, texts: Iterable<string>): string[] {
  return [...texts]
    .map((text) => ({ text, at: draw(seed, text) }))
    .sort((a, b) => a.at - b.at || (a.text < b.text ? -1 : 1))
    .map(({ text }) => text);
}
