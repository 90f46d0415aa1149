import { existsSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { ERRORS } from '../domain/errors.js';
import { mienVersion } from '../package-info.js';
import { addAnalyzeCommand } from './analyze-command.js';
import { addConfigCommand } from './config-command.js';
import { errorText, failureOf } from './describe-error.js';
import { addExamples, HELP } from './help.js';
import { addModelsCommand } from './models-command.js';
import { addPeopleCommand } from './people-command.js';
import { addRulesCommand } from './rules-command.js';
import { addServeCommand } from './serve-command.js';
import { addWatchCommand } from './watch-command.js';

/**
 * Runs the command line and returns the exit code (docs/exit-codes.md).
 *
 * @param argv - arguments after the program's name
 */
export async function runCli(argv: readonly string[]): Promise<number> {
  let exitCode = 0;
  const program = new Command('mien')
    .description('Reads faces in video: movements, expression, valence and arousal over time.')
    .version(mienVersion())
    .exitOverride()
    .configureHelp(HELP)
    .showHelpAfterError('(mien --help lists commands and options)');
  addExamples(program, [
    ['mien analyze interview.mp4', 'files, tables and a report in mien-out/interview'],
    ['mien serve --purpose testing --camera /dev/video0', 'the dashboard at http://127.0.0.1:7420'],
    ['mien analyze --help', 'every option of a command, and examples'],
  ]);
  addAnalyzeCommand(program, (code) => {
    exitCode = code;
  });
  addServeCommand(program, (code) => {
    exitCode = code;
  });
  addModelsCommand(program);
  const evaluation = program
    .command('eval')
    .description('measure an affect model, or a multimodal LLM, on labelled images');
  // Its kinds and their many options are needed by few command lines, and read only for those.
  if (argv.includes('eval')) (await import('./eval/eval-commands.js')).addEvalCommands(evaluation);
  const dataset = program.command('dataset').description('make data for training multimodal LLMs of labelled images');
  if (argv.includes('dataset')) (await import('./dataset/dataset-commands.js')).addDatasetCommands(dataset);
  addConfigCommand(program);
  addPeopleCommand(program);
  addRulesCommand(program);
  const annotations = program
    .command('annotations')
    .description('what people say of results: from ELAN, and how well they agree');
  if (argv.includes('annotations')) (await import('./annotations-command.js')).addAnnotationsCommands(annotations);
  const review = program
    .command('review')
    .description('a page on this machine to accept, correct or reject what was measured, beside the video');
  if (argv.includes('review')) {
    (await import('./review-command.js')).addReviewCommand(review, (code) => {
      exitCode = code;
    });
  }
  addWatchCommand(program);
  const study = program.command('study').description('recorded interviews as a study: who, when, under which question');
  if (argv.includes('study')) {
    (await import('./study/study-command.js')).addStudyCommands(study, (code) => {
      exitCode = code;
    });
  }
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      const file = argv.find((word) => word.startsWith('-') && existsSync(word));
      if (file !== undefined) console.error(`mien: ${file} is a file here: write ./${file}`);
      return ERRORS.USAGE.exitCode;
    }
    console.error(`mien: ${errorText(error)}`);
    return failureOf(error).exitCode;
  }
}
