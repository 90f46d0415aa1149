import { AffectError } from '../domain/errors.js';
import { type Held, hold } from '../holding/hold.js';
import { SYSTEM_CLOCK } from '../rx/clock.js';
import type { OutputPlan } from './output-plan.js';

/**
 * Takes the results of one video for this run alone: its files and its journal. Others of the folder are free to be
 * written. `lost` aborts when another run took them over. Rejects with FOLDER_IN_USE, OUTPUT_UNWRITABLE, or the reason of
 * the signal.
 */
export async function holdResults(
  { dir, name }: Pick<OutputPlan, 'dir' | 'name'>,
  signal: AbortSignal,
): Promise<Held & { readonly lost: AbortSignal }> {
  const lost = new AbortController();
  try {
    const held = await hold({
      folder: dir,
      part: name,
      words: `${name} in ${dir}`,
      otherwise: 'choose another --out',
      clock: SYSTEM_CLOCK,
      signal,
      onWait: () => undefined,
      onLost: (error) => lost.abort(error),
    });
    return { release: () => held.release(), lost: lost.signal };
  } catch (error) {
    if (error instanceof AffectError || signal.aborted) throw error;
    const why = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new AffectError('OUTPUT_UNWRITABLE', `cannot write to ${dir} (${why}); choose another --out`, {
      cause: error,
    });
  }
}
