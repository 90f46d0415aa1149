import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { checkedRater } from '../annotations/rater-file.js';
import { findResults } from '../annotations/results.js';
import { AffectError } from '../domain/errors.js';
import { ReviewDesk } from '../review/desk.js';
import { startReview } from '../review/start-review.js';
import type { ReviewFlags } from './review-flags.js';
import { whileStoppable } from './stop-on-signals.js';

const PAGE_DIR = fileURLToPath(new URL('../review-page/', import.meta.url));

/** Serves the review page until Ctrl-C. Resolves to the exit code. */
export async function review(
  folder: string,
  { rater, video, port, quiet }: ReviewFlags,
  write: (text: string) => void,
): Promise<number> {
  if (video !== undefined && !existsSync(video))
    throw new AffectError('INPUT_NOT_FOUND', `${video} does not exist; --video names the video of the results`);
  const bases = await findResults(folder);
  if (video !== undefined && bases.length > 1)
    throw new AffectError(
      'USAGE',
      `--video names one video, and ${folder} has results of ${bases.length}; name the folder of one`,
    );
  const desk = new ReviewDesk({ bases, rater: checkedRater(rater), video: video ?? null });
  return whileStoppable(async ({ signal }) => {
    const serving = await startReview({ desk, pageDir: PAGE_DIR, port });
    // The address is what the command is for: it is told also to who wants nothing else.
    write(
      quiet
        ? `${serving.url}\n`
        : `review of ${rater}: ${serving.url}\n  this machine alone can open it; Ctrl-C ends it\n`,
    );
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    await serving.close();
    return 0;
  });
}
