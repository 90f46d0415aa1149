import { join } from 'node:path';
import { PEOPLE_ENDING, type PeopleFile } from '../domain/people.js';
import type { Study, StudyVideo } from '../domain/study.js';
import { readPeopleFile } from '../people/people-file.js';
import { type Binding, bindPeople } from './bind-people.js';
import { readPlaces } from './people-places.js';
import { planOf } from './study-run.js';

/** Who is who in the results of a video: persons as its people file has them, and which of them are participants. */
export interface VideoPeople {
  readonly file: PeopleFile;
  readonly binding: Binding;
}

/** Reads who is who. Throws INPUT_NOT_FOUND where the video was not analysed, and INPUT_DAMAGED. */
export async function readVideoPeople(
  study: Pick<Study, 'results' | 'participants'>,
  video: StudyVideo,
): Promise<VideoPeople> {
  const { dir, name } = planOf(study, video);
  const base = join(dir, name);
  const file = readPeopleFile(`${base}${PEOPLE_ENDING}`);
  // Records are read only where somebody is named by their place.
  const placed = Object.keys(video.people).some((key) => key === 'left' || key === 'right');
  const placeOf = placed ? await readPlaces(base, file) : () => null;
  const participants = study.participants.map(({ id }) => id);
  return { file, binding: bindPeople(video, file, { participants, placeOf }) };
}
