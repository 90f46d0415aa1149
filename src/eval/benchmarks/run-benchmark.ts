import { AffectError } from '../../domain/errors.js';
import type { EngineEvidence, MeasuredPriors, MllmEngine } from '../../domain/insight.js';
import type { PromptTemplate } from '../../domain/prompt-template.js';
import { buildRequest } from '../../mllm/prompts/build-request.js';
import { askAll, type Dialogue } from './ask-all.js';
import type { Benchmark } from './benchmark.js';
import type { BenchmarkReport, ItemRecord, PartCounts } from './benchmark-report.js';
import { type FaceSearch, rememberedFaces, type SearchedFace } from './face-search.js';
import type { BenchmarkItem } from './items.js';
import { AnswerJournal } from './journal.js';
import { type PictureSize, type PictureSource, sizeText } from './picture-source.js';
import { remembered } from './remembered.js';
import { evenSample } from './sample.js';

export interface RunBenchmarkOptions<Item extends BenchmarkItem> {
  readonly benchmark: Benchmark<Item>;
  readonly engine: MllmEngine;
  readonly pictures: PictureSource;
  /** Overrides the benchmark's. */
  readonly size: PictureSize | null;
  /** What mien measures on a picture, to be told to the model; null: it is told nothing. */
  readonly priors: ((image: string) => Promise<MeasuredPriors>) | null;
  /** How faces are found for an engine that takes their numbers; null: none are sent. Default: null. */
  readonly faces?: FaceSearch | null;
  /** Of answers; an existing one is gone on from. */
  readonly journalPath: string;
  readonly concurrency: number;
  readonly batch: number;
  readonly limit: number | null;
  readonly mienVersion: string;
  readonly data: Pick<BenchmarkReport['data'], 'lists' | 'images'>;
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number, total: number, failed: number) => void;
}

export interface BenchmarkResult {
  readonly report: BenchmarkReport;
  readonly items: readonly ItemRecord[];
}

const MAX_NAMED = 20;

/**
 * Asks an engine every question of a benchmark and scores the answers. The same answers give the same report, in however many runs
 * they were collected. Rejects with INPUT_NOT_FOUND that names pictures which are missing (before anything is asked), and with what
 * the probe, askAll and the journal raise.
 */
export async function runBenchmark<Item extends BenchmarkItem>(
  options: RunBenchmarkOptions<Item>,
): Promise<BenchmarkResult> {
  const { benchmark, engine, pictures, priors } = options;
  const items = sampledItems(benchmark, options.limit);
  await requirePictures(items, pictures);
  const capabilities = await engine.probe(options.signal);
  const size = options.size ?? benchmark.size;
  const faces = capabilities.numericPriors === false ? null : (options.faces ?? null);
  const shown = faces?.sendsSearched ? 'as searched for a face' : sizeText(size);
  const { faceOf, faceless } = rememberedFaces();
  const prompts = new Set<string>();
  const measured = new Map<string, Promise<MeasuredPriors>>();
  const journal = await AnswerJournal.open(options.journalPath, { benchmark: benchmark.id, model: engine.model });
  let dialogues: readonly Dialogue[];
  try {
    dialogues = await askAll({
      items,
      engine,
      journal,
      pictures: shown,
      picture: async ({ image }) =>
        (faces?.sendsSearched ? (await faceOf(image, faces)).jpeg : null) ?? pictures.jpeg(image, size),
      question: async (item, answers) => {
        const step = benchmark.step(
          item,
          answers.map(({ text }) => text),
        );
        if (step === null) return null;
        const template = inItsWords(step.template, engine);
        prompts.add(template.id);
        const known = priors === null ? null : await remembered(measured, item.image, priors);
        const evidence = faces === null ? null : evidenceOf(await faceOf(item.image, faces), known);
        const { images: _, ...question } = buildRequest({
          template,
          images: [],
          priors: known,
          evidence,
          capabilities,
          adapters: engine.adapters,
        });
        return question;
      },
      concurrency: options.concurrency,
      batch: options.batch,
      signal: options.signal,
      ...(options.onProgress ? { onProgress: options.onProgress } : {}),
    });
  } finally {
    await journal.close();
  }
  const scored = benchmark.score(items, dialogues);
  const counted = scored.parts.filter(({ part }) => items.some((item) => item.part === part));
  const report: BenchmarkReport = {
    schema: 'mien-benchmark/1',
    mienVersion: options.mienVersion,
    benchmark: benchmark.id,
    data: { ...options.data, limit: options.limit },
    engine: {
      id: engine.id,
      model: engine.model,
      ...(engine.adapters ? { adapters: engine.adapters } : {}),
      capabilities,
    },
    prompts: [...prompts].sort(),
    pictures: shown,
    priors: priors !== null,
    landmarks: faces === null ? null : { faceless: faceless.size },
    rouge: benchmark.rouge,
    counts: sumOf(counted.map(({ counts }) => counts)),
    failures: failuresOf(dialogues),
    tokens: tokensOf(dialogues),
    parts: scored.parts,
  };
  return { report, items: scored.items };
}

