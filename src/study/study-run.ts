import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AffectError, type ErrorCode } from '../domain/errors.js';
import type { RunSummary } from '../domain/records.js';
import type { Study, StudyAnalysis, StudyVideo } from '../domain/study.js';
import { writeWhole } from '../holding/write-whole.js';
import type { OutputPlan } from '../recording/output-plan.js';
import type { FileMark } from './file-mark.js';

/** Version of `study.json`. */
export const STUDY_RUN_VERSION = 1;

/** What the results of a video follow from: when any of it changes, they are made again. */
export interface MadeFrom {
  readonly mien: string;
  /** Versions of the models, by id. */
  readonly models: Readonly<Record<string, string>>;
  readonly file: FileMark;
  readonly analysis: StudyAnalysis;
}

/** begun: its analysis did not end. failed: it gave no results. */
export type VideoState = 'begun' | 'complete' | 'damaged' | 'failed';

/** What became of one video. No path and no message is kept: either may hold a name. */
export interface VideoRun {
  readonly id: string;
  readonly session: string;
  readonly state: VideoState;
  /** Why it failed, or is damaged. */
  readonly error: ErrorCode | 'UNEXPECTED' | null;
  readonly madeFrom: MadeFrom;
  /** SHA-256 of the map of people that its files follow; null without one. */
  readonly map: string | null;
  /** Someone's results were deleted from it: it is not analysed again, which would bring them back. */
  readonly isCut: boolean;
  /** Null until it was analysed. */
  readonly summary: Pick<RunSummary, 'frames' | 'records' | 'tracks' | 'episodes' | 'coverage'> | null;
}

/** `study.json`: what was run, with which mien, models and options. Participants are in it as pseudonyms only. */
export interface StudyRun {
  readonly v: typeof STUDY_RUN_VERSION;
  readonly name: string;
  readonly videos: readonly VideoRun[];
  /** Participants whose results were deleted. */
  readonly forgotten: readonly string[];
}

/** Where `study.json` is. */
export const runPath = ({ results }: Pick<Study, 'results'>): string => join(results, 'study.json');

/** Where the results of a video go. */
export function planOf({ results }: Pick<Study, 'results'>, { id, path }: Pick<StudyVideo, 'id' | 'path'>): OutputPlan {
  return { input: path, name: id, dir: join(results, 'videos', id) };
}

/** What was run so far; nothing where there are no results. Throws INPUT_DAMAGED for what mien did not write. */
export async function readRun(study: Pick<Study, 'results' | 'name'>): Promise<StudyRun> {
  const path = runPath(study);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      return { v: STUDY_RUN_VERSION, name: study.name, videos: [], forgotten: [] };
    throw error;
  }
  const run = parsed(text);
  if (run?.v !== STUDY_RUN_VERSION || !Array.isArray(run.videos) || !Array.isArray(run.forgotten))
    throw new AffectError(
      'INPUT_DAMAGED',
      `${path} is not what this mien writes; move it away, and run the study again`,
    );
  return run as StudyRun;
}

function parsed(text: string): Partial<StudyRun> | null {
  try {
    return JSON.parse(text) as Partial<StudyRun> | null;
  } catch {
    return null; // The caller names the file.
  }
}

/** Writes `study.json`, whole or not at all. Rejects with OUTPUT_UNWRITABLE. */
export async function writeRun(study: Pick<Study, 'results'>, run: StudyRun): Promise<void> {
  const path = runPath(study);
  try {
    await writeWhole(path, `${JSON.stringify(run, null, 2)}\n`, 0o644);
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new AffectError('OUTPUT_UNWRITABLE', `${path} cannot be written (${why}); make room, and run it again`, {
      cause: error,
    });
  }
}

/** The run with one video as it is now; the others, and their order, stay. */
export function withVideo(run: StudyRun, video: VideoRun): StudyRun {
  const at = run.videos.findIndex(({ id }) => id === video.id);
  return { ...run, videos: at < 0 ? [...run.videos, video] : run.videos.with(at, video) };
}
