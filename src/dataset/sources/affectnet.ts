import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { openCsvFile } from '../../csv/csv-file.js';
import type { Emotion, ValenceArousal } from '../../domain/affect.js';
import { AffectError, errorWords } from '../../domain/errors.js';
import type { Problems } from '../../eval/benchmarks/annotation-file.js';
import { readNpyValue } from '../../eval/npy.js';
import { UNIFER_LABELS } from '../../mllm/prompts/unifer.js';
import { type LabelledFace, labelledFace, type Split } from '../face.js';
import type { Source, SourceOptions } from '../source.js';
import { pictures } from './chunks.js';

/** AffectNet's codes of expressions, from 0; 8 none, 9 uncertain and 10 no face have no emotion. */
const CODES: readonly (Emotion | null)[] = [
  'neutral',
  'happiness',
  'sadness',
  'surprise',
  'fear',
  'disgust',
  'anger',
  'contempt',
  null,
  null,
  null,
];
/** Columns of its lists, in their order: validation.csv comes without a header line in some releases. */
const COLUMNS =
  'subDirectory_filePath face_x face_y face_width face_height facial_landmarks expression valence arousal'.split(' ');
/** Where its lists and pictures are below the folder of the release. */
const LISTS = ['', 'Manually_Annotated_file_lists', 'Manually_Annotated'];
const PICTURES = ['Manually_Annotated_Images', join('Manually_Annotated', 'Manually_Annotated_Images')];

const splitOf = (list: string): Split => (/^valid/.test(basename(list)) ? 'test' : 'train');

/** What the codes of a face say; adds to the problems and is null where they are none. -2 is AffectNet's "not known". */
function labelsOf(
  codes: { readonly expression: string; readonly valence: string; readonly arousal: string },
  where: string,
  problems: Problems,
): { readonly emotion: Emotion | null; readonly affect: ValenceArousal | null } | null {
  const emotion = /^\d+$/.test(codes.expression) ? CODES[Number(codes.expression)] : undefined;
  const [valence, arousal] = [codes.valence, codes.arousal].map((text) => (text === '' ? Number.NaN : Number(text)));
  if (emotion === undefined) problems.add(where, `expression is "${codes.expression}"; expected 0 to 10`);
  else if (![valence, arousal].every((value) => value === -2 || Math.abs(value!) <= 1))
    problems.add(where, `valence and arousal are "${codes.valence}" and "${codes.arousal}"; expected -1 to 1, or -2`);
  else return { emotion, affect: valence === -2 || arousal === -2 ? null : { valence: valence!, arousal: arousal! } };
  return null;
}

async function* listedFaces(list: string, problems: Problems): AsyncGenerator<LabelledFace> {
  const { header, rows } = await openCsvFile(list);
  const named = header.includes(COLUMNS[0]!);
  const at = (name: string): number => (named ? header : COLUMNS).indexOf(name);
  const missing = COLUMNS.find((name) => at(name) < 0);
  if (missing !== undefined) throw new AffectError('USAGE', `${list}, line 1: no column ${missing}`);
  async function* records() {
    if (!named) yield { line: 1, fields: header };
    yield* rows;
  }
  for await (const { line, fields } of records()) {
    const where = `${list}, line ${line}`;
    const field = (name: string): string => fields[at(name)]?.trim() ?? '';
    const codes = { expression: field('expression'), valence: field('valence'), arousal: field('arousal') };
    const labels = labelsOf(codes, where, problems);
    const image = field(COLUMNS[0]!);
    if (image === '') problems.add(where, 'no picture is named');
    else if (labels !== null) yield labelledFace({ image, where, split: splitOf(list), ...labels });
  }
}

/** Faces of the smaller release: annotations/ID_exp.npy, ID_val.npy, ID_aro.npy beside images/ID.jpg. */
async function* annotatedFaces(folder: string, split: Split, problems: Problems): AsyncGenerator<LabelledFace> {
  const annotations = join(folder, 'annotations');
  const ids = (await readdir(annotations)).flatMap((name) => /^(.+)_exp\.npy$/.exec(name)?.[1] ?? []).sort();
  for (const id of ids) {
    const where = join(annotations, `${id}_exp.npy`);
    const value = async (kind: string): Promise<string> => {
      const path = join(annotations, `${id}_${kind}.npy`);
      return readNpyValue(await readFile(path), path);
    };
    try {
      const codes = { expression: await value('exp'), valence: await value('val'), arousal: await value('aro') };
      const labels = labelsOf(codes, where, problems);
      if (labels !== null)
        yield labelledFace({ image: `${basename(folder)}/images/${id}.jpg`, where, split, ...labels });
    } catch (error) {
      problems.add(where, errorWords(error));
    }
  }
}

/** AffectNet: a list by name; the folder with training.csv and validation.csv; or that with train_set and val_set. */
export function affectnetSource({ path }: SourceOptions): Source {
  const lists = path.endsWith('.csv')
    ? [path]
    : LISTS.flatMap((folder) => ['training.csv', 'validation.csv'].map((name) => join(path, folder, name))).filter(
        (list) => existsSync(list),
      );
  const sets = (
    [
      ['train_set', 'train'],
      ['val_set', 'test'],
    ] as const
  ).filter(([name]) => existsSync(join(path, name, 'annotations')));
  if (lists.length === 0 && sets.length === 0)
    throw new AffectError(
      'INPUT_NOT_FOUND',
      `${path} has neither training.csv nor train_set/annotations; name the folder of AffectNet, or a list`,
    );
  const folder = path.endsWith('.csv') ? dirname(path) : path;
  const images = PICTURES.map((name) => join(folder, name)).find((one) => existsSync(one));
  return {
    title: 'AffectNet',
    labels: lists.length > 0 ? lists : sets.map(([name]) => join(path, name, 'annotations')),
    images: images ?? folder,
    tasks: ['emotion'],
    emotions: UNIFER_LABELS.affectnet,
    compounds: [],
    units: [],
    presentFrom: 1,
    folds: null,
    lacksPictures: false,
    async *faces(problems) {
      for (const list of lists) yield* pictures(listedFaces(list, problems));
      if (lists.length === 0)
        for (const [name, split] of sets) yield* pictures(annotatedFaces(join(path, name), split, problems));
    },
  };
}
