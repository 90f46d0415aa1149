import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AffectError } from '../../domain/errors.js';
import { readListFile } from '../../eval/benchmarks/annotation-file.js';
import { EMOLA_ORDER } from '../../eval/benchmarks/emola-words.js';
import { type FabaTask, parseFabaFile } from '../../eval/benchmarks/faba-file.js';
import type { FabaItem } from '../../eval/benchmarks/items.js';
import { FABA_UNITS } from '../../eval/benchmarks/unit-sets.js';
import { type LabelledFace, labelledFace, type Split } from '../face.js';
import type { Source, SourceOptions } from '../source.js';
import { pictures, readOr } from './chunks.js';

interface AnnotationFile {
  readonly path: string;
  readonly task: FabaTask;
  readonly split: Split | null;
}

/** FABA-Instruct's own layout below the folder of data. */
const PUBLISHED = [
  ['train/train_emotion_anno.json', 'emotion', 'train'],
  ['train/train_au_anno.json', 'action units', 'train'],
  ['eval/eval_emotion_anno.json', 'emotion', 'test'],
  ['eval/eval_au_anno.json', 'action units', 'test'],
] as const;

function filesOf({ path, faba }: SourceOptions): readonly AnnotationFile[] {
  const named: AnnotationFile[] = [];
  if (faba.emotions !== null) named.push({ path: faba.emotions, task: 'emotion', split: null });
  if (faba.units !== null) named.push({ path: faba.units, task: 'action units', split: null });
  if (named.length > 0) return named;
  const found = PUBLISHED.map(([file, task, split]) => ({
    path: join(path, 'FABAInstruct', file),
    task,
    split,
  })).filter((file) => existsSync(file.path));
  if (found.length > 0) return found;
  throw new AffectError(
    'INPUT_NOT_FOUND',
    `${path} has no FABAInstruct/train/train_emotion_anno.json or the like; name files with --emotions and --units`,
  );
}

function faceOf({ image, number, reference, question, landmark, truth }: FabaItem, file: AnnotationFile): LabelledFace {
  const known = { image, where: `${file.path}, item ${number}`, split: file.split, question, landmark };
  return truth.kind === 'emotion'
    ? labelledFace({ ...known, emotion: truth.emotion, texts: { emotion: reference } })
    : labelledFace({ ...known, units: new Map(truth.units.map((unit) => [unit, 1])), texts: { units: reference } });
}

/** FABA-Instruct: the folder that holds FABAInstruct, or annotation files by name. */
export function fabaInstructSource(options: SourceOptions): Source {
  const files = filesOf(options);
  return {
    title: 'FABA-Instruct',
    labels: files.map(({ path }) => path),
    images: options.faba.emotions === null && options.faba.units === null ? options.path : dirname(files[0]!.path),
    tasks: ['emotion', 'units'],
    emotions: EMOLA_ORDER,
    compounds: [],
    units: FABA_UNITS.named,
    presentFrom: 1,
    folds: null,
    lacksPictures: false,
    async *faces(problems) {
      for (const file of files) {
        const items = await readOr(problems, [], async () =>
          parseFabaFile(await readListFile(file.path), file.path, file.task),
        );
        yield* pictures(items.map((item) => faceOf(item, file)));
      }
    },
  };
}
