import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readTable } from '../../csv/csv-rows.js';
import { AffectError } from '../../domain/errors.js';
import { Problems } from '../../eval/benchmarks/annotation-file.js';
import { shuffled } from '../draw.js';
import { TEXTS } from './check-texts.js';
import type { DescribedFace } from './described.js';
import { classOf } from './facts.js';
import { csvText } from './lists.js';

/** Those who say whether a text is right: a column each. */
export const REVIEWERS = ['reviewer_1', 'reviewer_2'] as const;
/** What they may say. */
const VERDICTS: Readonly<Record<string, boolean>> = { yes: true, no: false };

/**
 * DIR/review.csv: of each class so many faces, drawn by the seed, with a line for each text and a column for each of two people
 * who say whether it is right.
 */
export function reviewSheet(
  faces: readonly DescribedFace[],
  { each, seed, images }: { readonly each: number; readonly seed: number; readonly images: string },
): string {
  const classes = new Map<string, DescribedFace[]>();
  for (const face of faces) {
    const name = classOf(face.facts);
    classes.set(name, [...(classes.get(name) ?? []), face]);
  }
  const rows = [...classes.keys()].sort().flatMap((name) => {
    const byImage = new Map(classes.get(name)!.map((face) => [face.image, face]));
    const drawn = shuffled(seed, byImage.keys())
      .slice(0, each)
      .map((image) => byImage.get(image)!);
    return drawn.flatMap((face) => TEXTS.map((text) => ({ name, face, text })));
  });
  return csvText(rows, [
    ['image', ({ face }) => face.image],
    ['picture', ({ face }) => resolve(images, face.image)],
    ['class', ({ name }) => name],
    ['units', ({ face }) => face.facts.units?.present.join(' ')],
    ['kind', ({ text }) => text],
    ['text', ({ face, text }) => face.texts[text]],
    ...REVIEWERS.map((reviewer) => [reviewer, () => ''] as const),
    ['remark', () => ''],
  ]);
}

/** What two people say of one text. */
export interface ReviewedText {
  readonly image: string;
  readonly class: string;
  /** FACS numbers of the face that are present. */
  readonly units: readonly string[];
  readonly kind: string;
  /** By reviewer; null where one has said nothing. */
  readonly verdicts: readonly [boolean | null, boolean | null];
}

/**
 * Reads filled sheets: one with both columns, or a copy for each reviewer. Rejects with INPUT_NOT_FOUND, or USAGE that names every
 * line whose verdict is neither yes nor no, or not the same in two copies.
 */
export async function readReviews(paths: readonly string[]): Promise<readonly ReviewedText[]> {
  const problems = new Problems();
  const found = new Map<string, ReviewedText>();
  for (const path of paths) {
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      throw new AffectError('INPUT_NOT_FOUND', `cannot read ${path}; check the path`, { cause: error });
    });
    const table = readTable(text, path);
    const at = Object.fromEntries(
      ['image', 'class', 'units', 'kind', ...REVIEWERS].map((name) => [
        name,
        table.position(name, 'review.csv of mien dataset describe'),
      ]),
    );
    for (const { fields, line } of table.rows) {
      const cell = (name: string): string => fields[at[name]!]?.trim() ?? '';
      const key = `${cell('image')}\n${cell('kind')}`;
      const before = found.get(key)?.verdicts;
      const verdicts = REVIEWERS.map((reviewer, index) => {
        const word = cell(reviewer).toLowerCase();
        const said = VERDICTS[word] ?? null;
        const earlier = before?.[index] ?? null;
        if (word !== '' && said === null)
          problems.add(`${path}, line ${line}`, `${reviewer} is "${word}"; write yes or no`);
        if (said !== null && earlier !== null && said !== earlier)
          problems.add(`${path}, line ${line}`, `${reviewer} is "${word}", and the opposite in another sheet`);
        return said ?? earlier;
      }) as [boolean | null, boolean | null];
      const units = cell('units') === '' ? [] : cell('units').split(/\s+/);
      found.set(key, { image: cell('image'), class: cell('class'), units, kind: cell('kind'), verdicts });
    }
  }
  problems.throwIfAny();
  return [...found.values()];
}
