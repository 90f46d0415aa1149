import type { People, Person } from '../domain/people.js';
import type { StudyVideo } from '../domain/study.js';

/** Who of a video is which participant, and what does not fit. */
export interface Binding {
  /** A participant's id by the number of a person. */
  readonly participants: ReadonlyMap<number, string>;
  /** Participants that the study file names, and that were not found, with the person it names them by. */
  readonly missing: readonly { readonly participant: string; readonly person: string }[];
  /** Persons that were found, and that the study file does not name. */
  readonly unnamed: readonly Person[];
}

/** Where a person mostly is in the picture, from 0 at its left to 1 at its right; null where that is not known. */
export type PlaceOf = (person: Person) => number | null;

/**
 * Binds the persons of a video to participants: by number, by name, or as `left` and `right` of those who are there the
 * longest. Names of a map that are participants need no line in the study file.
 */
export function bindPeople(
  video: Pick<StudyVideo, 'people'>,
  { people }: Pick<People, 'people'>,
  context: { readonly participants: readonly string[]; readonly placeOf: PlaceOf },
): Binding {
  const bound = new Map<number, string>();
  const missing: { participant: string; person: string }[] = [];
  for (const [key, participant] of Object.entries(video.people)) {
    const person = byWord(key, people, context.placeOf);
    if (person) bound.set(person.person, participant);
    else missing.push({ participant, person: key });
  }
  for (const { person, name } of people)
    if (!bound.has(person) && name !== null && context.participants.includes(name)) bound.set(person, name);
  return { participants: bound, missing, unnamed: people.filter(({ person }) => !bound.has(person)) };
}

function byWord(key: string, people: readonly Person[], placeOf: PlaceOf): Person | undefined {
  const named = people.find(({ person, name }) => name === key || String(person) === key);
  if (named || (key !== 'left' && key !== 'right')) return named;
  const placed = people.flatMap((person) => {
    const place = placeOf(person);
    return place === null ? [] : [{ person, place }];
  });
  placed.sort((a, b) => a.place - b.place);
  // Of one person alone nobody can say on which side of the other they are: the middle of the picture decides.
  const found = key === 'left' ? placed[0] : placed.at(-1);
  return found && (placed.length > 1 || found.place < 0.5 === (key === 'left')) ? found.person : undefined;
}
