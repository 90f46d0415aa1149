import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AffectError } from '../../domain/errors.js';
import type { EngineAnswer, EngineCapabilities, MllmEngine } from '../../domain/insight.js';
import { Problems } from '../../eval/benchmarks/annotation-file.js';
import { askAll, type Dialogue, type Question } from '../../eval/benchmarks/ask-all.js';
import { type FaceSearch, rememberedFaces } from '../../eval/benchmarks/face-search.js';
import { AnswerJournal } from '../../eval/benchmarks/journal.js';
import { locatePicture, type PictureSize, type PictureSource, sizeText } from '../../eval/benchmarks/picture-source.js';
import { buildRequest } from '../../mllm/prompts/build-request.js';
import { unwritable } from '../../sinks/output-file.js';
import { writeWhole } from '../../sinks/write-whole.js';
import type { MISSING_PICTURES, NEEDED_LABELS } from '../convert.js';
import { facesOf, type Sampling } from '../labelled-faces.js';
import { FAULTS, faultsOf, textsOf } from './check-texts.js';
import type { DescribedFace, FaceToDescribe, RejectedFace } from './described.js';
import { factsOf } from './facts.js';
import { describedCsv, rejectedCsv } from './lists.js';
import { describeQuestion } from './question.js';
import { reviewSheet } from './review-sheet.js';

export interface DescribeOptions extends Sampling {
  /** Labels of an expression or of units, or of both. */
  readonly need: (typeof NEEDED_LABELS)[number];
  readonly presentFrom: number;
  /** Folder of the pictures. */
  readonly images: string;
  readonly pictures: PictureSource;
  readonly missing: (typeof MISSING_PICTURES)[number];
  readonly engine: MllmEngine;
  /** How faces are found for an engine that takes their numbers; null: none are sent. */
  readonly faces: FaceSearch | null;
  /** Answers to a face at most, each told what was wrong with the one before. */
  readonly tries: number;
  readonly concurrency: number;
  readonly batch: number;
  /** Faces of each class on the review sheet. */
  readonly review: number;
  readonly out: string;
  /** Keeps other processes from the same results. */
  readonly hold: () => Promise<{ release(): Promise<void>; readonly lost: AbortSignal }>;
  readonly resume: boolean;
  readonly overwrite: boolean;
  readonly mienVersion: string;
  readonly onProgress?: (done: number, total: number, failed: number) => void;
}

/** DIR/describe.json. */
export interface DescribeReport {
  readonly schema: 'mien-described/1';
  readonly mienVersion: string;
  readonly from: { readonly title: string; readonly labels: readonly string[]; readonly images: string };
  readonly engine: { readonly id: string; readonly model: string; readonly capabilities: EngineCapabilities };
  readonly prompt: string;
  /** Pictures without a face among those whose landmarks were sent as numbers; null: none were sent. */
  readonly landmarks: { readonly faceless: number } | null;
  readonly presentFrom: number;
  readonly sample: number | null;
  readonly seed: number;
  /** Faces of the sample; without a picture; without labels; with texts; without. */
  readonly counts: {
    readonly faces: number;
    readonly missing: number;
    readonly unlabelled: number;
    readonly described: number;
    readonly rejected: number;
  };
  /** Described faces by the answers they took. */
  readonly tries: Readonly<Record<string, number>>;
  /** How often each fault was in a last answer, and how often the engine gave none. */
  readonly faults: Readonly<Record<string, number>>;
}

/** Longer sides of published faces are below this. */
const SIZE: PictureSize = { kind: 'within', sidePx: 1024 };

/** What the labels of a set say, before anything is asked. */
interface Survey {
  readonly faces: readonly FaceToDescribe[];
  readonly missing: number;
  readonly unlabelled: number;
}

/**
 * Has a model write the three aligned texts about each labelled face, and keeps those that say what the labels say and no more.
 * Every answer is in DIR/answers.jsonl as soon as it came; results are written when all faces have been asked about. Rejects with
 * USAGE that names every problem of the labels before anything is asked, OUTPUT_EXISTS, OUTPUT_UNWRITABLE, and what the probe and
 * `askAll` raise.
 */
export async function describeFaces(options: DescribeOptions): Promise<DescribeReport> {
  const { out, resume, overwrite } = options;
  const path = (name: string): string => join(out, name);
  const existing = ['answers.jsonl', 'described.csv'].map(path).find((file) => existsSync(file));
  if (existing !== undefined && !resume && !overwrite)
    throw new AffectError('OUTPUT_EXISTS', `${existing} exists; choose --resume, --overwrite or another --out`);
  const survey = await surveyed(options);
  await attempt(out, () => mkdir(out, { recursive: true }));
  const held = await options.hold();
  try {
    if (overwrite)
      for (const name of ['answers.jsonl', 'review.csv'])
        await attempt(path(name), () => rm(path(name), { force: true }));
    const signal = AbortSignal.any([options.signal, held.lost]);
    const capabilities = await options.engine.probe(signal);
    const { dialogues, landmarks } = await asked(survey, { ...options, signal }, capabilities);
    const faces = survey.faces.map((face, index) => outcomeOf(face, dialogues[index]!));
    return await written(options, { survey, capabilities, faces, landmarks });
  } finally {
    await held.release();
  }
}

async function attempt(path: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw unwritable(path, error);
  }
}

