import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AffectError } from '../domain/errors.js';
import { benchmarkPicture } from '../eval/benchmarks/benchmark-picture.js';
import type { BenchmarkId } from '../eval/benchmarks/benchmark-report.js';
import { benchmarkLines, benchmarkMarkdown } from '../eval/benchmarks/benchmark-tables.js';
import { readDataset } from '../eval/benchmarks/dataset-files.js';
import { openPictures } from '../eval/benchmarks/picture-source.js';
import { runBenchmark } from '../eval/benchmarks/run-benchmark.js';
import { openStillReader } from '../eval/benchmarks/still-reader.js';
import { mienVersion } from '../package-info.js';
import type { BenchmarkFlags } from './benchmark-options.js';
import { engineOfFlags } from './engine-flags.js';
import { ProgressPrinter } from './progress.js';
import { stopOnSignals } from './stop-on-signals.js';

const usage = (message: string): AffectError => new AffectError('USAGE', message);

/**
 * `mien eval faba|feabench|ferbench|cer --engine-url URL --model NAME`, or `--engine transformers --model DIR`. Ctrl-C keeps all answers; --resume goes on from them.
 *
 * @param modelGiven - whether --model was named: its default is a folder of the small model
 */
export async function benchmarkCommand(
  id: BenchmarkId,
  folder: string | undefined,
  flags: BenchmarkFlags,
  modelGiven: boolean,
): Promise<void> {
  const engine = engineOfFlags(
    {
      engine: flags.engine,
      urls: flags.engineUrl,
      model: modelGiven ? flags.model : undefined,
      keyEnv: flags.keyEnv,
      timeoutMs: 1000 * flags.timeout,
    },
    { engine: '--engine', url: '--engine-url', model: '--model', keyEnv: '--key-env' },
  )!;
  if (flags.resume && flags.overwrite) throw usage('--resume and --overwrite exclude each other');
  const path = (name: string): string => join(flags.out, name);
  const existing = [path('answers.jsonl'), path('eval.json')].find((file) => existsSync(file));
  if (existing !== undefined && !flags.overwrite && !flags.resume)
    throw new AffectError('OUTPUT_EXISTS', `${existing} exists; choose --resume, --overwrite or another --out`);
  const dataset = await readDataset(id, {
    folder: folder ?? null,
    questions: flags.questions ?? [],
    emotions: flags.emotions ?? null,
    units: flags.units ?? null,
    annotations: flags.annotations ?? null,
    set: flags.set,
    split: flags.split ?? null,
    rouge: flags.rouge,
  });
  const images = flags.images ?? dataset.images;
  const pictures = await openPictures(images);
  await writable(flags.out, () => mkdir(flags.out, { recursive: true }));
  if (flags.overwrite) await writable(path('answers.jsonl'), () => rm(path('answers.jsonl'), { force: true }));
  const stopper = stopOnSignals();
  const printer = new ProgressPrinter(process.stderr);
  const reader = flags.priors === 'on' ? await openStillReader() : null;
  try {
    const { report, items } = await runBenchmark({
      benchmark: dataset.benchmark,
      engine,
      pictures,
      size: flags.imageSize ?? null,
      priors: reader === null ? null : async (image) => reader.measure(await pictures.gray(image)),
      journalPath: path('answers.jsonl'),
      // A model in this process takes its questions as one batch; a server makes its own of what comes at once.
      ...(flags.engine === 'transformers'
        ? { concurrency: 1, batch: flags.concurrency }
        : { concurrency: flags.concurrency, batch: 1 }),
      limit: flags.limit ?? null,
      mienVersion: mienVersion(),
      data: { lists: dataset.lists, images },
      signal: stopper.signal,
      onProgress: (done, total, failed) => printer.show(`${done} of ${total} items, ${failed} failed`),
    });
    printer.clear();
    const files: readonly (readonly [string, string | Uint8Array])[] = [
      ['items.jsonl', items.map((item) => `${JSON.stringify(item)}\n`).join('')],
      ['eval.md', benchmarkMarkdown(report)],
      ['eval.png', await benchmarkPicture(report)],
      ['eval.json', `${JSON.stringify(report, null, 2)}\n`],
    ];
    for (const [name, content] of files) await writable(path(name), () => writeFile(path(name), content));
    const written = ['answers.jsonl', ...files.map(([name]) => name)].map(path).join(', ');
    for (const line of [...benchmarkLines(report), '', `written: ${written}`]) process.stdout.write(`${line}\n`);
  } finally {
    printer.clear();
    await engine.close();
    await reader?.close();
    stopper.release();
  }
}

async function writable<T>(path: string, write: () => Promise<T>): Promise<void> {
  await write().catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    throw new AffectError('OUTPUT_UNWRITABLE', `cannot write ${path}: ${why}; choose another --out`, { cause: error });
  });
}
