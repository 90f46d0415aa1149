import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { emotionOfLabel } from '../../domain/emotion-names.js';
import { AffectError } from '../../domain/errors.js';
import { type Problems, readListFile } from '../../eval/benchmarks/annotation-file.js';
import { FEABENCH_UNITS } from '../../eval/benchmarks/unit-sets.js';
import type { Task } from '../exchanges.js';
import { type LabelledFace, labelledFace, type Split } from '../face.js';
import type { Source, SourceOptions } from '../source.js';
import { readOr } from './chunks.js';

/** The seven emotions in the order of Aff-Wild2's files. */
const AFF_WILD2_EMOTIONS = ['neutral', 'anger', 'disgust', 'fear', 'happiness', 'sadness', 'surprise'] as const;

/** Kinds of annotation, what the competitions of each year called their folders, and which tasks need them. */
const SETS = {
  EXPR: {
    folders: ['EXPR_Recognition_Challenge', 'EXPR_Classification_Challenge', 'EXPR_Set'],
    tasks: ['emotion', 'choice', 'aligned'],
  },
  AU: { folders: ['AU_Detection_Challenge', 'AU_Set'], tasks: ['units', 'aligned'] },
  VA: { folders: ['VA_Estimation_Challenge', 'VA_Set'], tasks: ['affect'] },
} as const satisfies Record<string, { folders: readonly string[]; tasks: readonly Task[] }>;
type SetName = keyof typeof SETS;

const PARTS: readonly (readonly [folder: string, split: Split])[] = [
  ['Train_Set', 'train'],
  ['Validation_Set', 'test'],
];

/** Labels of one frame as a set gives them; null where it has none. */
type FrameLabels = Partial<Pick<LabelledFace, 'emotion' | 'units' | 'affect'>> | null;

/** One annotation file. */
interface Annotation {
  readonly set: SetName;
  readonly split: Split;
  readonly path: string;
}

/** "5-60-1920x1080-2_left" and "..._right" are two people of one video, who stay together. */
const subjectOf = (video: string): string => video.replace(/_(left|right)$/, '');

/** How a set's line is read, after its header. Undefined: it does not fit. */
const READ: Readonly<
  Record<SetName, (header: readonly string[], cells: readonly string[]) => FrameLabels | undefined>
> = {
  EXPR(header, cells) {
    const [code = ''] = cells;
    if (cells.length !== 1 || !/^(-1|\d)$/.test(code)) return undefined;
    const name = header[Number(code)];
    if (code === '-1' || name?.toLowerCase() === 'other') return null;
    const emotion = name === undefined ? null : emotionOfLabel(name);
    return emotion === null ? undefined : { emotion };
  },
  AU(header, cells) {
    if (cells.length !== header.length || !cells.every((cell) => /^(-1|0|1)$/.test(cell))) return undefined;
    const units = header.map((name, at) => [name.replace(/^AU0?/i, ''), Number(cells[at])] as const);
    const coded = units.filter(([, code]) => code >= 0);
    return coded.length === 0 ? null : { units: new Map(coded) };
  },
  VA(header, cells) {
    const [valence, arousal] = cells.map((cell) => (cell === '' ? Number.NaN : Number(cell)));
    if (cells.length !== 2 || header.length !== 2) return undefined;
    if (valence === -5 || arousal === -5) return null;
    return Math.abs(valence!) <= 1 && Math.abs(arousal!) <= 1
      ? { affect: { valence: valence!, arousal: arousal! } }
      : undefined;
  },
};
const EXPECTED: Readonly<Record<SetName, string>> = {
  EXPR: 'the number of a class of line 1, or -1',
  AU: '0, 1 or -1 for each unit of line 1',
  VA: 'valence and arousal from -1 to 1, or -5',
};

