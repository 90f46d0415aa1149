import { type Command, Option } from 'commander';
import { AffectError } from '../domain/errors.js';
import { BENCHMARKS, type BenchmarkId } from '../eval/benchmarks/benchmark-report.js';
import { COMPOUND_SETS, type CompoundSet } from '../eval/benchmarks/compound-files.js';
import type { PictureSize } from '../eval/benchmarks/picture-source.js';
import { ROUGE_VARIANTS, type RougeVariant } from '../eval/benchmarks/rouge-l.js';
import { ENGINE_TYPES } from './engine-types.js';

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
