import type { StudyAnalysis } from '../domain/study.js';
import type { MadeFrom, VideoRun } from './study-run.js';

/** What is to be done with a video. */
export type VideoTask =
  | { readonly type: 'done' }
  /** Its map of people is another: its files are to name these, without analysing. */
  | { readonly type: 'name' }
  /** It would be analysed again, but someone's results were deleted from it. */
  | { readonly type: 'kept'; readonly why: string }
  /** @param why - one line: it is new, what changed, or that it did not end */
  | { readonly type: 'analyze'; readonly how: 'anew' | 'resume'; readonly why: string };

/** What is left to do of a video, by what was run and what it would be made from now. */
export function taskOf(
  before: VideoRun | undefined,
  { madeFrom: now, map }: Pick<VideoRun, 'madeFrom' | 'map'>,
  has: {
    /** Its results are whole. */ readonly results: boolean /** A journal of an analysis that did not end. */;
    readonly journal: boolean;
  },
): VideoTask {
  if (!before) return { type: 'analyze', how: 'anew', why: 'new' };
  // Who is blurred is painted into pictures: a new map paints them anew.
  const isPainted = now.analysis.blurOthers && before.map !== map;
  const changes = [...changesOf(before.madeFrom, now), ...(isPainted ? ['the map of people'] : [])];
  const why = `changed: ${changes.join(', ')}`;
  if (changes.length > 0) return before.isCut ? { type: 'kept', why } : { type: 'analyze', how: 'anew', why };
  if (has.journal) return { type: 'analyze', how: 'resume', why: 'not ended before' };
  if (before.state === 'failed') return { type: 'analyze', how: 'anew', why: 'failed before' };
  if (before.state === 'begun') return { type: 'analyze', how: 'anew', why: 'not ended before' };
  if (has.results && before.map !== map) return { type: 'name' };
  return has.results ? { type: 'done' } : { type: 'analyze', how: 'anew', why: 'its results are gone' };
}

/** What is different, in words: `the file`, `fps 10 to 25`, `mien-affect 6 to 7`. */
function changesOf(before: MadeFrom, now: MadeFrom): string[] {
  const file = before.file.bytes === now.file.bytes && before.file.ends === now.file.ends ? [] : ['the file'];
  const mien = before.mien === now.mien ? [] : [`mien ${before.mien} to ${now.mien}`];
  const models = differences(before.models, now.models);
  const options = differences(before.analysis, now.analysis as StudyAnalysis & Readonly<Record<string, unknown>>);
  return [...file, ...options, ...mien, ...models];
}

function differences(before: object, now: object): string[] {
  const [was, is] = [new Map(Object.entries(before)), new Map(Object.entries(now))];
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((key) => JSON.stringify(was.get(key)) !== JSON.stringify(is.get(key)))
    .map((key) => `${key} ${words(was.get(key))} to ${words(is.get(key))}`);
}

const words = (value: unknown): string =>
  Array.isArray(value) ? value.join('+') : value === undefined || value === null ? 'none' : String(value);
