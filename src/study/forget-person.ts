import { createReadStream, existsSync } from 'node:fs';
import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { PEOPLE_ENDING, type PeopleFile, type Person, personFinder, type SeenFrames } from '../domain/people.js';
import type { FaceRecordJson } from '../domain/record-fields.js';
import type { RunSummary } from '../domain/records.js';
import { micros, microsFromSeconds } from '../domain/units.js';
import { tellPersonsAgain } from '../outputs/tell-persons-again.js';
import { copyLines } from '../sinks/copy-lines.js';
import { CSV_PERSONS } from '../sinks/csv-sink.js';
import { FEX_PERSONS } from '../sinks/fex-sink.js';
import { readManifest, renewManifest, type WrittenManifest } from '../sinks/manifest-file.js';
import { OPENFACE_PERSONS } from '../sinks/openface-sink.js';
import { copyParquet } from '../sinks/parquet-copy.js';
import { fieldBounds, type PersonColumn } from '../sinks/person-cells.js';

/** What goes of one file. */
export interface Removal {
  readonly file: string;
  /** rows: some of its lines or rows; whole: all of it; anew: it is written again, from what stays. */
  readonly what: 'rows' | 'whole' | 'anew';
  /** How many; null where they are not counted. */
  readonly rows: number | null;
  /** Why more goes than the participant's own; null where it does not. */
  readonly why: string | null;
}

/** Added to the name of a file while it is written anew. */
const SPARE = '.forget';

const TABLES: readonly (readonly [ending: string, column: PersonColumn])[] = [
  ['.csv', CSV_PERSONS],
  ['.openface.csv', OPENFACE_PERSONS],
  ['.fex.csv', FEX_PERSONS],
];
const LINES = ['.records.jsonl', '.episodes.jsonl', '.insights.jsonl'];
/** Made anew from what stays. */
const REPLAYED = ['.elan-intervals.tsv', '.elan-tracks.csv', '.eaf', '.metadata.vtt', '.captions.vtt'];
/** Pictures and drawings of all people together. */
const WHOLE = ['.report.html', '.overlay.mp4'];
/** What an analysis that did not end has computed so far, of everybody. */
const UNFINISHED = ['.journal', '.answers'];

/**
 * Takes a person out of the results of one video: rows, episodes, answers, annotations, their place among the people. What shows
 * or draws all people together goes whole. Files change at once, each; the same call again does the rest.
 *
 * @param base - folder and base name of the results
 * @param dry - only tells what would go
 */
export async function forgetPerson(
  base: string,
  { file, person, dry }: { readonly file: PeopleFile; readonly person: Person; readonly dry: boolean },
): Promise<readonly Removal[]> {
  const there = (ending: string): boolean => existsSync(`${base}${ending}`);
  const removals: Removal[] = [];
  const add = (ending: string, rows: number | null, why: string | null): void => {
    const what = rows === null ? 'whole' : 'rows';
    if (rows !== 0) removals.push({ file: `${base}${ending}`, what, rows, why });
  };
  const isTheirs = trackTest(file, person);
  for (const ending of LINES.filter(there)) add(ending, await cutLines(`${base}${ending}`, isTheirs, dry), null);
  for (const [ending, column] of TABLES)
    if (there(ending)) add(ending, await cutTable(`${base}${ending}`, { column, person, dry }), null);
  if (there('.parquet')) add('.parquet', await cutParquet(base, isTheirs, dry), null);
  for (const ending of await raterEndings(base))
    add(ending, await cutLines(`${base}${ending}`, (line) => line.person === person.person, dry), null);
  for (const ending of [...WHOLE, ...UNFINISHED].filter(there)) {
    add(ending, null, WHOLE.includes(ending) ? 'shows everybody together' : 'is of an analysis that did not end');
    if (!dry) await rm(`${base}${ending}`);
  }
  for (const ending of [...REPLAYED, PEOPLE_ENDING].filter(there))
    removals.push({ file: `${base}${ending}`, what: 'anew', rows: null, why: null });
  if (!dry) await writeAnew(base, await without(file, person, base), removals);
  return removals;
}

/** A line of JSON of a run: whose, and when. */
interface Line {
  readonly track?: number | null;
  readonly person?: number;
  readonly ptsUs?: number;
  readonly onsetUs?: number;
}

/** Whether something of a track at a time is a person's. */
function trackTest(file: PeopleFile, { person }: Person): (line: Line) => boolean {
  const personOf = personFinder(file);
  return ({ track, ptsUs, onsetUs }) => {
    const at = ptsUs ?? onsetUs;
    return typeof track === 'number' && at !== undefined && personOf(track, micros(at))?.person === person;
  };
}

async function cutLines(path: string, goes: (line: Line) => boolean, dry: boolean): Promise<number> {
  return replaced(path, dry, () =>
    copyLines(path, `${path}${SPARE}`, {
      headLines: 0,
      stays: (line) => line === '' || !goes(JSON.parse(line) as Line),
    }),
  );
}

