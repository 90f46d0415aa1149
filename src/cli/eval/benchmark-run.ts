import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AffectError } from '../../domain/errors.js';
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
import { openPictures } from '../../eval/benchmarks/picture-source.js';
import { runBenchmark } from '../../eval/benchmarks/run-benchmark.js';
import { mienVersion } from '../../package-info.js';
import { holdResults } from '../../recording/hold-results.js';
import { askedEngine, paceOf } from '../asked-engine.js';
import { faceSearch, searches, whileOpen } from '../face-search.js';
import { ProgressPrinter } from '../progress.js';
import { whileStoppable } from '../stop-on-signals.js';
import type {
  BenchmarkFlags,
  FabaFlags,
  FeabenchFlags,
  FerbenchMllmFlags,
  RafCompoundFlags,
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

const ask = (kind: string, flags: BenchmarkFlags, read: () => Promise<Dataset>): Promise<void> =>
  whileStoppable(({ signal }) => askUntil(signal, { kind, flags, read }));

interface Asking {
  readonly kind: string;
  readonly flags: BenchmarkFlags;
  readonly read: () => Promise<Dataset>;
}

/** Asks about every item of a data set. Ctrl-C keeps all answers; --resume goes on from them. */
async function askUntil(signal: AbortSignal, { kind, flags, read }: Asking): Promise<void> {
  if (flags.device !== undefined && flags.priors === 'off' && !searches(flags))
    throw new AffectError(
      'USAGE',
      '--device goes with --priors on or landmarks: without them mien runs no model of its own',
    );
  const engine = await askedEngine(`mien eval ${kind}`, flags);
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
        ...paceOf(flags),
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
