import { mkdir, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Insight } from '../domain/insight.js';
import type { KeepSettings } from '../domain/keeping.js';
import type { Episode, FaceRecord } from '../domain/records.js';
import type { RuleFiring } from '../domain/rules.js';
import { createCsvSink } from '../sinks/csv-sink.js';
import type { FileSink } from '../sinks/file-sink.js';
import { createJsonlSink } from '../sinks/jsonl-sink.js';
import { type LineFile, openLineFile } from '../sinks/line-file.js';
import type { SinkTarget, WriteBytes } from '../sinks/output-file.js';
import { createParquetSink } from '../sinks/parquet-sink.js';
import { instantText, localDay, readName, WRITING } from './kept-names.js';
import { MinuteDigest } from './minute-digest.js';
import { settleFile } from './settle-file.js';

/** Something of a camera that is kept. `atMs`: Date.now() scale. */
export type KeptItem =
  | { readonly type: 'readings'; readonly records: readonly FaceRecord[]; readonly atMs: number }
  | { readonly type: 'episodes'; readonly episode: Episode; readonly atMs: number }
  | { readonly type: 'insights'; readonly insight: Insight; readonly atMs: number }
  | { readonly type: 'rules'; readonly firing: RuleFiring; readonly atMs: number };

export interface PartOptions {
  readonly settings: Pick<KeepSettings, 'folder' | 'what' | 'formats'>;
  readonly source: string;
  /** Keys of action units that the model reads. */
  readonly actionUnits: readonly string[];
  /** Replaces the system call of writes, for tests of a full disk. */
  readonly write?: WriteBytes;
}

/** What is being written of a camera: one file for each kind and format, whole once `finish` has renamed it. */
export interface Part {
  readonly day: string;
  readonly startMs: number;
  /** Rejects with OUTPUT_UNWRITABLE; only `finish` may follow. One call at a time, here and below. */
  take(item: KeptItem): Promise<void>;
  /** Writes what is pending. @returns bytes of the part so far. Rejects with OUTPUT_UNWRITABLE */
  flush(): Promise<number>;
  /** Ends the files and puts what is whole in its place. Rejects with the first failure when all has been tried. */
  finish(): Promise<void>;
}

/** Begins a part. Rejects with what the file system says, or OUTPUT_UNWRITABLE. */
export async function openPart(wantedMs: number, options: PartOptions): Promise<Part> {
  const { folder, formats } = options.settings;
  const { source, actionUnits, write } = options;
  const place = join(folder, source);
  await mkdir(join(place, WRITING), { recursive: true, mode: 0o700 });
  const startMs = await freeStart(place, wantedMs);
  const day = localDay(wantedMs);
  const target = { base: join(place, WRITING, instantText(startMs)), overwrite: false, ...(write ? { write } : {}) };
  const { minutes, rules, sinks } = await openFiles(target, { formats, actionUnits });
  const [jsonl] = sinks;
  const digest = new MinuteDigest();
  const ofReadings = formats.includes('jsonl') ? sinks : sinks.slice(1);
  const paths = [minutes, rules, ...sinks.flatMap((sink) => sink.files())].map(({ path }) => path);

  return {
    day,
    startMs,
    async take(item) {
      const wallTime = new Date(item.atMs).toISOString();
      switch (item.type) {
        case 'readings':
          await writeLine(minutes, digest.add(item.records, item.atMs));
          for (const sink of ofReadings) await sink.records(item.records);
          return;
        case 'episodes':
          return jsonl.episode(withTime(item.episode, wallTime));
        case 'insights':
          return jsonl.insight?.(withTime(item.insight, wallTime), null);
        case 'rules':
          return writeLine(rules, withTime(item.firing, wallTime));
      }
    },
    async flush() {
      for (const each of [minutes, rules, ...sinks]) await each.flush?.();
      let bytes = 0;
      for (const path of paths) bytes += (await stat(path)).size;
      return bytes;
    },
    async finish() {
      const failures: unknown[] = [];
      const attempt = (work: Promise<unknown>) => work.catch((error: unknown) => failures.push(error));
      await attempt(writeLine(minutes, digest.take()));
      for (const each of [minutes, rules, ...sinks]) await attempt(each.close());
      for (const path of paths) {
        const { content } = readName(basename(path))!;
        await attempt(settleFile(path, { content, place: join(place, day, basename(path)) }));
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}

async function writeLine(file: LineFile, value: object | null): Promise<void> {
  if (value) await file.write(`${JSON.stringify(value)}\n`);
}

/** Opens every file of a part; when one cannot be opened, closes the others. */
async function openFiles(
  target: SinkTarget,
  { formats, actionUnits }: Pick<KeepSettings, 'formats'> & Pick<PartOptions, 'actionUnits'>,
) {
  const opened: { close(): Promise<void> }[] = [];
  const add = <T extends { close(): Promise<void> }>(file: T): T => {
    opened.push(file);
    return file;
  };
  try {
    const minutes = add(await openLineFile(target, '.minutes.jsonl'));
    const rules = add(await openLineFile(target, '.rules.jsonl'));
    const jsonl = add(await createJsonlSink(target, { landmarks: 'none', actionUnits, insights: true }));
    const tables: FileSink[] = [];
    const options = { actionUnits, wallTime: true };
    if (formats.includes('csv')) tables.push(add(await createCsvSink(target, options)));
    if (formats.includes('parquet')) tables.push(add(await createParquetSink(target, options)));
    return { minutes, rules, sinks: [jsonl, ...tables] as const };
  } catch (error) {
    await Promise.allSettled(opened.map((file) => file.close()));
    throw error;
  }
}

/** What is kept says when it was told: media time alone means nothing later. */
const withTime = <T extends object>(told: T, wallTime: string): T & { readonly wallTime: string } => ({
  ...told,
  wallTime,
});

/** A name that no part of the camera has, some milliseconds later where it must be. */
async function freeStart(place: string, wantedMs: number): Promise<number> {
  const names = [WRITING, localDay(wantedMs)].map((folder) => readdir(join(place, folder)).catch(() => []));
  const taken = new Set((await Promise.all(names)).flat().map((name) => readName(name)?.startMs));
  let startMs = wantedMs;
  while (taken.has(startMs)) startMs++;
  return startMs;
}
