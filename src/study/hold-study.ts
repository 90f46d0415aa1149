import { AffectError } from '../domain/errors.js';
import type { Study } from '../domain/study.js';
import { type Held, hold } from '../holding/hold.js';
import { SYSTEM_CLOCK } from '../rx/clock.js';

/**
 * Takes the results folder of a study for this process alone. `lost` aborts when another took it over. Rejects with
 * FOLDER_IN_USE, OUTPUT_UNWRITABLE, or the reason of the signal.
 */
export async function holdStudy(
  { results }: Pick<Study, 'results'>,
  { signal, say }: { readonly signal: AbortSignal; readonly say: (line: string) => void },
): Promise<Held & { readonly lost: AbortSignal }> {
  const lost = new AbortController();
  try {
    const held = await hold({
      folder: results,
      part: null,
      words: `results ${results}`,
      otherwise: 'wait until it has ended',
      clock: SYSTEM_CLOCK,
      signal,
      onWait: say,
      onLost: (error) => lost.abort(error),
    });
    return { release: () => held.release(), lost: lost.signal };
  } catch (error) {
    if (error instanceof AffectError || signal.aborted) throw error;
    const why = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new AffectError('OUTPUT_UNWRITABLE', `cannot write to ${results} (${why}); choose another results folder`, {
      cause: error,
    });
  }
}
