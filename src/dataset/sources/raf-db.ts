import { join } from 'node:path';
import { emotionOfLabel } from '../../domain/emotion-names.js';
import { ItemProblems, readListFile } from '../../eval/benchmarks/annotation-file.js';
import { linesOf, parseRafCompound, RAF_DB_CLASSES } from '../../eval/benchmarks/compound-files.js';
import { UNIFER_LABELS } from '../../mllm/prompts/unifer.js';
import { type LabelledFace, labelledFace, type Split } from '../face.js';
import type { Source, SourceOptions } from '../source.js';
import { pictures, readOr } from './chunks.js';

/** RAF-DB's classes by their numbers, from 1. */
const BASIC = UNIFER_LABELS['raf-db'];

/** "train_00001.jpg" says which part it is in. */
const splitOf = (image: string): Split => (/(^|\/)test/.test(image) ? 'test' : 'train');

/**
 * RAF-DB's list of basic labels (basic/EmoLabel/list_patition_label.txt): a line is a picture and its number, 1 to 7: surprise,
 * fear, disgust, happiness, sadness, anger, neutral. Throws USAGE that names every line that does not fit.
 */
export function parseRafBasic(text: string, path: string): LabelledFace[] {
  const problems = new ItemProblems(path, 'line');
  const faces = linesOf(text, path).flatMap(({ number, line }): LabelledFace[] => {
    const [, image = '', label = ''] = /^(\S+)\s+(\S+)$/.exec(line) ?? [];
    const word = /^[1-7]$/.test(label) ? BASIC[Number(label) - 1] : undefined;
    if (image !== '' && word !== undefined)
      return [
        labelledFace({ image, where: `${path}, line ${number}`, split: splitOf(image), emotion: emotionOfLabel(word) }),
      ];
    problems.add(number, `"${line.slice(0, 80)}" is not a picture and a number from 1 to 7`);
    return [];
  });
  problems.throwIfAny();
  return faces;
}

const NOTHING = { emotions: BASIC, compounds: RAF_DB_CLASSES, units: [], presentFrom: 1, folds: null } as const;

/** The folder of RAF-DB with the part `basic`. */
export function rafBasicSource({ path }: SourceOptions): Source {
  const list = join(path, 'basic', 'EmoLabel', 'list_patition_label.txt');
  return {
    ...NOTHING,
    title: 'RAF-DB',
    labels: [list],
    images: join(path, 'basic', 'Image', 'aligned'),
    tasks: ['emotion'],
    lacksPictures: false,
    async *faces(problems) {
      yield* pictures(await readOr(problems, [], async () => parseRafBasic(await readListFile(list), list)));
    },
  };
}

/** The folder of RAF-DB with the part `compound`. */
export function rafCompoundSource({ path }: SourceOptions): Source {
  const list = join(path, 'compound', 'EmoLabel', 'list_patition_label.txt');
  return {
    ...NOTHING,
    title: 'RAF-DB compound',
    labels: [list],
    images: join(path, 'compound', 'Image', 'aligned'),
    tasks: ['compound'],
    lacksPictures: false,
    async *faces(problems) {
      const items = await readOr(problems, [], async () => parseRafCompound(await readListFile(list), list, null));
      yield* pictures(
        items.map(({ image, number, truth }) =>
          labelledFace({ image, where: `${list}, line ${number}`, split: splitOf(image), compound: truth }),
        ),
      );
    },
  };
}
