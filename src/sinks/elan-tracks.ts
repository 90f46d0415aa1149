import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { EMOTIONS } from '../domain/affect.js';
import type { FaceRecord } from '../domain/records.js';
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

/** Tracks with the most samples, in rising order. */
function chosenTracks(seen: ReadonlyMap<number, number>): number[] {
  return [...seen]
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, ELAN_MAX_FACES)
    .map(([track]) => track)
    .sort((a, b) => a - b);
}

function wideLine(spooled: string, tracks: readonly number[], noValues: string): string {
  const parts = spooled.split('\t');
  let line = compact(Number(parts[0]) / ELAN_RATE_HZ, 3);
  for (const track of tracks) {
    const at = parts.indexOf(String(track), 1);
    line += at < 0 ? noValues : parts[at + 1];
  }
  return `${line}\n`;
}

/** The uniformly sampled track file of a run: one time column, then the same columns for each face. */
export interface ElanTracks {
  readonly path: string;
  add(records: readonly FaceRecord[]): Promise<void> | void;
  close(): Promise<void>;
  /** Faces with columns, in their order, and how many are without; known after close(). */
  faces(): readonly number[];
  facesLeftOut(): number;
}

/**
 * Opens `<base>.elan-tracks.csv`. Who appears is known at the end only: rows wait in a spool file beside it, and close()
 * writes them out under the header. Memory is a few bytes per track seen.
 */
export async function openElanTracks(target: SinkTarget, actionUnits: readonly string[]): Promise<ElanTracks> {
  const signals = elanSignals(actionUnits);
  const file = await openLineFile(target, '.elan-tracks.csv');
  const spool = await openLineFile({ ...target, overwrite: true }, SPOOL).catch(async (error: unknown) => {
    await discard(file);
    throw error;
  });
  const resampler = new Resampler(ELAN_RATE_HZ);
  const seen = new Map<number, number>();
  let tracks: readonly number[] = [];
  let closing: Promise<void> | undefined;

  const finish = async (): Promise<void> => {
    let failure: unknown;
    try {
      // A spool that hit a full disk ends at a whole line: what it has is still written out.
      await spool.close().catch((error: unknown) => {
        failure = error;
      });
      tracks = chosenTracks(seen);
      await writeOut(file, spool.path, { tracks, signals });
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
    close() {
      closing ??= finish();
      return closing;
    },
    faces: () => tracks,
    facesLeftOut: () => Math.max(0, seen.size - tracks.length),
  };
}

async function writeOut(
  file: LineFile,
  spoolPath: string,
  { tracks, signals }: { readonly tracks: readonly number[]; readonly signals: readonly string[] },
): Promise<void> {
  const noValues = ','.repeat(signals.length);
  file.write(`${['time_s', ...tracks.flatMap((track) => signals.map((name) => `p${track}_${name}`))].join(',')}\n`);
  const input = createReadStream(spoolPath);
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      const full = file.write(wideLine(line, tracks, noValues));
      if (full) await full;
    }
  } catch (error) {
    throw unwritable(file.path, error);
  } finally {
    input.destroy();
  }
}
