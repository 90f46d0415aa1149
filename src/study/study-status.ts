import { type Person, personWords } from '../domain/people.js';
import type { Study } from '../domain/study.js';
import { isComplete } from '../recording/what-is-there.js';
import { type SessionVideo, videosOf } from './choose-videos.js';
import { readVideoPeople } from './read-binding.js';
import { planOf, readRun, type StudyRun, type VideoState } from './study-run.js';

/** How one video of a study stands. */
export interface VideoStatus {
  readonly video: string;
  readonly session: string;
  readonly condition: string | null;
  /** missing: not analysed so far. */
  readonly state: VideoState | 'missing';
  readonly frames: number | null;
  /** Share of the frames with a valid face. */
  readonly coverage: number | null;
  /** Participants that the study file names for it. */
  readonly expected: number;
  /** Persons that were found; null where it was not analysed. */
  readonly found: number | null;
  /** A participant's id by the number of a person. */
  readonly people: Readonly<Record<string, string>>;
  /** What somebody should look at, one line each. */
  readonly problems: readonly string[];
}

/** How all videos of a study stand, in its order. */
export async function statusOf(study: Study): Promise<readonly VideoStatus[]> {
  const run = await readRun(study);
  const all: VideoStatus[] = [];
  for (const each of videosOf(study)) all.push(await videoStatus(study, each, run));
  return all;
}

async function videoStatus(study: Study, { session, video }: SessionVideo, run: StudyRun): Promise<VideoStatus> {
  const account = run.videos.find(({ id }) => id === video.id);
  const { summary = null, error = null } = account ?? {};
  const gone = account !== undefined && account.summary !== null && !isComplete(planOf(study, video));
  const state = account === undefined || gone ? 'missing' : account.state;
  const people = await peopleProblems(study, { session, video }, summary !== null && !gone);
  return {
    video: video.id,
    session: session.id,
    condition: session.condition,
    state,
    frames: summary?.frames ?? null,
    coverage: summary && summary.frames > 0 ? summary.coverage.ok / summary.frames : null,
    expected: Object.keys(video.people).length,
    ...people,
    problems: [...(error === null ? [] : [error]), ...(gone ? ['its results are gone'] : []), ...people.problems],
  };
}

/** Persons found against those expected. */
async function peopleProblems(
  study: Study,
  { video }: SessionVideo,
  analysed: boolean,
): Promise<Pick<VideoStatus, 'found' | 'people' | 'problems'>> {
  if (!analysed) return { found: null, people: {}, problems: [] };
  try {
    const { file, binding } = await readVideoPeople(study, video);
    const missing = binding.missing.map(({ participant, person }) => `${participant} not found (${asPerson(person)})`);
    const expected = Object.keys(video.people).length > 0;
    const unnamed = binding.unnamed.map((person) => `${personWords(person)} not named${seenFor(person, file.tracks)}`);
    return {
      found: file.people.length,
      people: Object.fromEntries(binding.participants),
      problems: [...missing, ...(expected ? unnamed : [])],
    };
  } catch (error) {
    return { found: null, people: {}, problems: [(error as Error).message] };
  }
}

const asPerson = (key: string): string => (/^\d+$/.test(key) ? `person ${key}` : key);

/** " (12.4 s)": for how long somebody is seen. */
function seenFor(
  { tracks }: Person,
  all: readonly {
    readonly track: number;
    readonly seen: readonly { readonly fromUs: number; readonly toUs: number }[];
  }[],
): string {
  const own = all.filter(({ track }) => tracks.some((each) => each.track === track));
  const us = own.flatMap(({ seen }) => seen).reduce((sum, { fromUs, toUs }) => sum + toUs - fromUs, 0);
  return ` (seen for ${(us / 1e6).toFixed(1)} s)`;
}
