import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AffectError } from '../../domain/errors.js';
import type { MllmEngine } from '../../domain/insight.js';
import { benchmarkPicture } from '../../eval/benchmarks/benchmark-picture.js';
import { benchmarkLines, benchmarkMarkdown } from '../../eval/benchmarks/benchmark-tables.js';
import {
  cexprDataset,
  type Dataset,
  fabaDataset,
  feabenchDataset,
  ferbenchDataset,
  rafCompoundDataset,
} from '../../eval/benchmarks/dataset-files.js';
import { grayJpeg, openPictures, type PictureSource } from '../../eval/benchmarks/picture-source.js';
import { type FaceSearch, runBenchmark } from '../../eval/benchmarks/run-benchmark.js';
import { meshInPicture, openStillReader, type StillReader } from '../../eval/still-reader.js';
import { mienVersion } from '../../package-info.js';
import { holdResults } from '../../recording/hold-results.js';
import { engineOfFlags } from '../engine-of-flags.js';
import { ProgressPrinter } from '../progress.js';
import { whileStoppable } from '../stop-on-signals.js';
import {
  ANSWER_SECONDS,
  type BenchmarkFlags,
  type FabaFlags,
  type FeabenchFlags,
  type FerbenchMllmFlags,
  type RafCompoundFlags,
} from './benchmark-flags.js';
import { writeResult } from './write-result.js';

/** `mien eval faba`. */
export const evalFaba = (folder: string | undefined, flags: FabaFlags): Promise<void> =>
  ask('faba', flags, () => fabaDataset({ folder, emotions: flags.emotions, units: flags.units }, flags.rouge));

/** `mien eval feabench`. */
export const evalFeabench = (flags: FeabenchFlags): Promise<void> =>
  ask('feabench', flags, () => feabenchDataset(flags.annotations));

/** `mien eval ferbench-mllm`. */
export const evalFerbenchMllm = (folder: string | undefined, flags: FerbenchMllmFlags): Promise<void> =>
  ask('ferbench-mllm', flags, () => ferbenchDataset(folder, flags.questions ?? []));

/** `mien eval cer-raf-db`. */
export const evalRafCompound = (folder: string | undefined, flags: RafCompoundFlags): Promise<void> =>
  ask('cer-raf-db', flags, () => rafCompoundDataset({ folder, annotations: flags.annotations, split: flags.split }));

/** `mien eval cer-c-expr-db LABELS`. */
export const evalCexpr = (labels: string, flags: BenchmarkFlags): Promise<void> =>
  ask('cer-c-expr-db', flags, () => cexprDataset(labels));

/** The engine that is asked. Throws USAGE when none is named, and what an engine throws. */
function requiredEngine(kind: string, flags: BenchmarkFlags): MllmEngine {
  if (flags.mllmEngine !== undefined && flags.mllmEngine !== 'openai' && flags.timeout !== undefined)
    throw new AffectError('USAGE', '--timeout goes with --mllm-url: a model in this process is waited for');
  const engine = engineOfFlags(flags, 1000 * (flags.timeout ?? ANSWER_SECONDS));
  if (engine !== null) return engine;
  throw new AffectError(
    'USAGE',
    `mien eval ${kind} asks a multimodal LLM: name it with --mllm-url URL --mllm-model NAME, --mllm-engine mien-vlm, or --mllm-engine transformers --mllm-model DIR`,
  );
}

const ask = (kind: string, flags: BenchmarkFlags, read: () => Promise<Dataset>): Promise<void> =>
  whileStoppable(({ signal }) => askUntil(signal, { kind, flags, read }));

interface Asking {
  readonly kind: string;
  readonly flags: BenchmarkFlags;
  readonly read: () => Promise<Dataset>;
}

