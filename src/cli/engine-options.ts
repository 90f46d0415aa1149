import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Adapters, MEASURED, MLLM_ENGINES, MLLM_TASKS, type MllmEngineType } from '../domain/insight.js';
import { collected } from './option-values.js';

/** What a command line says of the multimodal LLM to ask. */
export interface EngineFlags {
  /** Words are wanted: from the measurements where no engine is named; of commands that analyse. */
  readonly words?: boolean;
  readonly mllmEngine?: MllmEngineType;
  readonly mllmUrl?: readonly string[];
  readonly mllmModel?: string;
  readonly mllmKeyEnv?: string;
  /** Models of the same server that answer single tasks. */
  readonly mllmAdapter?: Adapters;
  /** File with questions in place of the presets; of commands that ask about keyframes. */
  readonly mllmPrompts?: string;
}

/** "emotion=emola-emotion", beside those given before. */
function adapters(text: string, before: Adapters = {}): Adapters {
  const [, said, name] = /^([\w-]+)=(.+)$/.exec(text) ?? [];
  const task = MLLM_TASKS.find((one) => one === said);
  if (task === undefined || name === undefined)
    throw new InvalidArgumentError(
      `expected a task and a model, like emotion=NAME; tasks are ${MLLM_TASKS.join(', ')}.`,
    );
  if (before[task] !== undefined) throw new InvalidArgumentError(`${task} has a model already, ${before[task]}.`);
  return { ...before, [task]: name };
}

/** Adds the options that name a multimodal LLM, with the same words for every command that asks one. */
export function addEngineOptions(
  command: Command,
  { engines = MLLM_ENGINES }: { readonly engines?: readonly MllmEngineType[] } = {},
): Command {
  return command
    .option('--mllm-url <url>', 'ask a multimodal LLM at this OpenAI-compatible address; again for replicas', collected)
    .addOption(
      new Option(
        '--mllm-engine <type>',
        `openai, with --mllm-url; mien-vlm: the model that comes with mien; transformers: one of yours inside this process, --mllm-model is its folder${engines.includes(MEASURED) ? '; or measured: no model, words made from the measurements' : ''}`,
      ).choices(engines),
    )
    .option('--mllm-model <name>', 'the model, as the server names it, or the folder of one for this process')
    .option(
      '--mllm-adapter <task=name>',
      'with --mllm-url: the model of the same server that answers a task, such as a LoRA adapter; again for others',
      adapters,
    )
    .option('--mllm-key-env <name>', 'with --mllm-url: the environment variable that holds its key');
}
