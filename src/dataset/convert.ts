import { resolve } from 'node:path';
import { AffectError } from '../domain/errors.js';
import { Problems } from '../eval/benchmarks/annotation-file.js';
import { locatePicture } from '../eval/benchmarks/picture-source.js';
import { type Apart, type Divided, type Division, divide } from './divide.js';
import { exchangesOf, hasLabels, type Task, type Teaching } from './exchanges.js';
import type { LabelledFace } from './face.js';
import { FORM, type FormName } from './forms.js';
import { facesOf, type Sampling } from './labelled-faces.js';
import { openPartFiles, type PartCounts, type PartFiles, type PartFilesOptions } from './part-files.js';
import type { Source } from './source.js';

/** Which labels a face must have: for any of the tasks, or for each. */
export const NEEDED_LABELS = ['any', 'all'] as const;

/** What is done with labels whose picture is not there. */
export const MISSING_PICTURES = ['error', 'skip'] as const;

export interface ConvertOptions extends PartFilesOptions {
  readonly source: Source;
  readonly tasks: readonly Task[];
  readonly need: (typeof NEEDED_LABELS)[number];
  readonly teaching: Teaching;
  /** Folder of the pictures. */
  readonly images: string;
  readonly division: Division;
  readonly apart: Apart;
  /** Share of each recording's frames, evenly spread; of sets without recordings, of the pictures, drawn. Null: all. */
  readonly sample: number | null;
  readonly missing: (typeof MISSING_PICTURES)[number];
  /** Paths as the framework opens them from anywhere, or below the folder of images. */
  readonly paths: 'absolute' | 'relative';
  readonly mienVersion: string;
  readonly signal: AbortSignal;
  readonly onProgress?: (words: string) => void;
}

/** DIR/NAME.dataset.json: what was made of what, so that it can be made again. */
export interface ConvertReport {
  readonly schema: 'mien-dataset/1';
  readonly mienVersion: string;
  readonly from: { readonly title: string; readonly labels: readonly string[]; readonly images: string };
  readonly form: FormName;
  readonly tasks: readonly Task[];
  readonly need: ConvertOptions['need'];
  readonly emotions: readonly string[];
  readonly units: readonly string[];
  readonly presentFrom: number;
  readonly division: Division;
  readonly apart: Apart;
  readonly sample: number | null;
  readonly seed: number;
  /** Labelled faces; those left after sampling; those without a picture; those without a label for any task. */
  readonly counts: {
    readonly faces: number;
    readonly sampled: number;
    readonly missing: number;
    readonly unlabelled: number;
  };
  /** Files by part. */
  readonly parts: Readonly<Record<string, PartCounts>>;
}

/** What the first reading found. */
interface Survey {
  faces: number;
  sampled: number;
  missing: number;
  unlabelled: number;
  readonly subjects: Map<string, number>;
}

/**
 * Writes a data set as a framework reads it. The set is read twice: first to find all that is wrong and how subjects divide, so
 * that nothing is written before it is right, then to write; neither keeps more than a recording in memory. Rejects with USAGE
 * that names every problem, OUTPUT_EXISTS, OUTPUT_UNWRITABLE or INTERRUPTED, and leaves no half-written files then.
 */
export async function convert(options: ConvertOptions): Promise<ConvertReport> {
  const { source, tasks, teaching, division, apart } = options;
  const survey = await surveyed(options);
  if (survey.sampled === survey.missing + survey.unlabelled)
    throw new AffectError(
      'USAGE',
      `${source.labels.join(', ')}: no face has a picture and labels for ${tasks.join(', ')}; choose another --task`,
    );
  const divided = divide({ division, apart, seed: teaching.seed, subjects: survey.subjects });
  const files = await openPartFiles(options, divided.parts);
  try {
    await written(options, divided, files);
    const { faces, sampled, missing, unlabelled } = survey;
    const report: ConvertReport = {
      schema: 'mien-dataset/1',
      mienVersion: options.mienVersion,
      from: { title: source.title, labels: source.labels, images: options.images },
      form: options.form,
      tasks,
      need: options.need,
      emotions: teaching.emotions,
      units: teaching.units,
      presentFrom: teaching.presentFrom,
      division,
      apart,
      sample: options.sample,
      seed: teaching.seed,
      counts: { faces, sampled, missing, unlabelled },
      parts: files.counts,
    };
    await files.keep(report);
    return report;
  } finally {
    await files.discard(); // what was kept is no longer its own
  }
}

async function surveyed(options: ConvertOptions): Promise<Survey> {
  const { division, apart } = options;
  const problems = new Problems();
  const survey: Survey = { faces: 0, sampled: 0, missing: 0, unlabelled: 0, subjects: new Map() };
  const needsSubjects = apart === 'subject' && (division.kind === 'share' || division.kind === 'folds');
  for await (const face of facesOf(samplingOf(options), problems, (seen) => {
    survey.faces += seen;
  })) {
    survey.sampled += 1;
    if (survey.sampled % 1000 === 0) options.onProgress?.(`${survey.sampled} labels looked at`);
    if (!isLabelled(options, face)) survey.unlabelled += 1;
    else if ((await pictureOf(options, face)) === null) {
      survey.missing += 1;
      if (options.missing === 'error') problems.add(face.where, `no picture ${face.image} in ${options.images}`);
    } else if (face.subject !== null) survey.subjects.set(face.subject, (survey.subjects.get(face.subject) ?? 0) + 1);
    else if (needsSubjects) problems.add(face.where, 'no subject is named; divide with --apart picture');
  }
  problems.throwIfAny();
  return survey;
}

async function written(options: ConvertOptions, divided: Divided, files: PartFiles): Promise<void> {
  const { tasks, teaching } = options;
  let done = 0;
  for await (const face of facesOf(samplingOf(options), new Problems(), () => undefined)) {
    const image = await pictureOf(options, face);
    if (image === null || !isLabelled(options, face)) continue;
    for (const part of divided.of(face)) {
      const exchanges = exchangesOf(face, tasks, teaching, { image, held: part.split === 'test' });
      const path = options.paths === 'absolute' ? resolve(options.images, image) : image;
      await files.write(
        part,
        face,
        exchanges.map((exchange) => ({ ...exchange, record: FORM[options.form].record(exchange, path) })),
      );
    }
    done += 1;
    if (done % 1000 === 0) options.onProgress?.(`${done} pictures written`);
  }
}

const samplingOf = ({ source, sample, teaching, signal }: ConvertOptions): Sampling => ({
  source,
  sample,
  seed: teaching.seed,
  signal,
});

function isLabelled({ tasks, need, teaching }: ConvertOptions, face: LabelledFace): boolean {
  const has = (task: Task): boolean => hasLabels(face, task, teaching);
  return need === 'all' ? tasks.every(has) : tasks.some(has);
}

const pictureOf = ({ images }: ConvertOptions, { image }: LabelledFace): Promise<string | null> =>
  locatePicture(images, image);
