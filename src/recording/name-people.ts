import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { AffectError } from '../domain/errors.js';
import { PEOPLE_ENDING, type PeopleFile } from '../domain/people.js';
import { tellPersonsAgain } from '../outputs/tell-persons-again.js';
import { readPeopleFile } from '../people/people-file.js';
import { applyPeopleMap, type PeopleMap } from '../people/people-map.js';
import { readManifest, renewManifest } from '../sinks/manifest-file.js';
import { holdResults } from './hold-results.js';

/** The people.json that a path names: itself, or the one in a folder. Throws INPUT_NOT_FOUND, and USAGE where there are several. */
export function findPeopleFile(path: string): string {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  if (!isFolder) return path;
  const found = readdirSync(path).filter((name) => name.endsWith(PEOPLE_ENDING));
  const [first, ...more] = found.sort();
  if (first === undefined)
    throw new AffectError(
      'INPUT_NOT_FOUND',
      `${path} holds no NAME${PEOPLE_ENDING}; name the folder of one video that mien analyzed with the format people`,
    );
  if (more.length > 0) throw new AffectError('USAGE', `${path} holds ${found.join(', ')}; name one of them`);
  return join(path, first);
}

/** What was changed. */
export interface NamedPeople {
  readonly who: PeopleFile;
  /** Names of the files that were written anew. */
  readonly files: readonly string[];
}

/**
 * Gives existing results of one video other people, without analysing: all files that name persons, and the manifest. Nothing is
 * changed when the map is wrong (CONFIG_INVALID), the run is not finished, or another mien works on these results (FOLDER_IN_USE).
 *
 * @param map - null: the people as mien joined them
 */
export async function namePeople(path: string, map: PeopleMap | null, signal: AbortSignal): Promise<NamedPeople> {
  const peoplePath = findPeopleFile(path);
  const dir = dirname(peoplePath);
  const name = basename(peoplePath).slice(0, -PEOPLE_ENDING.length);
  const held = await holdResults({ dir, name }, signal);
  try {
    const manifestPath = join(dir, `${name}.manifest.json`);
    const file = readPeopleFile(peoplePath);
    const manifest = await readManifest(manifestPath);
    const who = map ? applyPeopleMap(file, map) : { ...file, people: file.joined, ignored: [] };
    const files = await tellPersonsAgain(join(dir, name), who, manifest.run);
    await renewManifest(manifestPath, manifest);
    return { who, files: [...files, basename(manifestPath)] };
  } finally {
    await held.release();
  }
}
