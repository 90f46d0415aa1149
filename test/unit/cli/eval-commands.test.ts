import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { addEvalCommands } from '../../../src/cli/eval/eval-commands.js';

const AFFECT = ['--align', '--device', '--flip', '--model', '--out', '--overwrite', '--robustness'];
const STILL = ['--device', '--image-column', '--images', '--out', '--overwrite', '--precision'];
const BENCHMARK = [
  ...[
    '--concurrency',
    '--device',
    '--image-size',
    '--images',
    '--limit',
    '--out',
    '--overwrite',
    '--priors',
    '--resume',
  ],
  ...['--timeout', '--landmarks', '--mllm-adapter', '--mllm-engine', '--mllm-key-env', '--mllm-model', '--mllm-url'],
];

/** What each kind needs to be asked at all, and the options it takes. */
const KINDS: Readonly<Record<string, { readonly words: readonly string[]; readonly options: readonly string[] }>> = {
  csv: { words: ['list.csv'], options: [...AFFECT, '--images', '--image-column', '--label-column'] },
  npz: { words: ['faces.npz', '--split', 'valid'], options: [...AFFECT, '--split'] },
  ferbench: { words: ['--questions', 'q.json'], options: [...AFFECT, '--images', '--questions'] },
  'au-list': { words: ['coded.csv'], options: [...STILL, '--model', '--subject-column', '--present-from'] },
  au: {
    words: ['labels', '--set', 'disfa'],
    options: [
      ...STILL.filter((name) => name !== '--image-column'),
      '--model',
      '--set',
      '--units',
      '--sample',
      '--frame-image',
    ],
  },
  gaze: { words: ['looks.csv'], options: [...STILL, '--subject-column', '--by', '--unit'] },
  covers: { words: ['covered.csv'], options: [...STILL, '--subject-column', '--by'] },
  groups: { words: ['people.csv', '--by', 'sex'], options: [...STILL, '--model', '--by', '--label-column'] },
  faba: { words: ['data'], options: [...BENCHMARK, '--emotions', '--units', '--rouge'] },
  feabench: { words: ['--annotations', 'a.json'], options: [...BENCHMARK, '--annotations'] },
  'ferbench-mllm': { words: ['UniFER'], options: [...BENCHMARK, '--questions'] },
  'cer-raf-db': { words: ['RAF-DB'], options: [...BENCHMARK, '--annotations', '--split'] },
  'cer-c-expr-db': { words: ['labels'], options: BENCHMARK },
};
const EVERY_OPTION = [...new Set(Object.values(KINDS).flatMap(({ options }) => options))].sort();

/** `mien eval` alone; its commands throw what they would say. */
function evaluation(): Command {
  const command = new Command('eval').exitOverride().configureOutput({ writeErr: () => undefined });
  addEvalCommands(command);
  return command;
}

const saidOf = (words: readonly string[]): Promise<{ readonly code: string; readonly message: string }> =>
  evaluation()
    .parseAsync([...words], { from: 'user' })
    .then(
      () => ({ code: 'none', message: '' }),
      ({ code, message }: { readonly code: string; readonly message: string }) => ({ code, message }),
    );

it('shows exactly these kinds, each with exactly its own options and an example', () => {
  const command = evaluation();
  const help = command.createHelp();
  const shown = help.visibleCommands(command).filter((kind) => kind.name() !== 'help');
  const optionsOf = (kind: Command): string[] =>
    help
      .visibleOptions(kind)
      .map(({ long }) => long!)
      .filter((option) => option !== '--help')
      .sort();
  expect(Object.fromEntries(shown.map((kind) => [kind.name(), optionsOf(kind)]))).toEqual(
    Object.fromEntries(Object.entries(KINDS).map(([name, { options }]) => [name, [...options].sort()])),
  );
  for (const kind of shown) {
    let text = '';
    kind.configureOutput({ writeOut: (part) => (text += part) }).outputHelp();
    expect(text).toMatch(new RegExp(`Examples?:\n  mien eval ${kind.name()} `));
  }
});

describe.each(Object.entries(KINDS))('mien eval %s', (name, { words, options }) => {
  // --model once named the language model, so that it is answered with its new name.
  const foreign = EVERY_OPTION.filter((option) => !options.includes(option) && option !== '--model');
  it.each(foreign)('does not know %s', async (option) => {
    const { code, message } = await saidOf([name, ...words, option, '1']);
    expect([code, message]).toEqual(['commander.unknownOption', expect.stringContaining(option)]);
  });
});

it.each([
  [['--csv', 'list.csv'], '--csv is no longer an option here: write mien eval csv LIST'],
  [['--images', 'faces', '--csv'], '--csv is no longer an option here: write mien eval csv LIST'],
  [['faba', 'x', '--engine-url', 'http://x'], '--engine-url is no longer an option here: write --mllm-url'],
  [['feabench', '--engine', 'transformers'], '--engine is no longer an option here: write --mllm-engine'],
  [['cer-raf-db', 'x', '--key-env', 'KEY'], '--key-env is no longer an option here: write --mllm-key-env'],
  [['ferbench-mllm', 'x', '--model', 'NAME'], '--model is no longer an option here: write --mllm-model'],
  [['cer-c-expr-db', 'x', '--model'], '--model is no longer an option here: write --mllm-model'],
  [
    ['ferbench', 'UniFER', '--engine-url', 'http://x', '--model', 'NAME'],
    '--engine-url is no longer an option here: a multimodal LLM is asked by mien eval ferbench-mllm with --mllm-url or --mllm-engine',
  ],
  [
    ['cer', '--set', 'c-expr-db', '--annotations', 'labels'],
    'mien eval cer is two commands now: mien eval cer-raf-db FOLDER, and mien eval cer-c-expr-db LABELS for --set c-expr-db',
  ],
])('answers %j, written before, with what is written now', async (words, message) => {
  expect(await saidOf(words)).toEqual({ code: 'USAGE', message });
});

it.each([
  [['npz', 'x'], /required option '--split <name>'/],
  [['csv', 'x', '--align', '--robustness'], /'--robustness' cannot be used with option '--align'/],
  [['faba', 'x', '--resume', '--overwrite'], /'--overwrite' cannot be used with option '--resume'/],
  [['faba', 'x', '--concurrency', '0'], /a whole number from 1 to 256/],
  [['faba', 'x', '--image-size', '224x225'], /a size like 224x224/],
  [['csv', 'x', '--out', ''], /expected a name/],
  [['ferbench', '--questions', 'a', '--questions', 'b'], /measure one set at a time; a is named already/],
  [['gaze', 'x', '--unit', 'turns'], /Allowed choices are degrees, radians/],
  [['covers', 'x', '--by', 'thing,thing'], /a column is named twice/],
  [['nothing'], /unknown command 'nothing'/],
])('refuses %j', async (words, message) => {
  expect((await saidOf(words)).message).toMatch(message);
});
