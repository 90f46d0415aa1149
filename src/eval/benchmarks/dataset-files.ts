import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AffectError } from '../../domain/errors.js';
import { readListFile } from './annotation-file.js';
import { type Benchmark, compoundBenchmark, fabaBenchmark, feabenchBenchmark, ferbenchBenchmark } from './benchmark.js';
import type { BenchmarkId } from './benchmark-report.js';
import { type CompoundSet, compoundClasses, parseCexprVideo, parseRafCompound, requireSome } from './compound-files.js';
import { type FabaTask, parseFabaFile } from './faba-file.js';
import { parseFeabenchFile } from './feabench-file.js';
import { parseFerbenchFile } from './ferbench-file.js';
import type { BenchmarkItem, CompoundItem } from './items.js';
import type { RougeVariant } from './rouge-l.js';

/** Where the lists of a benchmark are: a folder in its published layout, or files by name. */
export interface DatasetPaths {
  readonly folder: string | null;
  /** FERBench. */
  readonly questions: readonly string[];
  /** FABA-Bench. */
  readonly emotions: string | null;
  readonly units: string | null;
  /** FEABench: a file; compound expressions: a file, or a folder of C-EXPR-DB's. */
  readonly annotations: string | null;
  readonly set: CompoundSet;
  /** RAF-DB: names that begin so; null: all. */
  readonly split: string | null;
  readonly rouge: RougeVariant;
}

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

/** Reads the lists of a benchmark. Rejects with USAGE or INPUT_NOT_FOUND that name what is missing or wrong. */
export async function readDataset(id: BenchmarkId, paths: DatasetPaths): Promise<Dataset> {
  switch (id) {
    case 'faba':
      return faba(paths);
    case 'feabench':
      return feabench(paths);
    case 'ferbench':
      return ferbench(paths);
    case 'cer':
      return compound(paths);
  }
}

/** EmoLA's data folder: FABAInstruct/eval/eval_emotion_anno.json and eval_au_anno.json; images are named from that folder. */
async function faba({ folder, emotions, units, rouge }: DatasetPaths): Promise<Dataset> {
  const inFolder = (name: string): string | null => {
    const path = folder === null ? null : join(folder, 'FABAInstruct', 'eval', name);
    return path !== null && existsSync(path) ? path : null;
  };
  const files = [
    ['emotion', emotions ?? inFolder('eval_emotion_anno.json')],
    ['action units', units ?? inFolder('eval_au_anno.json')],
  ] as const;
  const given = files.filter((entry): entry is readonly [FabaTask, string] => entry[1] !== null);
  if (given.length === 0)
    throw usage(
      folder === null
        ? 'mien eval faba needs a folder with FABAInstruct/eval, or --emotions FILE and --units FILE'
        : `${folder} has no FABAInstruct/eval/eval_emotion_anno.json or eval_au_anno.json; name files with --emotions and --units`,
    );
  const items = [];
  for (const [task, path] of given) items.push(...parseFabaFile(await readListFile(path), path, task));
  const lists = given.map(([, path]) => path);
  return { benchmark: anyItem(fabaBenchmark(items, rouge)), lists, images: folder ?? dirname(lists[0]!) };
}

async function feabench({ annotations }: DatasetPaths): Promise<Dataset> {
  if (annotations === null) throw usage('mien eval feabench needs --annotations FILE.json');
  const items = parseFeabenchFile(await readListFile(annotations), annotations);
  return { benchmark: anyItem(feabenchBenchmark(items)), lists: [annotations], images: dirname(annotations) };
}

/** UniFER's repository: eval_<set>/data/<set>_qa.json. */
async function ferbench({ folder, questions }: DatasetPaths): Promise<Dataset> {
  const found = folder === null ? [] : await questionFiles(folder);
  const lists = [...questions, ...found];
  if (lists.length === 0)
    throw usage(
      folder === null
        ? 'mien eval ferbench needs --questions FILE.json, or the folder of the UniFER repository'
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

async function compound({ folder, annotations, set, split }: DatasetPaths): Promise<Dataset> {
  const classes = compoundClasses(set);
  const inFolder = folder === null ? null : join(folder, 'compound', 'EmoLabel', 'list_patition_label.txt');
  const path = annotations ?? (set === 'raf-db' ? inFolder : folder);
  if (path === null)
    throw usage('mien eval cer needs --annotations FILE (or the folder of RAF-DB), and --set raf-db or c-expr-db');
  const published = annotations === null && set === 'raf-db' && folder !== null;
  const images = published ? join(folder, 'compound', 'Image', 'aligned') : dirname(path);
  if (set === 'raf-db') {
    const items = parseRafCompound(await readListFile(path), path, split);
    return { benchmark: anyItem(compoundBenchmark(items, classes)), lists: [path], images };
  }
  const items: CompoundItem[] = [];
  for (const file of await videoFiles(path)) {
    const before = items.length;
    // Numbers go on from file to file: with the part they name an item.
    const frames = parseCexprVideo(await readListFile(file), file, basename(file, '.txt'));
    items.push(...frames.map((item, index) => ({ ...item, number: before + index + 1 })));
  }
  return { benchmark: anyItem(compoundBenchmark(requireSome(items, path), classes)), lists: [path], images };
}

async function videoFiles(path: string): Promise<readonly string[]> {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new AffectError('INPUT_NOT_FOUND', `cannot read ${path}; check --annotations`);
  if (found.isFile()) return [path];
  const names = (await readdir(path)).filter((name) => name.endsWith('.txt')).sort();
  return names.map((name) => join(path, name));
}
