import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { nearest } from '../config/nearest.js';
import { AffectError } from '../domain/errors.js';
import { PEOPLE_ENDING } from '../domain/people.js';
import type { Study } from '../domain/study.js';
import { BIDS_FOLDER } from './bids/bids-names.js';
import { type SessionVideo, videosOf } from './choose-videos.js';
import { forgetPerson, type Removal } from './forget-person.js';
import { readVideoPeople } from './read-binding.js';
import { planOf, readRun, type StudyRun, writeRun } from './study-run.js';

/** Computed from everybody: they go whole. */
const OF_STUDY = [
  'numbers.csv',
  'numbers.parquet',
  'numbers.json',
  'codebook.csv',
  'codebook.md',
  'report.html',
  'report.pdf',
  BIDS_FOLDER,
];

/** Ending of what was not whole yet when mien was killed. */
const PART = '.part';

/** What is taken out of a study, and where its sources are, which stay. */
export interface Forgotten {
  readonly removals: readonly Removal[];
  /** Video files that show the participant. Nothing is changed in them. */
  readonly sources: readonly string[];
}

/**
 * Takes a participant out of all results of a study. The video files, the study file and files of keys are left alone. With
 * `dry` nothing is changed. Throws USAGE for who is no participant and was not forgotten before.
 */
export async function forgetParticipant(
  study: Study,
  { participant, dry }: { readonly participant: string; readonly dry: boolean },
): Promise<Forgotten> {
  checkKnown(study, participant);
  let run = await readRun(study);
  const removals: Removal[] = [];
  const sources: string[] = [];
  for (const { video } of videosOf(study)) {
    const found = await forgetInVideo(study, video, { participant, dry });
    if (Object.values(video.people).includes(participant) || found !== null) sources.push(video.path);
    if (found === null) continue;
    removals.push(...found.removals);
    run = withoutVideo(run, video.id, found.isEmpty);
    if (!dry) await writeRun(study, run);
  }
  for (const name of OF_STUDY.flatMap((each) => [each, `${each}${PART}`])) {
    const file = join(study.results, name);
    if (!existsSync(file)) continue;
    removals.push({ file, what: 'whole', rows: null, why: 'is computed from everybody' });
    if (!dry) await rm(file, { recursive: true });
  }
  if (!dry) await writeRun(study, { ...run, forgotten: [...new Set([...run.forgotten, participant])] });
  return { removals, sources };
}

function checkKnown({ participants, file }: Study, participant: string): void {
  const ids = participants.map(({ id }) => id);
  if (ids.includes(participant)) return;
  const meant = nearest(participant, ids);
  throw new AffectError(
    'USAGE',
    `--participant ${participant}: ${file} names nobody so${meant ? `; is "${meant}" meant?` : ''}; forget them before you take them out of it`,
  );
}

/** The account without a video of which nothing is left, or with one that is not to be analysed again. */
function withoutVideo(run: StudyRun, id: string, isEmpty: boolean): StudyRun {
  const videos = isEmpty
    ? run.videos.filter((video) => video.id !== id)
    : run.videos.map((video) => (video.id === id ? { ...video, isCut: true } : video));
  return { ...run, videos };
}

/** Null where nothing of them is. `isEmpty`: all results of the video went, as there is nobody else. */
async function forgetInVideo(
  study: Study,
  video: SessionVideo['video'],
  { participant, dry }: { readonly participant: string; readonly dry: boolean },
): Promise<{ readonly removals: readonly Removal[]; readonly isEmpty: boolean } | null> {
  const { dir, name } = planOf(study, video);
  const base = join(dir, name);
  const goWhole = async (why: string) => {
    if (!dry) await rm(dir, { recursive: true });
    return { removals: [{ file: dir, what: 'whole' as const, rows: null, why }], isEmpty: true };
  };
  if (!existsSync(dir)) return null;
  const isNamed = Object.values(video.people).includes(participant);
  if (!existsSync(`${base}${PEOPLE_ENDING}`) || !existsSync(`${base}.manifest.json`))
    return isNamed ? goWhole('is of an analysis that did not end') : null;
  const { file, binding } = await readVideoPeople(study, video);
  const person = file.people.find((each) => binding.participants.get(each.person) === participant);
  if (!person) return null;
  if (file.people.length === 1) return goWhole('shows nobody else');
  return { removals: await forgetPerson(base, { file, person, dry }), isEmpty: false };
}
