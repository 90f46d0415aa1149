import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { emotionOfLabel } from '../../domain/emotion-names.js';
import { AffectError } from '../../domain/errors.js';
import type { Problems } from '../../eval/benchmarks/annotation-file.js';
import { UNIFER_LABELS } from '../../mllm/prompts/unifer.js';
import { type LabelledFace, labelledFace, type Split } from '../face.js';
import type { Source, SourceOptions } from '../source.js';
import { pictures } from './chunks.js';

/** Folders of aligned faces, below the release or a folder in it. */
const PART = /^(Train|Val)_Aligned_Faces(_new)?$/;
const PICTURE = /\.(png|jpe?g|bmp)$/i;

interface PartFolder {
  readonly path: string;
  readonly split: Split;
}

async function partFolders(root: string): Promise<PartFolder[]> {
  const found: PartFolder[] = [];
  const look = async (folder: string, depth: number): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true });
    for (const entry of entries.filter((one) => one.isDirectory()).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      const part = PART.exec(entry.name)?.[1];
      if (part !== undefined) found.push({ path, split: part === 'Train' ? 'train' : 'test' });
      else if (depth > 0) await look(path, depth - 1);
    }
  };
  await look(root, 1);
  return found;
}

/** A folder is a class; what is in it are its faces. */
async function* facesOf(root: string, { path, split }: PartFolder, problems: Problems): AsyncGenerator<LabelledFace> {
  for (const folder of (await readdir(path)).sort()) {
    const where = join(path, folder);
    const emotion = emotionOfLabel(folder);
    const names = await readdir(where).catch(() => null); // a file beside the classes
    if (names === null) continue;
    if (emotion === null || emotion === 'contempt')
      problems.add(where, 'a folder is named after one of the seven expressions');
    else
      for (const name of names.filter((one) => PICTURE.test(one)).sort())
        yield labelledFace({ image: relative(root, join(where, name)), where: join(where, name), split, emotion });
  }
}

/** The folder of SFEW 2.0 with Train_Aligned_Faces and Val_Aligned_Faces. */
export function sfewSource({ path }: SourceOptions): Source {
  return {
    title: 'SFEW 2.0',
    labels: [path],
    images: path,
    tasks: ['emotion'],
    emotions: UNIFER_LABELS.sfew,
    compounds: [],
    units: [],
    presentFrom: 1,
    folds: null,
    lacksPictures: false,
    async *faces(problems) {
      const parts = await partFolders(path).catch((error: unknown) => {
        throw new AffectError('INPUT_NOT_FOUND', `cannot read the folder ${path}; check the path`, { cause: error });
      });
      if (parts.length === 0)
        throw new AffectError(
          'USAGE',
          `${path} has no Train_Aligned_Faces or Val_Aligned_Faces; name the folder of SFEW 2.0`,
        );
      for (const part of parts) yield* pictures(facesOf(path, part, problems));
    },
  };
}
