import { basename } from 'node:path';
import { parseFerbenchFile } from './benchmarks/ferbench-file.js';
import type { EvalItem } from './items.js';
import { emotionIndex } from './labels.js';

/**
 * Questions of a FERBench file for the small model: the last part of each path, since where the images of a FERBench
 * folder lie is up to its user, the label, and the candidates. Throws what parseFerbenchFile does.
 *
 * @param path - only for messages
 */
export function parseQuestions(text: string, path: string): readonly EvalItem[] {
  return parseFerbenchFile(text, path).map(({ image, truth, candidates }) => ({
    image: basename(image),
    truth,
    candidates: candidates.map((label) => emotionIndex(label)!),
  }));
}
