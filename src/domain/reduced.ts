import type { Look } from './face.js';

/** What is read of each face at most so many times a second, at all cameras alike, because the processor is busy. */
export interface Reduced {
  /** RFC 3339: since when less than everything is read. */
  readonly since: string;
  readonly looks: readonly Look[];
  readonly perSecond: number;
}

const WORDS: Readonly<Record<Look, string>> = { affect: 'expressions', gaze: 'eyes', cover: 'covers' };

/** What is said where less is read than there is time for, alike wherever it is: "expressions read at most 15 times a second: the processor is busy". */
export function reducedWords({ looks, perSecond }: Pick<Reduced, 'looks' | 'perSecond'>): string {
  const names = looks.map((look) => WORDS[look]);
  const what = names.length === 1 ? names[0] : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
  return `${what} read at most ${perSecond} times a second: the processor is busy`;
}
