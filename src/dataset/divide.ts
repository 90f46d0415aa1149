import { AffectError } from '../domain/errors.js';
import { draw, shuffled } from './draw.js';
import type { LabelledFace, Split } from './face.js';

/** How faces are divided into what a model learns from and what it is tested on. */
export type Division =
  /** As the set itself does; what it does not divide is to learn from. */
  | { readonly kind: 'own' }
  /** So that about this share is for test. */
  | { readonly kind: 'share'; readonly test: number }
  /** So that each person, or picture, is for test in one fold. */
  | { readonly kind: 'folds'; readonly count: number }
  /** By the people of the folds that papers share. */
  | { readonly kind: 'published'; readonly folds: readonly (readonly string[])[] };

/** What is kept together: all faces of a subject, or nothing. */
export type Apart = 'subject' | 'picture';

/** A file that is written: its name, and whether its questions are those kept for test. */
export interface Part {
  readonly name: string;
  readonly split: Split;
}

/** The parts, and those that a face is in: with folds one of each. */
export interface Divided {
  readonly parts: readonly Part[];
  of(face: LabelledFace): readonly Part[];
}

export interface DivideOptions {
  readonly division: Division;
  readonly apart: Apart;
  readonly seed: number;
  /** Faces of each subject, which decide how many subjects make a share. */
  readonly subjects: ReadonlyMap<string, number>;
}

const part = (split: Split): Part => ({ name: split, split });
const OWN: Readonly<Record<Split, Part>> = { train: part('train'), valid: part('valid'), test: part('test') };

/** "fold-1-of-3-train". */
const foldPart = (fold: number, count: number, split: Split): Part => ({
  name: `fold-${fold + 1}-of-${count}-${split}`,
  split,
});

/**
 * Plans the parts. The same seed and subjects give the same parts, in whatever order faces come. Throws USAGE when there are fewer
 * subjects than folds.
 */
export function divide(options: DivideOptions): Divided {
  const { division } = options;
  if (division.kind === 'own')
    return { parts: [OWN.train, OWN.valid, OWN.test], of: ({ split }) => [OWN[split ?? 'train']] };
  if (division.kind === 'share') {
    const isTest = sharer(division.test, options);
    return { parts: [OWN.train, OWN.test], of: (face) => [isTest(face) ? OWN.test : OWN.train] };
  }
  const count = division.kind === 'folds' ? division.count : division.folds.length;
  const foldOf = division.kind === 'folds' ? folder(count, options) : published(division.folds);
  const folds = Array.from({ length: count }, (_, fold) => ({
    train: foldPart(fold, count, 'train'),
    test: foldPart(fold, count, 'test'),
  }));
  return {
    parts: folds.flatMap(({ train, test }) => [train, test]),
    of: (face) => {
      const own = foldOf(face);
      return folds.map(({ train, test }, fold) => (fold === own ? test : train));
    },
  };
}

type ByFace<T> = (face: LabelledFace) => T;

/** Whether a face is for test: subjects in an order that the seed decides, until their faces are the share. */
function sharer(share: number, { apart, seed, subjects }: DivideOptions): ByFace<boolean> {
  if (apart === 'picture') return ({ image }) => draw(seed, image) < share;
  const total = [...subjects.values()].reduce((sum, faces) => sum + faces, 0);
  const test = new Set<string>();
  let faces = 0;
  for (const subject of shuffled(seed, subjects.keys())) {
    const more = subjects.get(subject)!;
    // The one that crosses the share counts where that is nearer to it than without.
    if (test.size > 0 && faces + more / 2 > share * total) break;
    test.add(subject);
    faces += more;
  }
  if (test.size === subjects.size)
    throw new AffectError('USAGE', `${subjects.size} subjects cannot be divided; use --apart picture`);
  return ({ subject }) => test.has(subject!);
}

/** The fold of a face: subjects go round the folds in an order that the seed decides. */
function folder(count: number, { apart, seed, subjects }: DivideOptions): ByFace<number> {
  if (apart === 'picture') return ({ image }) => Math.floor(draw(seed, image) * count);
  if (subjects.size < count)
    throw new AffectError('USAGE', `${subjects.size} subjects make no ${count} folds; use fewer, or --apart picture`);
  const folds = new Map(shuffled(seed, subjects.keys()).map((subject, index) => [subject, index % count]));
  return ({ subject }) => folds.get(subject!)!;
}

function published(folds: readonly (readonly string[])[]): ByFace<number> {
  const foldOf = new Map(folds.flatMap((people, fold) => people.map((person) => [person, fold] as const)));
  return ({ subject, where }) => {
    const fold = foldOf.get(subject ?? '');
    if (fold !== undefined) return fold;
    throw new AffectError(
      'USAGE',
      `${where}: ${subject ?? 'a face without subject'} is in none of the published folds; leave these labels out, or name --folds by number`,
    );
  };
}
