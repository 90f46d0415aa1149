import { csvField } from '../../../src/record/number-text.js';
import type { PeopleData } from '../../../src/report/report-data.js';

/** A track, or a stretch of one, and whose it is: 0 is nobody of interest. Changed as the reader moves it. */
export interface PersonRow {
  readonly track: number;
  person: number;
  readonly fromUs: number | null;
  readonly toUs: number | null;
}

/** Whose each track is, and names by person; a track that a map left to nobody in part has only its named stretches. */
export interface PeopleState {
  readonly rows: PersonRow[];
  readonly names: Map<number, string>;
}

/** What the page says of who is who, as rows that can be moved. */
export function stateOf({ people, tracks }: PeopleData): PeopleState {
  const rows = people.flatMap(({ person, tracks: theirs }) =>
    theirs.map(({ track, fromUs, toUs }): PersonRow => ({ track, person, fromUs, toUs })),
  );
  const nobodys = tracks.filter((track) => !rows.some((row) => row.track === track));
  return {
    rows: [...rows, ...nobodys.map((track) => ({ track, person: 0, fromUs: null, toUs: null }))].sort(
      (a, b) => a.track - b.track || (a.fromUs ?? 0) - (b.fromUs ?? 0),
    ),
    names: new Map(people.flatMap(({ person, name }) => (name === null ? [] : [[person, name] as const]))),
  };
}

/** The persons that have a track, in rising order. */
export const personsOf = ({ rows }: PeopleState): number[] =>
  [...new Set(rows.map(({ person }) => person))].filter((person) => person > 0).sort((a, b) => a - b);

/** The lowest number that no person has. */
export function freePerson(state: PeopleState): number {
  const taken = new Set(personsOf(state));
  let person = 1;
  while (taken.has(person)) person++;
  return person;
}

const secondsText = (us: number | null): string => (us === null ? '' : String(us / 1e6));

/** The map that gives these people with `mien people --people`: every track in it. */
export function mapText({ rows, names }: PeopleState): string {
  // A stretch that is nobody's is left out of a map, unless nothing of its track is anybody's.
  const someones = new Set(rows.filter(({ person }) => person > 0).map(({ track }) => track));
  const lines = rows
    .filter(({ track, person }) => person > 0 || !someones.has(track))
    .filter(({ track, person }, at, all) => person > 0 || all.findIndex((row) => row.track === track) === at)
    .map(({ track, person, fromUs, toUs }) =>
      person === 0
        ? `${track},-,,,`
        : [track, person, csvField(names.get(person) ?? ''), secondsText(fromUs), secondsText(toUs)].join(','),
    );
  return `track,person,name,from_s,to_s\n${lines.join('\n')}\n`;
}
