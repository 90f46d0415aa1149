import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { KeyPath } from '../config/layers.js';
import type { Parts } from '../config/parse-parts.js';
import { AffectError } from '../domain/errors.js';
import type { Participant, StudyVideo } from '../domain/study.js';
import { type Micros, micros, microsFromSeconds } from '../domain/units.js';
import { sourceName } from '../recording/output-plan.js';
import { openVideo } from '../source/video-file.js';
import type { Findings } from './findings.js';
import { unknownParticipant } from './participants.js';
import { isStudyId, STUDY_ID_WORDS, type WrittenVideo } from './study-schema.js';

/** How long a video is; null where it does not tell. Rejects with an error of the table where it cannot be read. */
export type Measure = (path: string) => Promise<Micros | null>;

/** Asks ffprobe. */
export const measureVideo: Measure = async (path) => {
  const { info } = await openVideo({ path });
  return info.durationSeconds === null ? null : microsFromSeconds(info.durationSeconds);
};

export interface VideosReading {
  readonly folder: string;
  readonly participants: readonly Participant[];
  readonly findings: Findings;
  readonly measure: Measure;
  /** Of all sessions read before: ids in small letters, and paths, with where they are. Filled. */
  readonly taken: Map<string, string>;
}

/** One video of a session; null where it has no path or no id. */
export async function readVideo(
  written: Parts<WrittenVideo>,
  at: KeyPath,
  reading: VideosReading,
): Promise<StudyVideo | null> {
  const { folder, findings, taken } = reading;
  const place = (key: string) => findings.placeOf([...at, key]);
  if (written.path === undefined) return null;
  const path = resolve(folder, written.path);
  const id = written.id ?? idOfPath(path);
  if (!isStudyId(id)) {
    findings.problem(place('id'), `missing, and "${id}" is none; give ${STUDY_ID_WORDS}`);
    return null;
  }
  tellTaken(`id ${id.toLowerCase()}`, place('id'), `"${id}" is the id of another video, too`, reading);
  tellTaken(`path ${path}`, place('path'), `${written.path} is another video of this study, too`, reading);
  taken.set(`id ${id.toLowerCase()}`, place('id').where).set(`path ${path}`, place('path').where);
  const map = written.map === undefined ? null : resolve(folder, written.map);
  if (map !== null && !(await isFile(map))) findings.problem(place('map'), `${written.map}: there is no such file`);
  const exists = await isFile(path);
  if (!exists) findings.problem(place('path'), `${written.path}: there is no such file (${path})`);
  return {
    id,
    path,
    offsetUs: micros(written.offset ?? 0),
    durationUs: exists ? await measured(path, place('path'), reading) : null,
    people: checkPeople((written.people ?? {}) as Readonly<Record<string, string>>, [...at, 'people'], reading),
    map,
  };
}

function tellTaken(
  key: string,
  place: ReturnType<Findings['placeOf']>,
  text: string,
  { findings, taken }: VideosReading,
): void {
  const before = taken.get(key);
  if (before !== undefined) findings.problem(place, `${text} (${before})`);
}

/** A file's name as an id: what ids may not have becomes `-`. */
export const idOfPath = (path: string): string =>
  sourceName(path)
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^[-_]+/, '')
    .slice(0, 64);

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );

/** A video that cannot be read is a note: the others of the study can be analysed, and a run lists it as failed. */
async function measured(
  path: string,
  place: ReturnType<Findings['placeOf']>,
  { findings, measure }: VideosReading,
): Promise<Micros | null> {
  try {
    return await measure(path);
  } catch (error) {
    if (!(error instanceof AffectError) || !error.code.startsWith('INPUT_')) throw error;
    findings.note(place, error.message);
    return null;
  }
}

function checkPeople(
  people: Readonly<Record<string, string>>,
  at: KeyPath,
  { participants, findings }: VideosReading,
): Readonly<Record<string, string>> {
  const seen = new Map<string, string>();
  for (const [person, participant] of Object.entries(people)) {
    const place = findings.placeOf([...at, person]);
    if (!participants.some(({ id }) => id === participant))
      findings.problem(place, unknownParticipant(participant, participants));
    const before = seen.get(participant);
    if (before !== undefined)
      findings.problem(place, `${participant} is person ${before} already; where one person became two, give a map`);
    seen.set(participant, person);
  }
  return people;
}
