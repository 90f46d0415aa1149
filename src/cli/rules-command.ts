import { type Command, InvalidArgumentError } from 'commander';
import { addExamples } from './help.js';
import { addJsonOption, addQuietOption } from './output-flags.js';
import type { RulesTestFlags } from './rules-test-flags.js';

function parseInstant(text: string): number {
  const ms = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) throw new InvalidArgumentError('expected an instant such as 2026-01-15T09:30:00.');
  return ms;
}

/** `mien rules test`. */
export function addRulesCommand(program: Command): void {
  const rules = program.command('rules').description('try the rules of mien serve on recordings');
  const test = rules
    .command('test')
    .description('what the rules of a configuration would have told while this was recorded; nothing is sent')
    .argument('<recording>', 'NAME.records.jsonl, as mien analyze writes it')
    .requiredOption('-c, --config <file>', 'YAML file with the rules')
    .option('--camera <id>', 'take the recording for this camera (default: the one it names)')
    .option(
      '--start <instant>',
      'when the recording began, such as 2026-01-15T09:30:00, where it does not say (default: hours do not count)',
      parseInstant,
    );
  addExamples(test, [
    ['mien rules test clip.records.jsonl --config cameras.yaml --camera door', 'each firing, with its media time'],
    ['mien rules test clip.records.jsonl --config cameras.yaml --json', 'for programs'],
  ]);
  addJsonOption(test, 'each firing, then the end');
  addQuietOption(test).action(async (recording: string, flags: RulesTestFlags) => {
    const { testRules } = await import('./rules-test-run.js');
    await testRules(recording, flags, (text) => process.stdout.write(text));
  });
}
