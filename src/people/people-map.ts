import { readFileSync } from 'node:fs';
import { readTable } from '../csv/csv-rows.js';
import { AffectError } from '../domain/errors.js';
import type { PeopleFile, Person, PersonTrack, SeenTrack } from '../domain/people.js';
import { type Micros, microsFromSeconds, secondsOf } from '../domain/units.js';

/** One row of a map: a track, or a stretch of it, and whose it is. */
export interface MapRow {
  readonly line: number;
  readonly track: number;
  /** Null: nobody of interest. */
  readonly person: number | null;
  readonly name: string | null;
  readonly fromUs: Micros | null;
  readonly toUs: Micros | null;
}

/** A map as read, each row right by itself. */
export interface PeopleMap {
  readonly path: string;
  readonly rows: readonly MapRow[];
}

const COLUMNS = ['track', 'person', 'name', 'from_s', 'to_s'] as const;
/** How mien calls persons without a name, which no person may be named. */
const UNNAMED = /^person\s+\d+$/i;

interface Problem {
  readonly line: number;
  readonly text: string;
}

/** All that is wrong with a map, in one error. */
function refused(path: string, problems: readonly Problem[]): AffectError {
  const lines = [...problems].sort((a, b) => a.line - b.line).map(({ line, text }) => `line ${line}: ${text}`);
  return new AffectError('CONFIG_INVALID', `${path}: ${lines.join('; ')}`);
}

const wholeNumber = (text: string): number | null => (/^[1-9]\d{0,8}$/.test(text) ? Number(text) : null);

/** Undefined for what is no time. */
function timeOf(text: string): Micros | null | undefined {
  if (text === '') return null;
  return /^\d+(\.\d+)?$/.test(text) ? microsFromSeconds(Number(text)) : undefined;
}

function rowOf(line: number, cell: (name: (typeof COLUMNS)[number]) => string, problems: Problem[]): MapRow {
  const problem = (text: string): void => void problems.push({ line, text });
  const track = wholeNumber(cell('track'));
  const person = wholeNumber(cell('person'));
  const nobody = cell('person') === '-';
  const [fromUs, toUs] = [timeOf(cell('from_s')), timeOf(cell('to_s'))];
  const name = cell('name');
  if (track === null) problem(`track "${cell('track')}" is no number of a track`);
  if (person === null && !nobody) problem(`person "${cell('person')}" is neither a number from 1 on nor - for nobody`);
  for (const [column, time] of [
    ['from_s', fromUs],
    ['to_s', toUs],
  ] as const)
    if (time === undefined) problem(`${column} "${cell(column)}" is no time in seconds, such as 12.5`);
  if (fromUs && toUs && toUs <= fromUs) problem(`to_s ${cell('to_s')} is not after from_s ${cell('from_s')}`);
  if (nobody && (cell('from_s') !== '' || cell('to_s') !== ''))
    problem('a stretch of nobody is left out instead: what no row names is nobody’s');
  if (/\p{Cc}/u.test(name)) problem('name has a line break or another control character');
  if (UNNAMED.test(name)) problem(`name "${name}" is how persons without a name are called; choose another`);
  return {
    line,
    track: track ?? 0,
    person,
    name: name === '' ? null : name,
    fromUs: fromUs ?? null,
    toUs: toUs ?? null,
  };
}

/** Reads a map. Throws INPUT_NOT_FOUND, USAGE for a quote that is never closed, and CONFIG_INVALID with every wrong line. */
export function readPeopleMap(path: string): PeopleMap {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new AffectError('INPUT_NOT_FOUND', `--people ${path}: cannot be read; name a CSV file with track,person`, {
      cause: error,
    });
  }
  const { header, rows } = readTable(text, path);
  const problems: Problem[] = [];
  for (const name of ['track', 'person'])
    if (!header.includes(name))
      problems.push({ line: 1, text: `there is no column ${name}; columns are ${COLUMNS.join(',')}` });
  for (const name of header)
    if (!(COLUMNS as readonly string[]).includes(name))
      problems.push({ line: 1, text: `column "${name}" is none of ${COLUMNS.join(',')}` });
  if (problems.length > 0) throw refused(path, problems);
  const read = rows.map(({ line, fields }) =>
    rowOf(line, (name) => (header.includes(name) ? (fields[header.indexOf(name)] ?? '').trim() : ''), problems),
  );
  if (problems.length > 0) throw refused(path, problems);
  return { path, rows: read };
}

/** Whether two half-open stretches of time share an instant; null is without an end. */
const overlaps = (a: Pick<MapRow, 'fromUs' | 'toUs'>, b: Pick<MapRow, 'fromUs' | 'toUs'>): boolean =>
  (a.fromUs ?? 0) < (b.toUs ?? Number.POSITIVE_INFINITY) && (b.fromUs ?? 0) < (a.toUs ?? Number.POSITIVE_INFINITY);

