import { type Command, InvalidArgumentError, Option } from 'commander';
import { AffectError } from '../../domain/errors.js';
import type { PictureSize } from '../../eval/benchmarks/picture-source.js';
import { ROUGE_VARIANTS } from '../../eval/benchmarks/rouge-l.js';
import { addEngineOptions } from '../engine-options.js';
import { collected, named, whole } from '../option-values.js';
import {
  ANSWER_SECONDS,
  type BenchmarkFlags,
  type FabaFlags,
  type FeabenchFlags,
  type FerbenchMllmFlags,
  type RafCompoundFlags,
} from './benchmark-flags.js';
import { formerOption } from './former-option.js';

function pictureSize(value: string): PictureSize {
  const square = /^(\d{2,4})x\1$/.exec(value)?.[1];
  if (square !== undefined) return { kind: 'square', sidePx: Number(square) };
  if (/^\d{2,4}$/.test(value)) return { kind: 'within', sidePx: Number(value) };
  throw new InvalidArgumentError('expected a size like 224x224 (stretched) or 448 (no side longer).');
}

/** Options that ask a multimodal LLM had other names. */
const FORMER = {
  '--engine': '--mllm-engine',
  '--engine-url': '--mllm-url',
  '--model': '--mllm-model',
  '--key-env': '--mllm-key-env',
};

/** Adds what every benchmark of a multimodal LLM is told. */
function withBenchmarkOptions(command: Command): Command {
  for (const [name, now] of Object.entries(FORMER)) command.addOption(formerOption(name, `write ${now}`));
  return addEngineOptions(command)
    .option(
      '--timeout <seconds>',
      `with --mllm-url: longest wait for one answer (default: ${ANSWER_SECONDS})`,
      whole(1, 3600),
    )
    .option('--concurrency <n>', 'questions under way at once', whole(1, 256), 4)
    .option('--limit <n>', 'at most so many items of each part, evenly spread', whole(1, 1_000_000))
    .option('--image-size <size>', '224x224, or 448 for the longest side', pictureSize)
    .addOption(
      new Option('--priors <on|off>', 'tell the model what mien measured').choices(['on', 'off']).default('off'),
    )
    .option('--images <path>', 'folder of images, or .npz with images and ids (default: where the lists are)', named)
    .option('-o, --out <folder>', 'where results go', named, 'mien-eval')
    .option('--resume', 'go on from the answers in --out')
    .addOption(new Option('--overwrite', 'replace results that exist').conflicts('resume'));
}

/** `mien eval faba | feabench | ferbench-mllm | cer-raf-db | cer-c-expr-db`: the papers' benchmarks, asked of a multimodal LLM. */
export function addBenchmarkCommands(evaluation: Command): void {
  addFaba(evaluation);
  addFeabench(evaluation);
  addFerbench(evaluation);
  addCompound(evaluation);
}

function addFaba(evaluation: Command): void {
  const command = evaluation
    .command('faba')
    .description('ask a multimodal LLM about FABA-Bench: emotions, action units, and how it describes them')
    .argument('[folder]', 'folder with FABAInstruct/eval')
    .option('--emotions <file>', 'emotion annotations (JSON)', named)
    .option('--units <file>', 'action unit annotations (JSON)', named)
    .addOption(new Option('--rouge <package>', 'whose ROUGE-L').choices(ROUGE_VARIANTS).default('rouge'));
  withBenchmarkOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  mien eval faba data/ --mllm-url http://127.0.0.1:8000/v1 --mllm-model emola
  mien eval faba data/ --mllm-engine transformers --mllm-model smolvlm/ --limit 100`,
    )
    .action(async (folder: string | undefined, flags: FabaFlags) => {
      const { evalFaba } = await import('./benchmark-run.js');
      await evalFaba(folder, flags);
    });
}

function addFeabench(evaluation: Command): void {
  const command = evaluation
    .command('feabench')
    .description('ask a multimodal LLM about FEABench: emotion and action units')
    .requiredOption('--annotations <file>', 'the labels (JSON)', named);
  withBenchmarkOptions(command)
    .addHelpText(
      'after',
      `
Example:
  mien eval feabench --annotations feabench.json --images faces/ --mllm-url http://127.0.0.1:8000/v1 --mllm-model feallm`,
    )
    .action(async (flags: FeabenchFlags) => {
      const { evalFeabench } = await import('./benchmark-run.js');
      await evalFeabench(flags);
    });
}

function addFerbench(evaluation: Command): void {
  const command = evaluation
    .command('ferbench-mllm')
    .description('ask a multimodal LLM the questions of FERBench')
    .argument('[folder]', 'the UniFER repository')
    .option('--questions <file>', 'the questions of one set (JSON); again for more sets', collected);
  withBenchmarkOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  mien eval ferbench-mllm UniFER/ --images images/ --mllm-url http://127.0.0.1:8000/v1 --mllm-model Karl28/UniFER-7B
  mien eval ferbench-mllm --questions ferplus_qa.json --images ferplus.npz --mllm-engine transformers --mllm-model smolvlm/`,
    )
    .action(async (folder: string | undefined, flags: FerbenchMllmFlags) => {
      const { evalFerbenchMllm } = await import('./benchmark-run.js');
      await evalFerbenchMllm(folder, flags);
    });
}

function addCompound(evaluation: Command): void {
  const raf = evaluation
    .command('cer-raf-db')
    .description('ask a multimodal LLM about the compound expressions of RAF-DB')
    .argument('[folder]', 'folder with compound/EmoLabel and compound/Image')
    .option('--annotations <file>', 'the labels (default: those of the folder)', named)
    .addOption(new Option('--split <name>', 'only images whose names begin so').choices(['train', 'test']));
  withBenchmarkOptions(raf)
    .addHelpText(
      'after',
      `
Example:
  mien eval cer-raf-db RAF-DB/ --split test --mllm-url http://127.0.0.1:8000/v1 --mllm-model NAME`,
    )
    .action(async (folder: string | undefined, flags: RafCompoundFlags) => {
      const { evalRafCompound } = await import('./benchmark-run.js');
      await evalRafCompound(folder, flags);
    });

  const cexpr = evaluation
    .command('cer-c-expr-db')
    .description('ask a multimodal LLM about the compound expressions of C-EXPR-DB')
    .argument('<labels>', 'folder with the labels of each video, or one such file');
  withBenchmarkOptions(cexpr)
    .addHelpText(
      'after',
      `
Example:
  mien eval cer-c-expr-db labels/ --images cropped_aligned/ --mllm-url http://127.0.0.1:8000/v1 --mllm-model NAME`,
    )
    .action(async (labels: string, flags: BenchmarkFlags) => {
      const { evalCexpr } = await import('./benchmark-run.js');
      await evalCexpr(labels, flags);
    });

  evaluation
    .command('cer', { hidden: true })
    .allowUnknownOption()
    .allowExcessArguments()
    .action(() => {
      throw new AffectError(
        'USAGE',
        'mien eval cer is two commands now: mien eval cer-raf-db FOLDER, and mien eval cer-c-expr-db LABELS for --set c-expr-db',
      );
    });
}