/** Labels by frame: line n after the header is frame n. */
async function labelsOf({ set, path }: Annotation, problems: Problems): Promise<readonly FrameLabels[]> {
  const [head = '', ...lines] = (await readListFile(path))
    .replace(/^\uFEFF/, '')
    .trimEnd()
    .split(/\r?\n/);
  const cellsOf = (line: string): string[] => line.split(',').map((cell) => cell.trim());
  const header = cellsOf(head);
  return lines.map((line, index) => {
    const labels = READ[set](header, cellsOf(line));
    if (labels === undefined)
      problems.add(`${path}, line ${index + 2}`, `"${line.slice(0, 60)}" is not ${EXPECTED[set]}`);
    return labels ?? null;
  });
}

/** The annotation files of each video, in the order of their names. */
async function videosOf(root: string, sets: readonly SetName[]): Promise<ReadonlyMap<string, readonly Annotation[]>> {
  const videos = new Map<string, Annotation[]>();
  for (const set of sets) {
    const folder = SETS[set].folders.map((name) => join(root, name)).find((path) => existsSync(path));
    if (folder === undefined)
      throw new AffectError(
        'USAGE',
        `${root} has no folder ${SETS[set].folders.join(' or ')}; name that of the annotations, or another --task`,
      );
    for (const [part, split] of PARTS)
      for (const name of await readdir(join(folder, part)).catch(() => [] as string[])) {
        const video = /^(.+)\.txt$/.exec(name)?.[1];
        if (video === undefined) continue;
        videos.set(video, [...(videos.get(video) ?? []), { set, split, path: join(folder, part, name) }]);
      }
  }
  return new Map([...videos].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Frames of a video that any set labels, with what all sets say. */
async function framesOf(
  video: string,
  files: readonly Annotation[],
  ownParts: boolean,
  problems: Problems,
): Promise<LabelledFace[]> {
  const [first] = files;
  if (ownParts && files.some(({ split }) => split !== first!.split))
    problems.add(
      files.map(({ path }) => path).join(' and '),
      'the sets put this video into different parts; divide with --test-share or --folds',
    );
  // One after the other, so that problems are told in the order of the files.
  const labels: Awaited<ReturnType<typeof labelsOf>>[] = [];
  for (const file of files) labels.push(await readOr(problems, [], () => labelsOf(file, problems)));
  const count = Math.max(...labels.map(({ length }) => length));
  return Array.from({ length: count }, (_, index) => ({ index, known: labels.flatMap((one) => one[index] ?? []) }))
    .filter(({ known }) => known.length > 0)
    .map(({ index, known }) =>
      labelledFace({
        image: `${video}/${String(index + 1).padStart(5, '0')}.jpg`,
        where: `${first!.path}, line ${index + 2}`,
        subject: subjectOf(video),
        split: first!.split,
        ...Object.assign({}, ...known),
      }),
    );
}

/** The folder of Aff-Wild2's annotations: EXPR, AU and VA sets, each with Train_Set and Validation_Set. */
export function affWild2Source({ path, tasks, ownParts }: SourceOptions): Source {
  const root = existsSync(join(path, 'annotations')) ? join(path, 'annotations') : path;
  const wanted: readonly Task[] = tasks ?? ['emotion', 'units'];
  const sets = (Object.keys(SETS) as SetName[]).filter((set) => SETS[set].tasks.some((task) => wanted.includes(task)));
  const images = ['cropped_aligned', 'cropped_aligned_images']
    .map((name) => join(path, name))
    .find((one) => existsSync(one));
  return {
    title: 'Aff-Wild2',
    labels: [root],
    images: images ?? path,
    tasks: wanted,
    emotions: AFF_WILD2_EMOTIONS,
    compounds: [],
    units: FEABENCH_UNITS,
    presentFrom: 1,
    folds: null,
    lacksPictures: true,
    async *faces(problems) {
      if (sets.length === 0)
        throw new AffectError('USAGE', `Aff-Wild2 has no labels for ${wanted.join(', ')}; choose another --task`);
      for (const [video, files] of await videosOf(root, sets))
        yield { kind: 'recording', faces: await framesOf(video, files, ownParts, problems) };
    },
  };
}
