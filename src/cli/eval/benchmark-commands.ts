import { type Command, Option } from 'commander';
import { ROUGE_VARIANTS } from '../../eval/benchmarks/rouge-l.js';
import { addExamples } from '../help.js';
import { collected, named } from '../option-values.js';
import type {
  BenchmarkFlags,
  FabaFlags,
  FeabenchFlags,
  FerbenchMllmFlags,
  RafCompoundFlags,
} from './benchmark-flags.js';
import { withBenchmarkOptions } from './benchmark-options.js';

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
  addExamples(withBenchmarkOptions(command), [
    ['mien eval faba data/ --mllm-url http://127.0.0.1:8000/v1 --mllm-model emola'],
    ['mien eval faba data/ --mllm-engine transformers --mllm-model smolvlm/ --limit 100'],
  ]).action(async (folder: string | undefined, flags: FabaFlags) => {
    const { evalFaba } = await import('./benchmark-run.js');
    await evalFaba(folder, flags);
  });
}

function addFeabench(evaluation: Command): void {
  const command = evaluation
    .command('feabench')
    .description('ask a multimodal LLM about FEABench: emotion and action units')
    .requiredOption('--annotations <file>', 'the labels (JSON)', named);
  addExamples(withBenchmarkOptions(command), [
    [
      'mien eval feabench --annotations feabench.json --images faces/ --mllm-url http://127.0.0.1:8000/v1 --mllm-model feallm',
    ],
  ]).action(async (flags: FeabenchFlags) => {
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
  addExamples(withBenchmarkOptions(command), [
    [
      'mien eval ferbench-mllm UniFER/ --images images/ --mllm-url http://127.0.0.1:8000/v1 --mllm-model Karl28/UniFER-7B',
    ],
    [
      'mien eval ferbench-mllm --questions ferplus_qa.json --images ferplus.npz --mllm-engine transformers --mllm-model smolvlm/',
    ],
  ]).action(async (folder: string | undefined, flags: FerbenchMllmFlags) => {
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
  addExamples(withBenchmarkOptions(raf), [
    ['mien eval cer-raf-db RAF-DB/ --split test --mllm-url http://127.0.0.1:8000/v1 --mllm-model NAME'],
  ]).action(async (folder: string | undefined, flags: RafCompoundFlags) => {
    const { evalRafCompound } = await import('./benchmark-run.js');
    await evalRafCompound(folder, flags);
  });

  const cexpr = evaluation
    .command('cer-c-expr-db')
    .description('ask a multimodal LLM about the compound expressions of C-EXPR-DB')
    .argument('<labels>', 'folder with the labels of each video, or one such file');
  addExamples(withBenchmarkOptions(cexpr), [
    ['mien eval cer-c-expr-db labels/ --images cropped_aligned/ --mllm-url http://127.0.0.1:8000/v1 --mllm-model NAME'],
  ]).action(async (labels: string, flags: BenchmarkFlags) => {
    const { evalCexpr } = await import('./benchmark-run.js');
    await evalCexpr(labels, flags);
  });
}