async function surveyed(options: DescribeOptions): Promise<Survey> {
  const { source, images, need, presentFrom } = options;
  const problems = new Problems();
  const faces: FaceToDescribe[] = [];
  let missing = 0;
  let unlabelled = 0;
  for await (const face of facesOf(options, problems, () => undefined)) {
    const facts = factsOf(face, source, presentFrom);
    const image = facts && (await locatePicture(images, face.image));
    if (facts === null || (need === 'all' && (facts.expression === null || facts.units === null))) unlabelled += 1;
    else if (image === null) {
      missing += 1;
      if (options.missing === 'error') problems.add(face.where, `no picture ${face.image} in ${images}`);
    } else faces.push({ face, facts, image });
  }
  problems.throwIfAny();
  if (faces.length === 0)
    throw new AffectError(
      'USAGE',
      `${source.labels.join(', ')}: no face has a picture and a label of an expression or of action units`,
    );
  return { faces, missing, unlabelled };
}

/** What came of the questions. */
interface Asked extends Pick<DescribeReport, 'landmarks'> {
  readonly dialogues: readonly Dialogue[];
}

async function asked({ faces }: Survey, options: DescribeOptions, capabilities: EngineCapabilities): Promise<Asked> {
  const { engine, pictures, concurrency, batch, signal, onProgress, source } = options;
  const search = capabilities.numericPriors === false ? null : options.faces;
  const items = faces.map((face, index) => ({ ...face, part: 'faces', number: index + 1 }));
  const { faceOf, faceless } = rememberedFaces();
  const journal = await AnswerJournal.open(join(options.out, 'answers.jsonl'), {
    benchmark: `describe ${source.title}`,
    model: engine.model,
  });
  try {
    const dialogues = await askAll({
      items,
      engine,
      journal,
      pictures: search?.sendsSearched ? 'as searched for a face' : sizeText(SIZE),
      picture: async (item) =>
        (search?.sendsSearched ? (await faceOf(item.image, search)).jpeg : null) ?? pictures.jpeg(item.image, SIZE),
      question: async (item, answers) => {
        const searched = search && (await faceOf(item.image, search));
        const evidence = searched && {
          mesh: searched.mesh,
          aspect: searched.aspect,
          actionUnits: null,
          pose: null,
          sharpness: null,
        };
        return nextQuestion(item, answers, options, (template) => {
          const { images: _, ...question } = buildRequest({
            template,
            images: [],
            priors: null,
            evidence,
            capabilities,
            adapters: engine.adapters,
          });
          return question;
        });
      },
      concurrency,
      batch,
      signal,
      ...(onProgress ? { onProgress } : {}),
    });
    return { dialogues, landmarks: search === null ? null : { faceless: faceless.size } };
  } finally {
    await journal.close();
  }
}

/** What is asked next about a face; null when its last answer can be used, or when it was asked often enough. */
function nextQuestion(
  { facts }: FaceToDescribe,
  answers: readonly EngineAnswer[],
  { engine, tries }: Pick<DescribeOptions, 'engine' | 'tries'>,
  put: (template: ReturnType<typeof describeQuestion>) => Question,
): Question | null {
  const last = answers.at(-1);
  // A model that is asked in its own words cannot be told the labels, nor what was wrong.
  const taught = engine.prompts?.describe;
  if (taught !== undefined) return last === undefined ? put(taught) : null;
  if (last === undefined) return put(describeQuestion(facts, null));
  const faults = faultsOf(textsOf(last.text), facts);
  if (faults.length === 0 || answers.length >= tries) return null;
  return put(describeQuestion(facts, { answer: last.text, faults }));
}

function outcomeOf(face: FaceToDescribe, dialogue: Dialogue): DescribedFace | RejectedFace {
  if (dialogue.kind === 'failed')
    return { ...face, answer: '', faults: [], failure: `${dialogue.reason}: ${dialogue.message}`, tries: 0 };
  const answer = dialogue.answers.at(-1)!.text;
  const tries = dialogue.answers.length;
  const texts = textsOf(answer);
  const faults = faultsOf(texts, face.facts);
  return texts !== null && faults.length === 0
    ? { ...face, texts, tries }
    : { ...face, answer, faults, failure: null, tries };
}

function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

async function written(
  options: DescribeOptions,
  came: {
    readonly survey: Survey;
    readonly capabilities: EngineCapabilities;
    readonly faces: readonly (DescribedFace | RejectedFace)[];
    readonly landmarks: DescribeReport['landmarks'];
  },
): Promise<DescribeReport> {
  const { source, engine, images, out, review, seed, presentFrom, sample, mienVersion } = options;
  const { survey, capabilities, faces, landmarks } = came;
  const described = faces.filter((face): face is DescribedFace => 'texts' in face);
  const rejected = faces.filter((face): face is RejectedFace => !('texts' in face));
  const report: DescribeReport = {
    schema: 'mien-described/1',
    mienVersion,
    from: { title: source.title, labels: source.labels, images },
    engine: { id: engine.id, model: engine.model, capabilities },
    prompt: engine.prompts?.describe?.id ?? describeQuestion(survey.faces[0]!.facts, null).id,
    landmarks,
    presentFrom,
    sample,
    seed,
    counts: {
      faces: faces.length + survey.missing + survey.unlabelled,
      missing: survey.missing,
      unlabelled: survey.unlabelled,
      described: described.length,
      rejected: rejected.length,
    },
    tries: tally(described.map(({ tries }) => String(tries))),
    faults: tally(
      rejected.flatMap(({ failure, faults }) =>
        failure === null ? FAULTS.filter((kind) => faults.some((fault) => fault.kind === kind)) : ['no-answer'],
      ),
    ),
  };
  const sheet = join(out, 'review.csv');
  // A sheet that is there may be filled in already.
  if (!existsSync(sheet)) await writeWhole(sheet, reviewSheet(described, { each: review, seed, images }));
  await writeWhole(join(out, 'described.csv'), describedCsv(described));
  await writeWhole(join(out, 'rejected.csv'), rejectedCsv(rejected));
  await writeWhole(join(out, 'describe.json'), `${JSON.stringify(report, null, 2)}\n`);
  return report;
}
