import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AffectError } from '../domain/errors.js';
import { PEOPLE_ENDING, PEOPLE_VERSION, type People, type PeopleFile } from '../domain/people.js';
import type { Episode, RunInfo } from '../domain/records.js';
import { readPeopleFile } from '../people/people-file.js';
import { type PersonEpisode, personEpisodes } from './person-episodes.js';
import { raterOfFile } from './rater-file.js';

const MANIFEST = '.manifest.json';

/** Results of one video that raters judge. */
export interface Results {
  readonly folder: string;
  /** Base name of its files, and their source. */
  readonly name: string;
  /** Folder and base name. */
  readonly base: string;
  readonly run: RunInfo;
  readonly people: People;
  /** When each track was seen; null of results without `<name>.people.json`. */
  readonly tracks: PeopleFile['tracks'] | null;
  readonly episodes: readonly PersonEpisode[];
  /** Who has a file of annotations here, in alphabetical order. */
  readonly raters: readonly string[];
}

/**
 * Bases (folder and name) of all results in a folder and the folders in it, in alphabetical order. Rejects with INPUT_NOT_FOUND
 * when there are none.
 */
export async function findResults(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true }).catch((cause: NodeJS.ErrnoException) => {
    throw new AffectError('INPUT_NOT_FOUND', `${folder} cannot be read (${cause.code}); name a folder of results`, {
      cause,
    });
  });
  const bases = names
    .filter((name) => name.endsWith(MANIFEST))
    .map((name) => join(folder, name.slice(0, -MANIFEST.length)));
  if (bases.length > 0) return bases.sort();
  throw new AffectError('INPUT_NOT_FOUND', `${folder} has no results; name a folder that mien analyze wrote`);
}

/** The results of one video in a folder. Rejects with USAGE when there are several. */
export async function readOnlyResults(folder: string): Promise<Results> {
  const bases = await findResults(folder);
  if (bases.length === 1) return readResults(bases[0]!);
  throw new AffectError(
    'USAGE',
    `${folder} has results of ${bases.length} videos; name the folder of one, such as ${dirname(bases[0]!)}`,
  );
}

/** Reads what raters judge of one video. Rejects with INPUT_NOT_FOUND or INPUT_DAMAGED. */
export async function readResults(base: string): Promise<Results> {
  const folder = dirname(base);
  const name = basename(base);
  const run = await readRun(`${base}${MANIFEST}`);
  const episodes = await readEpisodes(`${base}.episodes.jsonl`);
  const known = existsSync(`${base}${PEOPLE_ENDING}`) ? readPeopleFile(`${base}${PEOPLE_ENDING}`) : null;
  const people = known ?? tracksAsPeople(run.source, episodes);
  const raters = (await readdir(folder)).flatMap((file) => raterOfFile(file, name) ?? []).sort();
  return {
    ...{ folder, name, base, run, people, raters },
    tracks: known?.tracks ?? null,
    episodes: personEpisodes(episodes, people),
  };
}

async function textOf(path: string, fix: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new AffectError('INPUT_NOT_FOUND', `${path} cannot be read (${code}); ${fix}`, { cause });
  }
}

async function readRun(path: string): Promise<RunInfo> {
  const text = await textOf(path, 'finish the run');
  try {
    const { run } = JSON.parse(text) as { readonly run: RunInfo };
    if (typeof run.source === 'string' && Array.isArray(run.actionUnits)) return run;
  } catch {} // Told below.
  throw new AffectError('INPUT_DAMAGED', `${path} is no manifest; analyse the video again with --overwrite`);
}

async function readEpisodes(path: string): Promise<Episode[]> {
  const text = await textOf(path, 'analyse the video again with the format jsonl');
  return text.split('\n').flatMap((line, at) => {
    if (line.trim() === '') return [];
    try {
      return [JSON.parse(line) as Episode];
    } catch (cause) {
      throw new AffectError('INPUT_DAMAGED', `${path}:${at + 1} is no episode; analyse the video again`, { cause });
    }
  });
}

/** Without `<name>.people.json` each track is a person. */
function tracksAsPeople(source: string, episodes: readonly Episode[]): People {
  const tracks = [...new Set(episodes.map(({ track }) => track))].sort((a, b) => a - b);
  const whole = { fromUs: null, toUs: null, by: 'first' } as const;
  const people = tracks.map((track) => ({ person: track, name: null, tracks: [{ track, ...whole }] }));
  return { v: PEOPLE_VERSION, source, people, ignored: [] };
}
