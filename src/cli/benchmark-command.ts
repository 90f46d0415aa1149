import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { AffectError } from '../domain/errors.js';
import { benchmarkPicture } from '../eval/benchmarks/benchmark-picture.js';
import { BENCHMARKS, type BenchmarkId } from '../eval/benchmarks/benchmark-report.js';
import { benchmarkLines, benchmarkMarkdown } from '../eval/benchmarks/benchmark-tables.js';
import { COMPOUND_SETS, type CompoundSet } from '../eval/benchmarks/compound-files.js';
import { readDataset } from '../eval/benchmarks/dataset-files.js';
import { openPictures, type PictureSize } from '../eval/benchmarks/picture-source.js';
import { ROUGE_VARIANTS, type RougeVariant } from '../eval/benchmarks/rouge-l.js';
import { runBenchmark } from '../eval/benchmarks/run-benchmark.js';
import { openStillReader } from '../eval/benchmarks/still-reader.js';
import { mienVersion } from '../package-info.js';
import { ENGINE_TYPES, engineOfFlags } from './engine-flags.js';
import { ProgressPrinter } from './progress.js';
import { stopOnSignals } from './stop-on-signals.js';

export interface BenchmarkFlags {
  readonly questions?: readonly string[];
  readonly emotions?: string;
  readonly units?: string;
  readonly annotations?: string;
  readonly set: CompoundSet;
  readonly split?: string;
  readonly images?: string;
  readonly engine?: (typeof ENGINE_TYPES)[number];
  readonly engineUrl?: readonly string[];
  readonly model: string;
  readonly keyEnv?: string;
  readonly timeout: number;
  readonly concurrency: number;
  readonly limit?: number;
  readonly priors: 'on' | 'off';
  readonly rouge: RougeVariant;
  readonly imageSize?: PictureSize;
  readonly out: string;
  readonly resume: boolean;
  readonly overwrite: boolean;
}

const usage = (message: string): AffectError => new AffectError('USAGE', message);
const collect = (value: string, list: readonly string[] | undefined): readonly string[] => [...(list ?? []), value];

/** A whole number in a range, for an option. */
function whole(name: string, most: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (Number.isInteger(number) && number >= 1 && number <= most) return number;
    throw usage(`${name} must be a whole number from 1 to ${most}, got ${value}`);
  };
}

function pictureSize(value: string): PictureSize {
  const square = /^(\d{2,4})x\1$/.exec(value)?.[1];
  if (square !== undefined) return { kind: 'square', sidePx: Number(square) };
  if (/^\d{2,4}$/.test(value)) return { kind: 'within', sidePx: Number(value) };
  throw usage(`--image-size must be like 224x224 (stretched) or 448 (no side longer), got ${value}`);
}

/** Adds the options of the benchmarks that ask a multimodal LLM. */
export function addBenchmarkOptions(command: Command): Command {
  return command
    .option('--engine-url <url>', 'ask a multimodal LLM at this OpenAI-compatible address; again for replicas', collect)
    .addOption(
      new Option(
        '--engine <type>',
        'openai, with --engine-url; or transformers: a model inside this process, --model is its folder',
      ).choices(ENGINE_TYPES),
    )
    .option('--key-env <name>', 'with --engine-url: the environment variable that holds its key')
    .option('--timeout <seconds>', 'with --engine-url: time for one answer', whole('--timeout', 3600), 180)
    .option('--concurrency <n>', 'with an engine: questions under way at once', whole('--concurrency', 256), 4)
    .option('--limit <n>', 'with an engine: at most so many items of each part, evenly spread', whole('--limit', 1e6))
    .option('--image-size <size>', 'with an engine: 224x224, or 448 for the longest side', pictureSize)
    .addOption(
      new Option('--priors <on|off>', 'with an engine: tell the model what mien measured')
        .choices(['on', 'off'])
        .default('off'),
    )
    .option('--resume', 'with an engine: go on from the answers in --out', false)
    .option('--emotions <file>', 'faba: emotion annotations (JSON)')
    .option('--units <file>', 'faba: action unit annotations (JSON)')
    .addOption(new Option('--rouge <package>', 'faba: whose ROUGE-L').choices(ROUGE_VARIANTS).default('rouge'))
    .option('--annotations <path>', 'feabench, cer: the labels')
    .addOption(new Option('--set <name>', 'cer: the data set').choices(COMPOUND_SETS).default('raf-db'));
}

/** Whether the command line asks for a benchmark with an engine. Throws USAGE when half of it does. */
export function isBenchmark(
  kind: string | undefined,
  flags: Pick<BenchmarkFlags, 'engine' | 'engineUrl'>,
): kind is BenchmarkId {
  const known = (BENCHMARKS as readonly string[]).includes(kind ?? '');
  const named = flags.engineUrl !== undefined || flags.engine !== undefined;
  if (named && !known)
    throw usage(`${flags.engineUrl ? '--engine-url' : '--engine'} goes with mien eval ${BENCHMARKS.join(', ')}`);
  if (known && kind !== 'ferbench' && !named)
    throw usage(
      `mien eval ${kind} asks a multimodal LLM: name it with --engine-url URL --model NAME, or --engine transformers --model DIR`,
    );
  return named;
}

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