async function cutTable(
  path: string,
  { column, person, dry }: { readonly column: PersonColumn; readonly person: Person; readonly dry: boolean },
): Promise<number> {
  const [header = ''] = (await readFile(path, 'utf8')).split('\n', 1);
  const at = header.split(',').indexOf(column.name);
  const cell = column.cell(person);
  const isTheirs = (row: string): boolean => {
    const bounds = fieldBounds(row, at)[at];
    return bounds !== undefined && row.slice(...bounds) === cell;
  };
  return replaced(path, dry, () =>
    copyLines(path, `${path}${SPARE}`, { headLines: 1, stays: (row) => !isTheirs(row) }),
  );
}

async function cutParquet(base: string, isTheirs: (line: Line) => boolean, dry: boolean): Promise<number> {
  const path = `${base}.parquet`;
  return replaced(path, dry, async () => {
    const copied = await copyParquet(path, `${path}${SPARE}`, (row) => {
      const line = { track: row.track as number | null, ptsUs: microsFromSeconds(Number(row.pts_s)) };
      return isTheirs(line) ? null : row;
    });
    await rename(`${path}${SPARE}.parquet`, `${path}${SPARE}`);
    return copied;
  });
}

/** Puts what a copy left in the place of the file, unless nothing has gone. */
async function replaced(path: string, dry: boolean, copy: () => Promise<{ readonly gone: number }>): Promise<number> {
  const spare = `${path}${SPARE}`;
  try {
    const { gone } = await copy();
    if (gone > 0 && !dry) await rename(spare, path);
    return gone;
  } finally {
    await rm(spare, { force: true });
  }
}

/** Endings of the files of raters: `.annotations.ana.jsonl`. */
async function raterEndings(base: string): Promise<readonly string[]> {
  const [folder, name] = [dirname(base), basename(base)];
  const files = await readdir(folder);
  return files
    .filter((file) => file.startsWith(`${name}.annotations.`) && file.endsWith('.jsonl'))
    .map((file) => file.slice(name.length));
}

/** Who is who without a person. Of tracks that are another's, too, what is left is read from the records. */
async function without(file: PeopleFile, { person, tracks }: Person, base: string): Promise<PeopleFile> {
  const people = file.people.filter((each) => each.person !== person);
  const stays = new Set(people.flatMap((each) => each.tracks.map(({ track }) => track)));
  const theirs = tracks.map(({ track }) => track);
  const shared = theirs.filter((track) => stays.has(track));
  const gone = new Set(theirs.filter((track) => !stays.has(track)));
  const joined = file.joined
    .map((each) => ({ ...each, tracks: each.tracks.filter(({ track }) => !gone.has(track)) }))
    .filter((each) => each.tracks.length > 0);
  const left = file.tracks.filter(({ track }) => !gone.has(track));
  const seen =
    shared.length > 0 ? await seenInRecords(`${base}.records.jsonl`, shared) : new Map<number, SeenFrames[]>();
  return {
    ...file,
    people,
    joined,
    tracks: left.map((each) => ({ ...each, seen: seen.get(each.track) ?? each.seen })),
  };
}

/** When tracks are seen in records: consecutive frames together. */
async function seenInRecords(path: string, tracks: readonly number[]): Promise<ReadonlyMap<number, SeenFrames[]>> {
  const seen = new Map<number, SeenFrames[]>(tracks.map((track) => [track, []]));
  const input = createReadStream(path, 'utf8');
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    const { track, frame, ptsUs } = JSON.parse(text) as FaceRecordJson;
    const runs = track === null ? undefined : seen.get(track);
    if (!runs) continue;
    const at = micros(ptsUs);
    const last = runs.at(-1);
    if (last && last.toFrame === frame - 1) runs[runs.length - 1] = { ...last, toFrame: frame, toUs: at };
    else runs.push({ fromFrame: frame, toFrame: frame, fromUs: at, toUs: at });
  }
  return seen;
}

/** Files that name persons, and the manifest with its counts, as they are now. */
async function writeAnew(base: string, who: PeopleFile, removals: readonly Removal[]): Promise<void> {
  const path = `${base}.manifest.json`;
  const manifest = (await readManifest(path)) as WrittenManifest & { readonly summary: RunSummary };
  await tellPersonsAgain(base, who, manifest.run);
  const folder = dirname(base);
  const files = manifest.files.filter((file) => existsSync(join(folder, file.path)));
  const gone = (ending: string): number => removals.find(({ file }) => file === `${base}${ending}`)?.rows ?? 0;
  const { records, episodes } = manifest.summary;
  const summary = {
    ...manifest.summary,
    records: records - gone('.records.jsonl'),
    episodes: episodes - gone('.episodes.jsonl'),
    tracks: who.tracks.length,
  };
  await renewManifest(path, { ...manifest, summary, files } as WrittenManifest);
}
