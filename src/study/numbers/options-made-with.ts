import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AffectError } from '../../domain/errors.js';
import type { Study } from '../../domain/study.js';
import { NUMBER_OPTIONS, type NumberOptions } from './number-options.js';

/**
 * The options that the numbers of a study were made with last, so that they are not made anew with others; the defaults
 * where there are none. Rejects with INPUT_DAMAGED for a `numbers.json` that mien did not write.
 */
export async function optionsMadeWith({ results }: Pick<Study, 'results'>): Promise<NumberOptions> {
  const path = join(results, 'numbers.json');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return NUMBER_OPTIONS;
    throw error;
  }
  try {
    const { options } = JSON.parse(text) as { readonly options: Partial<NumberOptions> };
    const synchrony = { ...NUMBER_OPTIONS.synchrony, ...options.synchrony };
    return { ...NUMBER_OPTIONS, ...options, synchrony };
  } catch (error) {
    const fix = 'move it away, and run mien study numbers';
    throw new AffectError('INPUT_DAMAGED', `${path} is not what this mien writes; ${fix}`, { cause: error });
  }
}
