import type { Command } from 'commander';
import { Option } from 'commander';
import { addAskingOptions } from '../asking-options.js';
import { addExamples } from '../help.js';
import { named, whole } from '../option-values.js';
import type { AgreementFlags, DescribeFlags } from './dataset-flags.js';
import { withSetOptions } from './set-options.js';

/** `mien dataset describe`. */
export function addDescribe(dataset: Command): void {
  const command = dataset
    .command('describe')
    .description(
      'have a model write summary, movement and reasoning about labelled faces, and keep what says what the labels say',
    )
    .argument('<labels>', 'the folder of the data set, or its list');
  addAskingOptions(withSetOptions(command))
    .option('--tries <n>', 'answers to a face at most, each told what was wrong with the one before', whole(1, 10), 3)
    .option('--review <n>', 'faces of each class on the review sheet', whole(1, 10_000), 20)
    .option('-o, --out <folder>', 'where results go', named, 'mien-described')
    .option('--resume', 'go on from the answers in --out')
    .addOption(new Option('--overwrite', 'replace results that exist').conflicts('resume'));
  addExamples(command, [
    [
      'mien dataset describe Aff-Wild2/ --from affwild2 --need all --mllm-url http://127.0.0.1:8000/v1 --mllm-model NAME',
    ],
    ['mien dataset convert mien-described/described.csv --from csv --images faces/ --to llava --task aligned', 'then'],
  ]).action(async (labels: string, flags: DescribeFlags) => {
    const { describeDataset } = await import('./describe-run.js');
    await describeDataset(labels, flags);
  });
}

/** `mien dataset agreement`. */
export function addAgreement(dataset: Command): void {
  const command = dataset
    .command('agreement')
    .description('tell how far two people agree about the texts of mien dataset describe, class by class')
    .argument('<sheets...>', 'review.csv, filled in; or a copy from each of the two')
    .option('-o, --out <file>', 'write the table as CSV, too', named);
  addExamples(command, [
    ['mien dataset agreement mien-described/review.csv'],
    ['mien dataset agreement review-ana.csv review-ben.csv -o agreement.csv'],
  ]).action(async (sheets: readonly string[], flags: AgreementFlags) => {
    const { agreeOnTexts } = await import('./agreement-run.js');
    await agreeOnTexts(sheets, flags, (text) => process.stdout.write(text));
  });
}
