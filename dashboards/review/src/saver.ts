import { saveAnnotations } from './api.js';
import type { Rating } from './model/rating.js';

/** What the page tells of saving. */
export type SaveState = { readonly state: 'saved' | 'saving' } | { readonly state: 'failed'; readonly why: string };

/** Saves the newest rating, one save at a time; what changes meanwhile is saved after it. */
export function createSaver(
  index: number,
  version: string,
  tell: (state: SaveState) => void,
): (rating: Rating) => Promise<void> {
  let known = version;
  let wanted: Rating | null = null;
  let running: Promise<void> | null = null;
  const run = async (): Promise<void> => {
    try {
      while (wanted) {
        const annotations = [...wanted.values()];
        wanted = null;
        tell({ state: 'saving' });
        ({ version: known } = await saveAnnotations(index, { version: known, annotations }));
      }
      tell({ state: 'saved' });
    } catch (error) {
      tell({ state: 'failed', why: error instanceof Error ? error.message : String(error) });
    } finally {
      running = null;
    }
  };
  return (rating) => {
    wanted = rating;
    running ??= run();
    return running;
  };
}