/** Asks about every item of a data set. Ctrl-C keeps all answers; --resume goes on from them. */
async function askUntil(signal: AbortSignal, { kind, flags, read }: Asking): Promise<void> {
  if (flags.device !== undefined && !measures(flags))
    throw new AffectError(
      'USAGE',
      '--device goes with --priors on or landmarks: without them mien runs no model of its own',
    );
  const engine = requiredEngine(kind, flags);
  const path = (name: string): string => join(flags.out, name);
  const existing = [path('answers.jsonl'), path('eval.json')].find((file) => existsSync(file));
  if (existing !== undefined && !flags.overwrite && !flags.resume)
    throw new AffectError('OUTPUT_EXISTS', `${existing} exists; choose --resume, --overwrite or another --out`);
  const dataset = await read();
  const images = flags.images ?? dataset.images;
  const pictures = await openPictures(images);
  await writeResult(flags.out, () => mkdir(flags.out, { recursive: true }));
  const held = await holdResults({ dir: flags.out, name: 'answers.jsonl' }, signal);
  if (flags.overwrite) await writeResult(path('answers.jsonl'), () => rm(path('answers.jsonl'), { force: true }));
  const printer = new ProgressPrinter(process.stderr);
  try {
    const { report, items } = await whileOpen(flags, signal, (reader) =>
      runBenchmark({
        benchmark: dataset.benchmark,
        engine,
        pictures,
        size: flags.imageSize ?? null,
        priors: flags.priors === 'off' ? null : async (image) => (await reader()).measure(await pictures.gray(image)),
        faces: faceSearch(flags, pictures, reader),
        journalPath: path('answers.jsonl'),
        // A model in this process takes its questions as one batch; a server makes its own of what comes at once.
        ...(flags.mllmEngine === 'transformers'
          ? { concurrency: 1, batch: flags.concurrency }
          : { concurrency: flags.concurrency, batch: 1 }),
        limit: flags.limit ?? null,
        mienVersion: mienVersion(),
        data: { lists: dataset.lists, images },
        signal: AbortSignal.any([signal, held.lost]),
        onProgress: (done, total, failed) => printer.show(`${done} of ${total} items, ${failed} failed`),
      }),
    );
    printer.clear();
    const files: readonly (readonly [string, string | Uint8Array])[] = [
      ['items.jsonl', items.map((item) => `${JSON.stringify(item)}\n`).join('')],
      ['eval.md', benchmarkMarkdown(report)],
      ['eval.png', await benchmarkPicture(report)],
      ['eval.json', `${JSON.stringify(report, null, 2)}\n`],
    ];
    for (const [name, content] of files) await writeResult(path(name), () => writeFile(path(name), content));
    const written = ['answers.jsonl', ...files.map(([name]) => name)].map(path).join(', ');
    for (const line of [...benchmarkLines(report), '', `written: ${written}`]) process.stdout.write(`${line}\n`);
  } finally {
    printer.clear();
    await engine.close();
    await held.release();
  }
}

/** Whether faces may be looked for: to be told, to be sent as numbers, or since mien-vlm takes the mesh beside the picture. */
const measures = ({ priors, landmarks, mllmEngine }: BenchmarkFlags): boolean =>
  priors === 'on' || mllmEngine === 'mien-vlm' || (landmarks === 'auto' && mllmEngine !== 'transformers');

/** Finds the mesh of faces for an engine that takes it; mien-vlm gets the gray picture in which it was found. */
function faceSearch(
  flags: BenchmarkFlags,
  pictures: PictureSource,
  reader: () => Promise<StillReader>,
): FaceSearch | null {
  const sendsSearched = flags.mllmEngine === 'mien-vlm';
  if (!sendsSearched && flags.landmarks === 'off') return null;
  return {
    sendsSearched,
    async find(image) {
      const gray = await pictures.gray(image);
      const found = await (await reader()).locate(gray);
      if (sendsSearched) {
        const { widthPx, heightPx } = found?.picture ?? gray;
        return { jpeg: await grayJpeg(found?.picture ?? gray), mesh: found?.mesh ?? null, aspect: heightPx / widthPx };
      }
      return { jpeg: null, mesh: found && meshInPicture(found), aspect: gray.heightPx / gray.widthPx };
    },
  };
}

/** Runs with what measures the pictures, started when it is first asked for, and closes it. */
async function whileOpen<T>(
  flags: BenchmarkFlags,
  signal: AbortSignal,
  run: (reader: () => Promise<StillReader>) => Promise<T>,
): Promise<T> {
  let opening: Promise<StillReader> | null = null;
  const open = async (): Promise<StillReader> => {
    const reader = await openStillReader(flags.device ? { device: flags.device } : {}, signal);
    if (reader.device.problem) process.stderr.write(`${reader.device.problem}\n`);
    return reader;
  };
  try {
    return await run(() => {
      opening ??= open();
      return opening;
    });
  } finally {
    const opened = opening as Promise<StillReader> | null;
    await opened?.then(
      (reader) => reader.close(),
      () => undefined,
    ); // who asked for it heard why it did not open
  }
}
