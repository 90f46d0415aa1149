import { stat } from 'node:fs/promises';
import type { Source, SourceOptions } from '../../dataset/source.js';
import { openSource } from '../../dataset/sources.js';
import { AffectError } from '../../domain/errors.js';
import type { SetFlags } from './dataset-flags.js';

/** The set that flags name. Rejects with INPUT_NOT_FOUND or USAGE. */
export const sourceOf = (
  labels: string,
  flags: SetFlags,
  wanted: Pick<SourceOptions, 'tasks' | 'ownParts'>,
): Promise<Source> =>
  openSource(flags.from, {
    ...wanted,
    path: labels,
    units: flags.units,
    frameImage: flags.frameImage ?? null,
    columns: { image: flags.imageColumn, label: flags.labelColumn, subject: flags.subjectColumn },
    faba: { emotions: flags.emotions ?? null, units: flags.unitTexts ?? null },
  });

/** The folder of its images. Rejects with INPUT_NOT_FOUND. */
export async function imagesOf(source: Source, { images = source.images }: SetFlags): Promise<string> {
  const found = await stat(images).catch(() => undefined);
  if (found?.isDirectory()) return images;
  throw new AffectError('INPUT_NOT_FOUND', `${images} is not a folder of images; name it with --images`);
}
