import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import sharp from 'sharp';

/** Draws a plain picture of 40 x 50 pixels whose shade tells it from others. */
export async function drawPicture(folder: string, name: string, shade: number): Promise<void> {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  await sharp({ create: { width: 40, height: 50, channels: 3, background: { r: shade, g: 90, b: 200 } } }).toFile(
    join(folder, name),
  );
}

/** A FERBench question in its published form, in words of our own. */
export function ferbenchQuestion(index: number, label: string, candidates: readonly string[]) {
  return {
    image_path: `/set/${label}/face-${index}.png`,
    true_label: label,
    prompt: `Face ${index}: which of ${candidates.join(', ')}?`,
    candidate_labels: candidates,
  };
}

/** Questions about every candidate in turn, with their pictures in `folder`. */
export async function ferbenchWorld(folder: string, count: number, candidates: readonly string[]) {
  const questions = Array.from({ length: count }, (_, index) =>
    ferbenchQuestion(index, candidates[index % candidates.length]!, candidates),
  );
  for (const [index, { image_path }] of questions.entries()) await drawPicture(folder, image_path, index % 256);
  writeFileSync(join(folder, 'questions.json'), JSON.stringify(questions));
  return questions;
}
