import { Argument, type Command, Option } from 'commander';
import { SPLITS } from '../eval/ferplus.js';
import { SHIPPED_MODEL } from '../eval/shipped-model.js';
import { addBenchmarkOptions, isBenchmark } from './benchmark-options.js';
import { EVAL_KINDS, type EvalFlags, type EvalKind } from './eval-flags.js';

/**
 * `mien eval ferbench --questions F --images I`, `mien eval csv LIST`, `mien eval --csv LIST`, `mien eval npz FILE --split S`; and
 * `mien eval faba|feabench|ferbench|cer --engine-url URL --model NAME` or `--engine transformers --model DIR` (benchmark-options.ts).
 */
export function addEvalCommand(program: Command): void {
  const command = program
    .command('eval')
    .description('measure an affect model, or a multimodal LLM (--engine-url, --engine), on labelled images')
    .addArgument(new Argument('[kind]', 'what the labels are in (csv when --csv is given)').choices(EVAL_KINDS))
    .argument('[file]', 'the list of kind csv, the file of kind npz, or the folder of a benchmark')
    .option(
      '--questions <file>',
      'ferbench: the questions (JSON); with an engine again for more sets',
      (value: string, list: readonly string[] = []) => [...list, value],
    )
    .option('--csv <file>', 'the list of labelled images, with a header line')
    .option('--image-column <name>', 'csv: column with the image’s path or name', 'image')
    .option('--label-column <name>', 'csv: column with the emotion', 'label')
    .option('--images <path>', 'folder of images, or .npz with images and ids (default: beside the list)')
    .addOption(new Option('--split <name>', 'npz: which part; cer: only images named so').choices(SPLITS))
    .option(
      '--model <folder>',
      'folder with manifest.json and weights (default: the shipped mien-affect); with an engine the name or folder of its model',
      SHIPPED_MODEL,
    )
    .option('--flip', 'also read each face mirrored, and average', false)
    .option('--align', 'find and align the face of each image (default: images are aligned crops)', false)
    .option('--robustness', 'also measure on degraded images (not with --align)', false)
    .option('-o, --out <folder>', 'where results go', 'mien-eval')
    .option('--overwrite', 'replace results that exist', false);
  addBenchmarkOptions(command).action(
    async (kind: EvalKind | undefined, file: string | undefined, flags: EvalFlags) => {
      const modelGiven = command.getOptionValueSource('model') !== 'default';
      if (isBenchmark(kind, flags)) {
        const { benchmarkCommand } = await import('./benchmark-run.js');
        await benchmarkCommand(kind, file, flags, modelGiven);
      } else {
        const { evalCommand } = await import('./eval-run.js');
        await evalCommand(kind, file, flags);
      }
    },
  );
}
