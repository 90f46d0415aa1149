import { basename, dirname } from 'node:path';
import { readListFile } from '../../eval/benchmarks/annotation-file.js';
import { C_EXPR_DB_CLASSES, parseCexprVideo } from '../../eval/benchmarks/compound-files.js';
import { videoFiles } from '../../eval/benchmarks/dataset-files.js';
import { labelledFace } from '../face.js';
import type { Source, SourceOptions } from '../source.js';
import { readOr } from './chunks.js';

/** C-EXPR-DB: a list of one video's frames, or a folder of such lists. */
export function cExprDbSource({ path }: SourceOptions): Source {
  return {
    title: 'C-EXPR-DB',
    labels: [path],
    images: dirname(path),
    tasks: ['compound'],
    emotions: [],
    compounds: C_EXPR_DB_CLASSES,
    units: [],
    presentFrom: 1,
    folds: null,
    lacksPictures: true,
    async *faces(problems) {
      for (const file of await videoFiles(path)) {
        const video = basename(file, '.txt');
        const frames = await readOr(problems, [], async () => parseCexprVideo(await readListFile(file), file, video));
        yield {
          kind: 'recording',
          faces: frames.map(({ image, number, truth }) =>
            labelledFace({ image, where: `${file}, line ${number}`, subject: video, compound: truth }),
          ),
        };
      }
    },
  };
}
