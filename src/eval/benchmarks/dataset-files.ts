import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AffectError } from '../../domain/errors.js';
import { readListFile } from './annotation-file.js';
import { type Benchmark, compoundBenchmark, fabaBenchmark, feabenchBenchmark, ferbenchBenchmark } from './benchmark.js';
import { C_EXPR_DB_CLASSES, parseCexprVideo, parseRafCompound, RAF_DB_CLASSES, requireSome } from './compound-files.js';
import { type FabaTask, parseFabaFile } from './faba-file.js';
import { parseFeabenchFile } from './feabench-file.js';
import { parseFerbenchFile } from './ferbench-file.js';
import type { BenchmarkItem, CompoundItem } from './items.js';
import type { RougeVariant } from './rouge-l.js';

export interface Dataset {
  readonly benchmark: Benchmark<BenchmarkItem>;
  readonly lists: readonly string[];
  /** Where its pictures are if nobody says otherwise. */
  readonly images: string;
}

const usage = (message: string): AffectError => new AffectError('USAGE', message);

/** Items of one kind only ever meet the benchmark that made them, so what a benchmark is about can be forgotten. */
const anyItem = <Item extends BenchmarkItem>(benchmark: Benchmark<Item>): Benchmark<BenchmarkItem> =>
  benchmark as unknown as Benchmark<BenchmarkItem>;

/** Where the lists of FABA-Bench are: a folder in its published layout, or files by name. */
export interface FabaPaths {
  readonly folder: string | undefined;
  readonly emotions: string | undefined;
  readonly units: string | undefined;
}

/**
 * EmoLA's data folder: FABAInstruct/eval/eval_emotion_anno.json and eval_au_anno.json; images are named from that folder. Rejects
 * with USAGE or INPUT_NOT_FOUND that name what is missing or wrong, as the others here do.
 */
export async function fabaDataset({ folder, emotions, units }: FabaPaths, rouge: RougeVariant): Promise<Dataset> {
  const inFolder = (name: string): string | undefined => {
    const path = folder === undefined ? undefined : join(folder, 'FABAInstruct', 'eval', name);
    return path !== undefined && existsSync(path) ? path : undefined;
  };
  const files = [
    ['emotion', emotions ?? inFolder('eval_emotion_anno.json')],
    ['action units', units ?? inFolder('eval_au_anno.json')],
  ] as const;
  const given = files.filter((entry): entry is readonly [FabaTask, string] => entry[1] !== undefined);
  if (given.length === 0)
    throw usage(
      folder === undefined
        ? 'mien eval faba needs a folder with FABAInstruct/eval, or --emotions FILE and --units FILE'
        : `${folder} has no FABAInstruct/eval/eval_emotion_anno.json or eval_au_anno.json; name files with --emotions and --units`,
    );
  const items = [];
  for (const [task, path] of given) items.push(...parseFabaFile(await readListFile(path), path, task));
  const lists = given.map(([, path]) => path);
  return { benchmark: anyItem(fabaBenchmark(items, rouge)), lists, images: folder ?? dirname(lists[0]!) };
}

export async function feabenchDataset(annotations: string): Promise<Dataset> {
  const items = parseFeabenchFile(await readListFile(annotations), annotations);
  return { benchmark: anyItem(feabenchBenchmark(items)), lists: [annotations], images: dirname(annotations) };
}

/** UniFER's repository: eval_<set>/data/<set>_qa.json; and files by name. */
export async function ferbenchDataset(folder: string | undefined, questions: readonly string[]): Promise<Dataset> {
  const found = folder === undefined ? [] : await questionFiles(folder);
  const lists = [...questions, ...found];
  if (lists.length === 0)
    throw usage(
      folder === undefined
        ? 'mien eval ferbench-mllm needs --questions FILE.json, or the folder of the UniFER repository'
        : `${folder} has no eval_*/data/*_qa.json; name files with --questions`,
    );
  const items = [];
  for (const path of lists) items.push(...parseFerbenchFile(await readListFile(path), path));
  const parts = lists.map((path) => basename(path));
  const twice = parts.find((part, index) => parts.indexOf(part) !== index);
  if (twice !== undefined) throw usage(`${twice} is named twice; give each set once`);
  return { benchmark: anyItem(ferbenchBenchmark(items)), lists, images: dirname(lists[0]!) };
}

async function questionFiles(folder: string): Promise<string[]> {
  const sets = (await readdir(folder).catch(() => [])).filter((name) => name.startsWith('eval_')).sort();
  const files: string[] = [];
  for (const set of sets) {
    const data = join(folder, set, 'data');
    const names = await readdir(data).catch(() => []); // eval_total has no questions
    files.push(...names.filter((name) => name.endsWith('_qa.json')).map((name) => join(data, name)));
  }
  return files;
}

/** Where the compound expressions of RAF-DB are. */
export interface RafCompoundPaths {
  readonly folder: string | undefined;
  readonly annotations: string | undefined;
  /** Only pictures whose name begins so; undefined: all. */
  readonly split: string | undefined;
}

/** RAF-DB's folder with compound/EmoLabel/list_patition_label.txt and compound/Image/aligned; or another list by name. */
export async function rafCompoundDataset({ folder, annotations, split }: RafCompoundPaths): Promise<Dataset> {
  const published = folder === undefined ? undefined : join(folder, 'compound', 'EmoLabel', 'list_patition_label.txt');
  const path = annotations ?? published;
  if (path === undefined) throw usage('mien eval cer-raf-db needs the folder of RAF-DB, or --annotations FILE');
  const items = parseRafCompound(await readListFile(path), path, split ?? null);
  const images = folder === undefined ? dirname(path) : join(folder, 'compound', 'Image', 'aligned');
  return { benchmark: anyItem(compoundBenchmark(items, RAF_DB_CLASSES)), lists: [path], images };
}

/** A file of labels of C-EXPR-DB, or a folder with one for each video. */
export async function cexprDataset(path: string): Promise<Dataset> {
  const items: CompoundItem[] = [];
  for (const file of await videoFiles(path)) {
    const before = items.length;
    // Numbers go on from file to file: with the part they name an item.
    const frames = parseCexprVideo(await readListFile(file), file, basename(file, '.txt'));
    items.push(...frames.map((item, index) => ({ ...item, number: before + index + 1 })));
  }
  const benchmark = compoundBenchmark(requireSome(items, path), C_EXPR_DB_CLASSES);
  return { benchmark: anyItem(benchmark), lists: [path], images: dirname(path) };
}

/** A list of one video, or those in a folder. Rejects with INPUT_NOT_FOUND. */
export async function videoFiles(path: string): Promise<readonly string[]> {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new AffectError('INPUT_NOT_FOUND', `cannot read ${path}; check the path`);
  if (found.isFile()) return [path];
  const names = (await readdir(path)).filter((name) => name.endsWith('.txt')).sort();
  return names.map((name) => join(path, name));
}
