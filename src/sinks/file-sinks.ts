import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LandmarkChoice } from '../domain/face.js';
import type { RunInfo, RunSummary, Sink } from '../domain/records.js';
import { combineSinks } from './combine-sinks.js';
import { createCsvSink } from './csv-sink.js';
import { createElanSink } from './elan-sink.js';
import { createFexSink } from './fex-sink.js';
import type { FileSink } from './file-sink.js';
import { FORMAT_ENDINGS, type Format } from './formats.js';
import { createJsonlSink } from './jsonl-sink.js';
import { discard } from './line-file.js';
import { writeManifest } from './manifest-file.js';
import { createOpenFaceSink } from './openface-sink.js';
import { alreadyThere, type SinkTarget, unwritable, type WriteBytes } from './output-file.js';
import { createParquetSink } from './parquet-sink.js';
import { createWebVttSink } from './webvtt-sink.js';

export interface FileSinksOptions {
  /** Existing folder. */
  readonly dir: string;
  readonly baseName: string;
  readonly formats: readonly Format[];
  /** Replace files of these names. */
  readonly overwrite: boolean;
  /** Landmarks in the records file; the other formats have their own. */
  readonly landmarks: LandmarkChoice;
  readonly run: RunInfo;
  /** A multimodal LLM is asked: its answers get files of their own. @default false */
  readonly insights?: boolean;
  /** Replaces the system call of every write but the manifest's, for tests of a full disk. */
  readonly write?: WriteBytes;
}

function create(format: Format, target: SinkTarget, options: FileSinksOptions): Promise<FileSink> {
  const { video, actionUnits } = options.run;
  const units = { actionUnits };
  switch (format) {
    case 'jsonl':
      return createJsonlSink(target, {
        landmarks: options.landmarks,
        actionUnits,
        insights: options.insights ?? false,
      });
    case 'csv':
      return createCsvSink(target, units);
    case 'parquet':
      return createParquetSink(target, units);
    case 'openface':
      return createOpenFaceSink(target, video, units);
    case 'fex':
      return createFexSink(target, video, units);
    case 'elan':
      return createElanSink(target, units);
    case 'webvtt':
      return createWebVttSink(target, { ...units, insights: options.insights ?? false });
  }
}

/** Opens one sink after the other; when one fails, closes those before and removes their new, empty files. */
async function openAll(formats: readonly Format[], target: SinkTarget, options: FileSinksOptions): Promise<FileSink[]> {
  const sinks: FileSink[] = [];
  try {
    for (const format of formats) sinks.push(await create(format, target, options));
  } catch (error) {
    for (const sink of sinks) {
      for (const { path } of sink.files()) await discard({ path, close: () => sink.close() });
    }
    throw error;
  }
  return sinks;
}

/**
 * Opens the files of the chosen formats and, written last by close(), the manifest that describes them. Rejects with
 * OUTPUT_EXISTS, with nothing created, when one of them exists and must not be replaced, and with OUTPUT_UNWRITABLE.
 * The manifest is only written when every sink closed well: it stands for a finished run.
 */
export async function createFileSinks(options: FileSinksOptions): Promise<readonly Sink[]> {
  const base = join(options.dir, options.baseName);
  const manifestPath = `${base}.manifest.json`;
  const formats = [...new Set(options.formats)];
  const insightsPath = `${base}.insights.jsonl`;
  if (!options.overwrite) {
    const endings: string[] = formats.flatMap((format) => FORMAT_ENDINGS[format].map((ending) => `${base}${ending}`));
    if (options.insights && formats.includes('jsonl')) endings.push(insightsPath);
    for (const path of [manifestPath, ...endings]) if (existsSync(path)) throw alreadyThere(path);
  }
  const { overwrite, write } = options;
  try {
    // The manifest of an earlier run must not outlive its files.
    await rm(manifestPath, { force: true });
    if (options.overwrite && !options.insights) await rm(insightsPath, { force: true });
  } catch (error) {
    throw unwritable(manifestPath, error);
  }
  const sinks = await openAll(formats, { base, overwrite, ...(write ? { write } : {}) }, options);
  const all = combineSinks(sinks);
  let closing: Promise<void> | undefined;
  const finish = async (summary: RunSummary): Promise<void> => {
    await all.close(summary);
    await writeManifest(manifestPath, { run: options.run, summary, files: sinks.flatMap((sink) => sink.files()) });
  };
  return [
    {
      ...all,
      close(summary) {
        closing ??= finish(summary);
        return closing;
      },
    },
  ];
}
