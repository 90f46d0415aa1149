import { z } from 'zod';
import { AffectError } from '../domain/errors.js';
import { type EvalItem, requireEmotion, requireItems } from './items.js';

/** A question of FERBench (UniFER), as far as it is used: its prompt is for language models. */
const questionSchema = z.object({
  image_path: z.string().min(1),
  true_label: z.string(),
  candidate_labels: z.array(z.string()).min(1),
});

/** The last part of a question's path: where the images of a FERBench folder lie is up to its user. */
const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/**
 * Questions of a FERBench file: a JSON array. Throws USAGE that names the question (counted from 1) when one has
 * another form, a label that is no emotion, or a true label that is no candidate.
 *
 * @param path - only for messages
 */
export function parseQuestions(text: string, path: string): readonly EvalItem[] {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (error) {
    throw new AffectError('USAGE', `${path} is not JSON: ${(error as Error).message}`, { cause: error });
  }
  if (!Array.isArray(list)) throw new AffectError('USAGE', `${path} is not a list of questions (a JSON array)`);
  const items = list.map((entry, index): EvalItem => {
    const parsed = questionSchema.safeParse(entry);
    const where = `${path}, question ${index + 1}`;
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw new AffectError('USAGE', `${where}: ${issue?.path.join('.') || 'entry'}: ${issue?.message}`);
    }
    const { image_path: image, true_label: label, candidate_labels: candidateLabels } = parsed.data;
    const truth = requireEmotion(label, where);
    const candidates = candidateLabels.map((candidate) => requireEmotion(candidate, where));
    if (!candidates.includes(truth))
      throw new AffectError('USAGE', `${where}: the true label "${label}" is not among its candidate labels`);
    return { image: baseName(image), truth, candidates };
  });
  return requireItems(items, path);
}
