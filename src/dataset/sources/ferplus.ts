import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openCsvFile } from '../../csv/csv-file.js';
import { EMOTIONS } from '../../domain/affect.js';
import type { Problems } from '../../eval/benchmarks/annotation-file.js';
import { ferplusMajority } from '../../eval/ferplus.js';
import { UNIFER_LABELS } from '../../mllm/prompts/unifer.js';
import { type LabelledFace, labelledFace, type Split } from '../face.js';
import type { Source, SourceOptions } from '../source.js';
import { pictures } from './chunks.js';

/** What FER+ calls its parts, and the folder that its script writes their pictures to. */
const PARTS: Readonly<Record<string, { readonly split: Split; readonly folder: string }>> = {
  Training: { split: 'train', folder: 'FER2013Train' },
  PublicTest: { split: 'valid', folder: 'FER2013Valid' },
  PrivateTest: { split: 'test', folder: 'FER2013Test' },
};
const VOTES = [...EMOTIONS, 'unknown', 'NF'];

/** Faces of fer2013new.csv: Usage, Image name, votes. Rows without a picture's name were taken out of FER+ and are left out. */
async function* facesOf(path: string, problems: Problems): AsyncGenerator<LabelledFace> {
  const { rows, position } = await openCsvFile(path);
  const usageAt = position('Usage', 'the list of FER+');
  const imageAt = position('Image name', 'the list of FER+');
  const votesAt = VOTES.map((name) => position(name, 'the list of FER+'));
  for await (const { line, fields } of rows) {
    const where = `${path}, line ${line}`;
    const name = fields[imageAt]?.trim() ?? '';
    if (name === '') continue;
    const part = PARTS[fields[usageAt]?.trim() ?? ''];
    const votes = votesAt.map((at) => (/^\d+$/.test(fields[at]?.trim() ?? '') ? Number(fields[at]) : Number.NaN));
    if (part === undefined)
      problems.add(where, `Usage is "${fields[usageAt]}"; expected ${Object.keys(PARTS).join(', ')}`);
    else if (votes.some(Number.isNaN)) problems.add(where, 'votes are whole numbers, one for each of ten columns');
    else {
      const winner = ferplusMajority(votes);
      const emotion = winner === null ? null : EMOTIONS[winner]!;
      yield labelledFace({ image: `${part.folder}/${name}`, where, split: part.split, emotion });
    }
  }
}

/** FER+: fer2013new.csv, or a folder that holds it beside the pictures. */
export function ferplusSource({ path }: SourceOptions): Source {
  const isList = path.endsWith('.csv');
  const list = isList ? path : join(path, 'fer2013new.csv');
  const folder = isList ? join(path, '..') : path;
  const images = join(folder, 'data');
  return {
    title: 'FERPlus',
    labels: [list],
    images: existsSync(images) ? images : folder,
    tasks: ['emotion'],
    emotions: UNIFER_LABELS.ferplus,
    compounds: [],
    units: [],
    presentFrom: 1,
    folds: null,
    lacksPictures: false,
    faces: (problems) => pictures(facesOf(list, problems)),
  };
}
