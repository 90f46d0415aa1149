import { readFileSync } from 'node:fs';
import { AffectError } from '../domain/errors.js';
import { PEOPLE_VERSION, type PeopleFile } from '../domain/people.js';

const listText = (items: readonly unknown[]): string =>
  items.length === 0 ? '[]' : `[\n${items.map((item) => `    ${JSON.stringify(item)}`).join(',\n')}\n  ]`;

/** Text of `<name>.people.json`: one line a person and a track, so that people can read it and compare versions. */
export function peopleText({ v, source, people, ignored, joined, tracks }: PeopleFile): string {
  const members = {
    v: JSON.stringify(v),
    source: JSON.stringify(source),
    people: listText(people),
    ignored: JSON.stringify(ignored),
    joined: listText(joined),
    tracks: listText(tracks),
  };
  return `{\n${Object.entries(members)
    .map(([key, text]) => `  "${key}": ${text}`)
    .join(',\n')}\n}\n`;
}

const isList = (value: unknown): boolean => Array.isArray(value);

/** Reads `<name>.people.json`. Throws INPUT_NOT_FOUND, and INPUT_DAMAGED for what mien does not write. */
export function readPeopleFile(path: string): PeopleFile {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    const fix = 'name the folder of a video that mien analyzed with the format people';
    throw new AffectError('INPUT_NOT_FOUND', `${path} cannot be read (${code}); ${fix}`, { cause: error });
  }
  const file = parsed(text);
  if (file) return file;
  throw new AffectError(
    'INPUT_DAMAGED',
    `${path} is no list of people of version ${PEOPLE_VERSION}; analyse the video again with --overwrite`,
  );
}

/** Null for what is not of this version. */
function parsed(text: string): PeopleFile | null {
  try {
    const file = JSON.parse(text) as Partial<PeopleFile> | null;
    const whole =
      file?.v === PEOPLE_VERSION &&
      typeof file.source === 'string' &&
      isList(file.people) &&
      isList(file.ignored) &&
      isList(file.joined) &&
      isList(file.tracks);
    return whole ? (file as PeopleFile) : null;
  } catch {
    return null; // The caller names the file.
  }
}
