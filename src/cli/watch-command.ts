import { type Command, InvalidArgumentError } from 'commander';
import { MESSAGE_KINDS, type MessageKind } from '../protocol/constants.js';
import { addExamples } from './help.js';
import { addJsonOption, addQuietOption } from './output-flags.js';
import { DEFAULT_URL, type WatchOptions } from './watch-options.js';

function parseKinds(text: string): MessageKind[] {
  const kinds = text.split(',').map((kind) => kind.trim());
  const unknown = kinds.find((kind) => !(MESSAGE_KINDS as readonly string[]).includes(kind) || kind === 'preview');
  if (unknown !== undefined) {
    throw new InvalidArgumentError(`"${unknown}" is none of faces, episodes, insights, rules, states, stats.`);
  }
  return kinds as MessageKind[];
}

function parseRate(text: string): number {
  const rate = Number(text);
  if (rate >= 0.1 && rate <= 120) return rate;
  throw new InvalidArgumentError('It must be 0.1 to 120 messages a second.');
}

const listed = (text: string, before: readonly string[] = []): string[] => [...before, ...text.split(',')];

/** Adds `mien watch`. */
export function addWatchCommand(program: Command): void {
  const command = program
    .command('watch')
    .description('show what a running mien server sees, until Ctrl-C')
    .argument('[url]', 'address of the server', DEFAULT_URL)
    .option('--source <id>', 'only this camera; may be given more than once (default: every camera)', listed)
    .option('--kinds <list>', 'what to show: faces,episodes,insights,rules,states,stats', parseKinds, [
      'faces',
      'episodes',
      'insights',
      'rules',
      'states',
    ])
    .option('--rate <hz>', 'most lines or updates of faces a second and camera', parseRate, 5)
    .option('--token-env <name>', 'environment variable that holds the token', 'MIEN_TOKEN');
  addExamples(command, [
    ['mien watch', 'the server of this machine'],
    ['mien watch http://192.0.2.7:7420 --source door', 'one camera of another, with the token in MIEN_TOKEN'],
    ['mien watch --kinds episodes --json', 'for programs: each episode'],
  ]);
  addJsonOption(command, 'each message');
  addQuietOption(command).action(async (url: string, options: WatchOptions) => {
    const { watch } = await import('./watch-run.js');
    const { whileStoppable } = await import('./stop-on-signals.js');
    const errors = options.quiet ? { write: () => true } : process.stderr;
    const token = process.env[options.tokenEnv] || undefined;
    await whileStoppable(({ signal, stop }) => {
      // A reader that goes away (`mien watch | head`) ends it, too.
      process.stdout.once('error', stop);
      return watch(url, options, { output: process.stdout, errors, signal, token });
    });
  });
}
