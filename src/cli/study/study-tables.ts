import { AffectError } from '../../domain/errors.js';
import type { Study } from '../../domain/study.js';
import type { NumberOptions } from '../../study/numbers/number-options.js';
import { type NumbersSummary, runNumbers } from '../../study/numbers/run-numbers.js';

/**
 * Makes numbers and report of the sessions whose videos are all there, and tells which are not. Null where none is whole yet.
 * Rejects with INPUT_DAMAGED and OUTPUT_UNWRITABLE.
 */
export async function makeTables(
  study: Study,
  options: NumberOptions,
  tell: (line: string) => void,
): Promise<NumbersSummary | null> {
  try {
    const summary = await runNumbers(study, options);
    for (const line of summary.leftOut) tell(`numbers: ${line}`);
    return summary;
  } catch (error) {
    if (!(error instanceof AffectError) || error.code !== 'INPUT_NOT_FOUND') throw error;
    tell(`no numbers: ${error.message}`);
    return null;
  }
}
