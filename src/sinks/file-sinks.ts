import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { RunInfo, Sink } from '../domain/records.js';
import { combineSinks } from './combine-sinks.js';
import { createCsvSink } from './csv-sink.js';
import { createElanSink } from './elan-sink.js';
import { createFexSink } from './fex-sink.js';
import type { FileSink } from './file-sink.js';
import { createJsonlSink, type LandmarkChoice } from './jsonl-sink.js';
import { refuseExisting, unwritable } from './line-file.js';
import { writeManifest } from './manifest-file.js';
import { createOpenFaceSink } from './openface-sink.js';
import { createParquetSink } from './parquet-sink.js';
import { createWebVttSink } from './webvtt-sink.js';

export type { LandmarkChoice } from './jsonl-sink.js';

/** File formats, each with the endings of what it writes. */
const ENDINGS = {
  jsonl: ['.records.jsonl', '.episodes.jsonl'],
  csv: ['.csv'],
  parquet: ['.parquet'],
  openface: ['.openface.csv'],
  fex: ['.fex.csv'],
  elan: ['.elan-intervals.tsv'],
  webvtt: ['.metadata.vtt', '.captions.vtt'],
} as const;

export type Format = keyof typeof ENDINGS;
export const FORMATS = Object.keys(ENDINGS) as Format[];

export interface FileSinksOptions {
  readonly dir: string;
  readonly baseName: string;
  readonly formats: readonly Format[];
  readonly overwrite: boolean;
  readonly landmarks: LandmarkChoice;
  readonly run: RunInfo;
}

function create(format: Format, base: string, options: FileSinksOptions): Promise<FileSink> {
  switch (format) {
    case 'jsonl':
      return createJsonlSink(base, { landmarks: options.landmarks });
    case 'csv':
      return createCsvSink(base);
    case 'parquet':
      return createParquetSink(base);
    case 'openface':
      return createOpenFaceSink(base);
    case 'fex':
      return createFexSink(base, options.run.video);
    case 'elan':
      return createElanSink(base);
    case 'webvtt':
      return createWebVttSink(base);
  }
}

/** Track files of an earlier run: there may be more of them than this run will write. */
function removeTrackFiles(dir: string, baseName: string): void {
  for (const name of readdirSync(dir)) {
    if (name.startsWith(`${baseName}.elan-tracks.p`)) rmSync(join(dir, name));
  }
}

/**
 * Opens the files of the chosen formats and, closed last, the manifest that describes them. Nothing is created when any
 * of them exists and must not be replaced (OUTPUT_EXISTS).
 */
export async function createFileSinks(options: FileSinksOptions): Promise<readonly Sink[]> {
  const base = join(options.dir, options.baseName);
  const manifestPath = `${base}.manifest.json`;
  refuseExisting(manifestPath, options.overwrite);
  for (const format of options.formats) {
    for (const ending of ENDINGS[format]) refuseExisting(`${base}${ending}`, options.overwrite);
  }
  try {
    // A manifest stands for a finished run: the old one must not outlive its files.
    rmSync(manifestPath, { force: true });
    removeTrackFiles(options.dir, options.baseName);
  } catch (error) {
    throw unwritable(options.dir, error);
  }
  const sinks: FileSink[] = [];
  for (const format of options.formats) sinks.push(await create(format, base, options));
  const all = combineSinks(sinks);
  return [
    {
      ...all,
      async close(summary) {
        await all.close(summary);
        await writeManifest(manifestPath, { run: options.run, summary, files: sinks.flatMap((sink) => sink.files()) });
      },
    },
  ];
}
