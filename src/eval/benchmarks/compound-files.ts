import { AffectError } from '../../domain/errors.js';
import { COMPOUND_EXPRESSIONS, type CompoundExpression } from '../../domain/insight.js';
import { ItemProblems, MAX_ITEMS } from './annotation-file.js';
import { safeImagePath } from './image-path.js';
import type { CompoundItem } from './items.js';

/** RAF-DB numbers its compound classes from 1 (its own order). */
const RAF_DB_NUMBERS: readonly CompoundExpression[] = [
  'happily surprised',
  'happily disgusted',
  'sadly fearful',
  'sadly angry',
  'sadly surprised',
  'sadly disgusted',
  'fearfully angry',
  'fearfully surprised',
  'angrily surprised',
  'angrily disgusted',
  'disgustedly surprised',
];

/** Classes an answer about RAF-DB is chosen from. */
export const RAF_DB_CLASSES: readonly CompoundExpression[] = COMPOUND_EXPRESSIONS;
/** Classes an answer about C-EXPR-DB is chosen from. */
export const C_EXPR_DB_CLASSES: readonly CompoundExpression[] = COMPOUND_EXPRESSIONS.slice(0, 7);

/** The compound expression that a label names, in any case; undefined for none. */
export const compoundNamed = (label: string): CompoundExpression | undefined =>
  COMPOUND_EXPRESSIONS.find(
    (one) =>
      one ===
      label
        .trim()
        .toLowerCase()
        .replace(/[\s_-]+/g, ' '),
  );

/**
 * RAF-DB's list of compound labels (compound/EmoLabel/list_patition_label.txt): a line is a picture and its number, 1 to 11,
 * or the class in words. "test_0001.jpg" stands for "test_0001_aligned.jpg" too: the source of images decides. Throws
 * USAGE that names every line that does not fit.
 *
 * @param split - only pictures whose name begins so ("test"), as RAF-DB marks its split; null: all
 */
export function parseRafCompound(text: string, path: string, split: string | null): readonly CompoundItem[] {
  const problems = new ItemProblems(path, 'line');
  const items = linesOf(text, path).flatMap(({ number, line }): CompoundItem[] => {
    const [, name = '', label = ''] = /^(\S+)[\s,]+(.+)$/.exec(line) ?? [];
    const truth = /^\d+$/.test(label) ? RAF_DB_NUMBERS[Number(label) - 1] : compoundNamed(label);
    const image = safeImagePath(name.replace(/,$/, ''));
    if (name === '') problems.add(number, 'expected a picture and its class');
    else if (truth === undefined) problems.add(number, `"${label}" is neither 1 to 11 nor a compound expression`);
    else if (image === null) problems.add(number, `"${name}" leaves the folder of images`);
    else if (split === null || image.slice(image.lastIndexOf('/') + 1).startsWith(split))
      return [{ part: 'RAF-DB', number, image, truth }];
    return [];
  });
  problems.throwIfAny();
  return requireSome(items, path);
}

/**
 * Labels of one video in the form of the ABAW competitions: a header line with the classes, then one line per frame with the
 * class's number, 0 to 6 in the order of COMPOUND_EXPRESSIONS, 7 for another one, -1 for none; the last two are left out. The
 * picture of line n after the header is `<video>/<n as five digits>.jpg` of the cropped and aligned frames. Throws USAGE that
 * names every line that does not fit.
 *
 * @param video - the file's name without .txt
 */
export function parseCexprVideo(text: string, path: string, video: string): readonly CompoundItem[] {
  const problems = new ItemProblems(path, 'line');
  const items = linesOf(text, path)
    .slice(1)
    .flatMap(({ number, line }): CompoundItem[] => {
      if (!/^(?:-1|[0-7])$/.test(line)) {
        problems.add(number, `"${line.slice(0, 40)}" is not a class: 0 to 7, or -1`);
        return [];
      }
      const truth = COMPOUND_EXPRESSIONS[Number(line)];
      if (line === '-1' || line === '7' || truth === undefined) return [];
      return [{ part: 'C-EXPR-DB', number, image: `${video}/${String(number - 1).padStart(5, '0')}.jpg`, truth }];
    });
  problems.throwIfAny();
  return items;
}

/** Throws USAGE when nothing is left to measure. */
export function requireSome(items: readonly CompoundItem[], path: string): readonly CompoundItem[] {
  if (items.length > 0) return items;
  throw new AffectError('USAGE', `${path} lists no images; there is nothing to measure`);
}

/** Lines that are not empty, with their numbers from 1. Throws USAGE where there are more than a million. */
export function linesOf(text: string, path: string): { readonly number: number; readonly line: string }[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  if (lines.length > MAX_ITEMS)
    throw new AffectError('USAGE', `${path} has ${lines.length} lines; at most ${MAX_ITEMS} are read`);
  return lines.map((line, index) => ({ number: index + 1, line: line.trim() })).filter(({ line }) => line !== '');
}
