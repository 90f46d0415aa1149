import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { EMOTIONS } from '../domain/affect.js';
import { type PeopleFile, personFinder } from '../domain/people.js';
import type { FaceRecord } from '../domain/records.js';
import { type Micros, microsFromSeconds } from '../domain/units.js';
import { actionUnitStem } from '../record/leaves.js';
import { compact } from '../record/number-text.js';
import { discard, type LineFile, openLineFile } from './line-file.js';
import { type SinkTarget, unwritable } from './output-file.js';
import { type GridRow, type Moment, Resampler } from './resample.js';

/** Samples per second of the track file: a constant rate loads faster in ELAN. */
export const ELAN_RATE_HZ = 25;
/** Faces with columns of their own; of more, those that were read longest get them. */
export const ELAN_MAX_FACES = 16;
export const ELAN_SIGNALS = [...EMOTIONS, 'valence_derived', 'arousal_derived'];
/** Ending of the file after the base name. */
export const TRACKS_ENDING = '.elan-tracks.csv';
const SPOOL = '.elan-tracks.part';

/** Names of a face's columns when the model reads the action units `keys`: emotions, valence, arousal, intensities. */
export const elanSignals = (keys: readonly string[]): readonly string[] => [
  ...ELAN_SIGNALS,
  ...keys.map((key) => `${actionUnitStem(key)}_intensity`),
];

const NO_EMOTIONS: readonly null[] = ELAN_SIGNALS.map(() => null);

/** Smoothed values of the faces of one frame, in the order of elanSignals. */
export function momentOf(records: readonly FaceRecord[], keys: readonly string[] = []): Moment | null {
  const first = records[0];
  if (!first) return null;
  const faces = new Map<number, readonly (number | null)[]>();
  for (const { track, emotions, valenceArousal, actionUnits } of records) {
    if (track === null || (emotions === null && (actionUnits === null || keys.length === 0))) continue;
    const point = valenceArousal?.smoothed;
    const affect = emotions ? [...emotions.smoothed, point?.valence ?? null, point?.arousal ?? null] : NO_EMOTIONS;
    faces.set(track, [...affect, ...keys.map((key) => actionUnits?.[key]?.intensity?.smoothed ?? null)]);
  }
  return { ptsUs: first.ptsUs, frame: first.frame, faces };
}

/** Row of the spool: the step, then track and cells of each face, tab-separated. */
function spoolLine({ step, faces }: GridRow, seen: Map<number, number>): string {
  let line = String(step);
  for (const [track, values] of faces) {
    let cells = '';
    let found = false;
    for (const value of values) {
      cells += `,${compact(value, 5)}`;
      found ||= value !== null;
    }
    if (!found) continue;
    seen.set(track, (seen.get(track) ?? 0) + 1);
    line += `\t${track}\t${cells}`;
  }
  return `${line}\n`;
}

/** Number of the person whose face a track shows at a time; null where it is nobody's. */
type PersonOf = (track: number, at: Micros) => number | null;

/** Samples of each person, by number. */
function samplesOf(seen: ReadonlyMap<number, number>, who: PeopleFile | null): ReadonlyMap<number, number> {
  if (!who) return seen;
  const ofPerson = who.people.map(({ person, tracks }): [number, number] => [
    person,
    [...new Set(tracks.map(({ track }) => track))].reduce((sum, track) => sum + (seen.get(track) ?? 0), 0),
  ]);
  return new Map(ofPerson.filter(([, samples]) => samples > 0));
}

/** Persons with the most samples, in rising order. */
function chosenPersons(samples: ReadonlyMap<number, number>): number[] {
  return [...samples]
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, ELAN_MAX_FACES)
    .map(([person]) => person)
    .sort((a, b) => a - b);
}

function wideLine(
  spooled: string,
  { persons, personOf, noValues }: { readonly persons: readonly number[]; personOf: PersonOf; noValues: string },
): string {
  const [step, ...parts] = spooled.split('\t');
  const seconds = Number(step) / ELAN_RATE_HZ;
  const cells = new Map<number | null, string>();
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const person = personOf(Number(parts[at]), microsFromSeconds(seconds));
    // Between two tracks of a person both have values: the one that goes on counts.
    if (!cells.has(person)) cells.set(person, parts[at + 1]!);
  }
  return `${compact(seconds, 3)}${persons.map((person) => cells.get(person) ?? noValues).join('')}\n`;
}

/** The uniformly sampled track file of a run: one time column, then the same columns for each face. */
export interface ElanTracks {
  readonly path: string;
  add(records: readonly FaceRecord[]): Promise<void> | void;
  /** Who is who, before close(). */
  people(who: PeopleFile): void;
  close(): Promise<void>;
  /** Persons with columns, in their order, and how many are without; known after close(). */
  persons(): readonly number[];
  facesLeftOut(): number;
}

/**
 * Opens `<base>.elan-tracks.csv`. Who appears is known at the end only: rows wait in a spool file beside it, and close()
 * writes them out under the header. Memory is a few bytes per track seen.
 */
export async function openElanTracks(target: SinkTarget, actionUnits: readonly string[]): Promise<ElanTracks> {
  const signals = elanSignals(actionUnits);
  const file = await openLineFile(target, TRACKS_ENDING);
  const spool = await openLineFile({ ...target, overwrite: true }, SPOOL).catch(async (error: unknown) => {
    await discard(file);
    throw error;
  });
  const resampler = new Resampler(ELAN_RATE_HZ);
  const seen = new Map<number, number>();
  let who: PeopleFile | null = null;
  let persons: readonly number[] = [];
  let leftOut = 0;
  let closing: Promise<void> | undefined;

  const finish = async (): Promise<void> => {
    let failure: unknown;
    try {
      // A spool that hit a full disk ends at a whole line: what it has is still written out.
      await spool.close().catch((error: unknown) => {
        failure = error;
      });
      const samples = samplesOf(seen, who);
      persons = chosenPersons(samples);
      leftOut = samples.size - persons.length;
      const found = who && personFinder(who);
      const personOf: PersonOf = (track, at) => (found ? (found(track, at)?.person ?? null) : track);
      await writeOut(file, spool.path, { persons, personOf, signals });
    } finally {
      await rm(spool.path, { force: true });
      await file.close();
    }
    if (failure !== undefined) throw failure;
  };

  return {
    path: file.path,
    async add(records) {
      const moment = momentOf(records, actionUnits);
      if (!moment) return;
      for (const row of resampler.advance(moment)) {
        const full = spool.write(spoolLine(row, seen));
        if (full) await full;
      }
    },
    people(told) {
      who = told;
    },
    close() {
      closing ??= finish();
      return closing;
    },
    persons: () => persons,
    facesLeftOut: () => leftOut,
  };
}

async function writeOut(
  file: LineFile,
  spoolPath: string,
  {
    persons,
    personOf,
    signals,
  }: { readonly persons: readonly number[]; readonly personOf: PersonOf; readonly signals: readonly string[] },
): Promise<void> {
  const noValues = ','.repeat(signals.length);
  file.write(`${['time_s', ...persons.flatMap((person) => signals.map((name) => `p${person}_${name}`))].join(',')}\n`);
  const input = createReadStream(spoolPath);
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      const full = file.write(wideLine(line, { persons, personOf, noValues }));
      if (full) await full;
    }
  } catch (error) {
    throw unwritable(file.path, error);
  } finally {
    input.destroy();
  }
}
