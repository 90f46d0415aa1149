import type { Micros } from './units.js';

/** Version of `<name>.people.json`. */
export const PEOPLE_VERSION = 1;
/** Ending of the file that says who is who, after the base name of a video's results. */
export const PEOPLE_ENDING = '.people.json';

/**
 * Why a track counts as a person's: it is their first; it was joined by mien, by place and time, place in a set-up, an exchange of
 * shots, where two people look, or appearance; or a map says so.
 */
export type JoinedBy = 'first' | 'place' | 'scene' | 'exchange' | 'direction' | 'appearance' | 'map';

/** A track, or a stretch of one, that shows a person. */
export interface PersonTrack {
  readonly track: number;
  /** Where the track is this person's; the whole track where both are null. */
  readonly fromUs: Micros | null;
  readonly toUs: Micros | null;
  readonly by: JoinedBy;
  /** How sure it is that the track is theirs, 0..1, where mien joined it: how often that was right where it was measured. */
  readonly confidence?: number;
}

/** One person in one video. Nothing of how they look is kept: only which tracks are theirs. */
export interface Person {
  /** From 1, in the order in which they are first seen. */
  readonly person: number;
  /** Name given by a map (a pseudonym, a role); null where nobody gave one. */
  readonly name: string | null;
  readonly tracks: readonly PersonTrack[];
}

/** Who is who in one video: `<name>.people.json`, beside its results. Tracks in none are left out of what is told of people. */
export interface People {
  readonly v: typeof PEOPLE_VERSION;
  /** Source id, as in its records. */
  readonly source: string;
  readonly people: readonly Person[];
  /** Tracks that a map says are nobody of interest. */
  readonly ignored: readonly number[];
}

/** Consecutive frames in which a track's face was seen, first and last with their times. */
export interface SeenFrames {
  readonly fromFrame: number;
  readonly toFrame: number;
  readonly fromUs: Micros;
  readonly toUs: Micros;
}

/** When a track was seen. Tracks seen in the same frame are never one person. */
export interface SeenTrack {
  readonly track: number;
  /** In order of time; a gap is where the face was lost and found again. */
  readonly seen: readonly SeenFrames[];
}

/** What `<name>.people.json` holds: who is who, and what is needed to change it without analysing again. */
export interface PeopleFile extends People {
  /** The people as mien joined them, before any map. */
  readonly joined: readonly Person[];
  /** All tracks of the video, in rising order. */
  readonly tracks: readonly SeenTrack[];
}

/** How a person is called: by name, else "Person 2". */
export const personWords = ({ person, name }: Pick<Person, 'person' | 'name'>): string => name ?? `Person ${person}`;

/** Whose face a track shows at a time: personAt for many questions, as of all rows of a table. */
export function personFinder({ people }: Pick<People, 'people'>): (track: number, at: Micros) => Person | null {
  const byTrack = new Map<number, Set<Person>>();
  for (const person of people)
    for (const { track } of person.tracks) byTrack.set(track, (byTrack.get(track) ?? new Set()).add(person));
  return (track, at) => personAt({ people: [...(byTrack.get(track) ?? [])] }, track, at);
}

/** Whether every track is a person of its own with the same number and no name, as files have it while a run goes on. */
export const isEachTrackAPerson = ({ people, tracks }: Pick<PeopleFile, 'people' | 'tracks'>): boolean =>
  people.length === tracks.length &&
  people.every(
    ({ person, name, tracks: [first, ...more] }) =>
      name === null && more.length === 0 && first?.track === person && first.fromUs === null && first.toUs === null,
  );

/** Whose face a track shows at a time; null where it is nobody's. */
export function personAt({ people }: Pick<People, 'people'>, track: number, at: Micros): Person | null {
  const holds = ({ track: of, fromUs, toUs }: PersonTrack): boolean =>
    of === track && (fromUs === null || at >= fromUs) && (toUs === null || at < toUs);
  return people.find(({ tracks }) => tracks.some(holds)) ?? null;
}
