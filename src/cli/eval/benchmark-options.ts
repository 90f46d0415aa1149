import { type Command, InvalidArgumentError, Option } from 'commander';
import type { PictureSize } from '../../eval/benchmarks/picture-source.js';
import { addAskingOptions } from '../asking-options.js';
import { named, whole } from '../option-values.js';
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
export function withBenchmarkOptions(command: Command): Command {
  for (const [name, now] of Object.entries(FORMER)) command.addOption(formerOption(name, `write ${now}`));
  return addAskingOptions(command)
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
