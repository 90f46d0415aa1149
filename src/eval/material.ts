import { dirname } from 'node:path';
import { readListFile } from './benchmarks/annotation-file.js';
import { type CsvColumns, parseCsvList } from './csv-list.js';
import type { EvalReport } from './eval-report.js';
import { parseQuestions } from './ferbench-questions.js';
import { ferplusItems, type Split } from './ferplus.js';
import { folderSource, type ImageSource, npzSource } from './image-source.js';
import type { EvalItem } from './items.js';
import { readNpz } from './npz-file.js';

/** Labelled pictures, and where they are. */
export interface Material {
  readonly items: readonly EvalItem[];
  readonly images: ImageSource;
  readonly data: EvalReport['data'];
}

/** A folder, or an .npz with images and ids. */
export const openImages = async (path: string): Promise<ImageSource> =>
  path.endsWith('.npz') ? npzSource(await readNpz(path)) : folderSource(path);

/** A list with a header line. Rejects with what lists and pictures raise. */
export async function csvMaterial(list: string, columns: CsvColumns, imagesPath = dirname(list)): Promise<Material> {
  const items = parseCsvList(await readListFile(list), list, columns);
  return { items, images: await openImages(imagesPath), data: { kind: 'csv', list, images: imagesPath, split: null } };
}

/** Questions of FERBench. Rejects with what lists and pictures raise. */
export async function ferbenchMaterial(list: string, imagesPath = dirname(list)): Promise<Material> {
  const items = parseQuestions(await readListFile(list), list);
  const data = { kind: 'ferbench', list, images: imagesPath, split: null };
  return { items, images: await openImages(imagesPath), data };
}

/** One part of a file with FER+'s votes, which holds the pictures, too. Rejects with what such a file raises. */
export async function npzMaterial(file: string, split: Split): Promise<Material> {
  const npz = await readNpz(file);
  return {
    items: ferplusItems(npz, split),
    images: npzSource(npz),
    data: { kind: 'npz', list: file, images: file, split },
  };
}
