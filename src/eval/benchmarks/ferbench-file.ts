import { basename } from 'node:path';
import { z } from 'zod';
import { emotionIndex } from '../labels.js';
import { ItemProblems, parseList } from './annotation-file.js';
import { safeImagePath } from './image-path.js';
import type { FerbenchItem } from './items.js';

const questionSchema = z.object({
  image_path: z.string().min(1).max(1024),
  true_label: z.string().min(1).max(100),
  prompt: z.string().max(20_000).optional(),
  candidate_labels: z.array(z.string().min(1).max(100)).min(1).max(100),
});

/** FERBench's four sets, by what their files are called. */
const SETS: readonly (readonly [RegExp, string])[] = [
  [/raf-?_?db/i, 'RAF-DB'],
  [/fer-?_?plus/i, 'FERPlus'],
  [/affectnet/i, 'AffectNet'],
  [/sfew/i, 'SFEW 2.0'],
];

/** Name of the set a question file is about: one of FERBench's four, else the file's own name. */
export function ferbenchSet(path: string): string {
  const name = basename(path);
  return SETS.find(([pattern]) => pattern.test(name))?.[1] ?? name.replace(/\.json$/i, '');
}

/**
 * Questions of a FERBench file (UniFER): a JSON array of {image_path, true_label, prompt, candidate_labels}. Throws USAGE
 * that names every question (counted from 1) of another form, with a label that is no emotion, a true label that is no
 * candidate, or a path that leaves the folder of images.
 *
 * @param path - for messages and the name of the set
 */
export function parseFerbenchFile(text: string, path: string): readonly FerbenchItem[] {
  const problems = new ItemProblems(path, 'question');
  const part = ferbenchSet(path);
  const items = parseList({ text, path, noun: 'question', schema: questionSchema }, problems).flatMap(
    ({ number, value }): FerbenchItem[] => {
      const image = safeImagePath(value.image_path);
      const truth = emotionIndex(value.true_label);
      const strange = [value.true_label, ...value.candidate_labels].find((label) => emotionIndex(label) === undefined);
      if (image === null) problems.add(number, `image_path: "${value.image_path}" leaves the folder of images`);
      if (strange !== undefined)
        problems.add(number, `"${strange}" is not one of the eight emotions; rename or remove it`);
      else if (!value.candidate_labels.some((label) => emotionIndex(label) === truth))
        problems.add(number, `the true label "${value.true_label}" is not among its candidate labels`);
      if (image === null || truth === undefined) return [];
      const { prompt = '', candidate_labels: candidates, true_label: label } = value;
      return [{ part, number, image, prompt, candidates, label, truth }];
    },
  );
  problems.throwIfAny();
  return items;
}