/** The numbers beside a question; of what was measured, what it tells. */
function evidenceOf({ mesh, aspect }: SearchedFace, known: MeasuredPriors | null): EngineEvidence {
  const { actionUnits, pose, sharpness } = known ?? { actionUnits: null, pose: null, sharpness: null };
  return { mesh, aspect, actionUnits, pose, sharpness };
}

/** The items of each part, or as many of them as `limit` says, spread evenly. */
function sampledItems<Item extends BenchmarkItem>({ items }: Benchmark<Item>, limit: number | null): readonly Item[] {
  return [...new Set(items.map(({ part }) => part))].flatMap((part) =>
    evenSample(
      items.filter((item) => item.part === part),
      limit,
    ),
  );
}

/** A question in the words that the engine's model was taught, where it was: about the same candidates. */
function inItsWords(template: PromptTemplate, { prompts = {} }: Pick<MllmEngine, 'prompts'>): PromptTemplate {
  const taught = template.task === 'asked' ? undefined : prompts[template.task];
  return taught === undefined ? template : { ...taught, candidates: template.candidates };
}

async function requirePictures(items: readonly BenchmarkItem[], pictures: PictureSource): Promise<void> {
  const missing = new Set(await pictures.missing([...new Set(items.map(({ image }) => image))]));
  if (missing.size === 0) return;
  const named = items.filter(({ image }) => missing.has(image)).slice(0, MAX_NAMED);
  const more = missing.size - named.length;
  throw new AffectError(
    'INPUT_NOT_FOUND',
    `${missing.size} images are not in the folder of images: ${named.map((item) => `${item.image} (${item.part} ${item.number})`).join(', ')}${more > 0 ? ` and ${more} more` : ''}; check --images`,
  );
}

function sumOf(list: readonly PartCounts[]): PartCounts {
  const sum = (key: keyof PartCounts): number => list.reduce((total, counts) => total + counts[key], 0);
  return {
    items: sum('items'),
    answered: sum('answered'),
    failed: sum('failed'),
    unread: sum('unread'),
    truncated: sum('truncated'),
  };
}

function failuresOf(dialogues: readonly Dialogue[]): Record<string, number> {
  const failures: Record<string, number> = {};
  for (const dialogue of dialogues) {
    if (dialogue.kind === 'failed') failures[dialogue.reason] = (failures[dialogue.reason] ?? 0) + 1;
  }
  return failures;
}

function tokensOf(dialogues: readonly Dialogue[]): BenchmarkReport['tokens'] {
  const answers = dialogues.flatMap((dialogue) => (dialogue.kind === 'answered' ? dialogue.answers : []));
  const sum = (key: 'promptTokens' | 'completionTokens'): number | null => {
    const known = answers.flatMap((answer) => answer[key] ?? []);
    return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
  };
  return { prompt: sum('promptTokens'), completion: sum('completionTokens') };
}
