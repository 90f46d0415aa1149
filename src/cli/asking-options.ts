import { type Command, Option } from 'commander';
import { DEVICE_CHOICES } from '../domain/device.js';
import { MODEL_ENGINES } from '../domain/insight.js';
import { addEngineOptions, type EngineFlags } from './engine-options.js';
import type { SearchFlags } from './face-search.js';
import { whole } from './option-values.js';

/** Time for one answer, in seconds, if nobody says otherwise. */
export const ANSWER_SECONDS = 180;

/** What commands are told that put many questions about pictures to a model. */
export interface AskingFlags extends EngineFlags, SearchFlags {
  readonly timeout?: number;
  readonly concurrency: number;
}

/** Adds the engine to ask, how many questions go to it at once, and whether numbers of faces go with them. */
export function addAskingOptions(command: Command): Command {
  return addEngineOptions(command, { engines: MODEL_ENGINES })
    .option(
      '--timeout <seconds>',
      `with --mllm-url: longest wait for one answer (default: ${ANSWER_SECONDS})`,
      whole(1, 3600),
    )
    .option('--concurrency <n>', 'questions under way at once', whole(1, 256), 4)
    .addOption(
      new Option(
        '--landmarks <auto|off>',
        'with --mllm-url: send the numbers of each face to a model that takes them, or zeros',
      )
        .choices(['auto', 'off'])
        .default('auto'),
    )
    .addOption(
      new Option('--device <name>', 'what runs mien’s own models, where faces are looked for (default: auto)').choices(
        DEVICE_CHOICES,
      ),
    );
}