/** Names that contradict each other. */
function nameProblems(rows: readonly MapRow[]): Problem[] {
  const byPerson = new Map<number, MapRow>();
  const byName = new Map<string, MapRow>();
  return rows.flatMap((row): Problem[] => {
    if (row.person === null || row.name === null) return [];
    const named = byPerson.get(row.person) ?? row;
    const bearer = byName.get(row.name) ?? row;
    byPerson.set(row.person, named);
    byName.set(row.name, bearer);
    if (named.name !== row.name)
      return [
        { line: row.line, text: `person ${row.person} is "${row.name}" here, "${named.name}" in line ${named.line}` },
      ];
    if (bearer.person !== row.person)
      return [{ line: row.line, text: `"${row.name}" is person ${bearer.person} in line ${bearer.line}` }];
    return [];
  });
}

/** Rows that speak of the same time of one track. */
function twiceProblems(rows: readonly MapRow[]): Problem[] {
  return rows.flatMap((row, at) => {
    const earlier = rows.slice(0, at).find((other) => other.track === row.track && overlaps(other, row));
    return earlier ? [{ line: row.line, text: `track ${row.track} is already told in line ${earlier.line}` }] : [];
  });
}

/** The first instant at which two tracks were in one frame, within what is theirs; null where there is none. */
function together(a: SeenTrack, b: SeenTrack, ranges: readonly PersonTrack[]): Micros | null {
  const from = Math.max(...ranges.map(({ fromUs }) => fromUs ?? 0));
  const to = Math.min(...ranges.map(({ toUs }) => toUs ?? Number.POSITIVE_INFINITY));
  for (const one of a.seen)
    for (const other of b.seen) {
      const [firstFrame, lastFrame] = [Math.max(one.fromFrame, other.fromFrame), Math.min(one.toFrame, other.toFrame)];
      if (firstFrame > lastFrame) continue;
      const [firstUs, lastUs] = [Math.max(one.fromUs, other.fromUs, from), Math.min(one.toUs, other.toUs)];
      if (firstUs <= lastUs && firstUs < to) return firstUs as Micros;
    }
  return null;
}

/** Persons of whom two tracks are in one frame. */
function onceProblems(people: readonly Person[], { tracks }: PeopleFile, rows: readonly MapRow[]): Problem[] {
  const seen = new Map(tracks.map((track) => [track.track, track]));
  return people.flatMap(({ person, tracks: theirs }) =>
    theirs.flatMap((b, at) =>
      theirs.slice(0, at).flatMap((a): Problem[] => {
        if (a.track === b.track) return [];
        const us = together(seen.get(a.track)!, seen.get(b.track)!, [a, b]);
        if (us === null) return [];
        const line = rows.findLast(({ track }) => track === b.track || track === a.track)?.line ?? 1;
        const when = secondsOf(us).toFixed(2);
        return [
          {
            line,
            text: `tracks ${a.track} and ${b.track} are both in the picture at ${when} s, so not both person ${person}`,
          },
        ];
      }),
    ),
  );
}

/** People as a map has them: tracks that it does not name stay with whom mien joined them. */
function mapped({ joined }: PeopleFile, rows: readonly MapRow[]): Person[] {
  const named = new Set(rows.map(({ track }) => track));
  const people = new Map<number, { name: string | null; tracks: PersonTrack[] }>();
  const of = (person: number): { name: string | null; tracks: PersonTrack[] } => {
    const known = people.get(person) ?? { name: null, tracks: [] };
    people.set(person, known);
    return known;
  };
  for (const { person, tracks } of joined) of(person).tracks.push(...tracks.filter(({ track }) => !named.has(track)));
  for (const { track, person, name, fromUs, toUs } of rows) {
    if (person === null) continue;
    const theirs = of(person);
    theirs.name ??= name;
    theirs.tracks.push({ track, fromUs, toUs, by: 'map' });
  }
  return [...people]
    .filter(([, { tracks }]) => tracks.length > 0)
    .sort(([a], [b]) => a - b)
    .map(([person, { name, tracks }]) => ({
      person,
      name,
      tracks: tracks.sort((a, b) => a.track - b.track || (a.fromUs ?? 0) - (b.fromUs ?? 0)),
    }));
}

/** Who is who by a map, from what mien joined. Throws CONFIG_INVALID with everything that cannot be, and changes nothing then. */
export function applyPeopleMap(file: PeopleFile, { path, rows }: PeopleMap): PeopleFile {
  const known = new Set(file.tracks.map(({ track }) => track));
  const unknown = rows
    .filter(({ track }) => !known.has(track))
    .map(({ line, track }) => ({ line, text: `there is no track ${track} in ${file.source}` }));
  const people = mapped(
    file,
    rows.filter(({ track }) => known.has(track)),
  );
  const problems = [...unknown, ...twiceProblems(rows), ...nameProblems(rows), ...onceProblems(people, file, rows)];
  if (problems.length > 0) throw refused(path, problems);
  return { ...file, people, ignored: rows.filter(({ person }) => person === null).map(({ track }) => track) };
}

/** Whether a map gives a track at a time to somebody. `wanted` says to whom. */
export function isSomeones(
  { rows }: PeopleMap,
  wanted: (row: MapRow) => boolean = () => true,
): (track: number, at: Micros) => boolean {
  return (track, at) =>
    rows.some(
      (row) =>
        row.track === track &&
        row.person !== null &&
        (row.fromUs === null || at >= row.fromUs) &&
        (row.toUs === null || at < row.toUs) &&
        wanted(row),
    );
}
