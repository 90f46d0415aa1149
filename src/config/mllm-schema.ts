import { z } from 'zod';
import { DEFAULT_TASKS, MLLM_ENGINES, MLLM_TASKS } from '../domain/insight.js';
import { MLLM_DEFAULTS } from '../domain/mllm-defaults.js';
import { choice, duration, flag, key, number, optionalVariable, whole } from './keys.js';
import { durationText } from './quantities.js';

/** Whether an address can be an engine's: http or https, without credentials, query or fragment. */
function isEngineAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return /^https?:$/.test(protocol) && username + password + search + hash === '';
}

const address = key(z.string().max(2048).refine(isEngineAddress), {
  accepts: 'a URL such as "http://127.0.0.1:8000/v1", without user, password and query',
  text: 'Address of a server.',
});

const adapter = (task: string) =>
  key(z.string().max(256), {
    accepts: 'the name of a model as the server lists it, or "" for none',
    text: `Model that answers the task ${task}, such as a LoRA adapter by its name.`,
  }).default('');

/** `mllm`: the multimodal language model that says in words what faces may mean (docs/mllm.md). */
export const mllmSchema = z.strictObject({
  enabled: flag(
    'Say in words what faces show at keyframes. Pictures of faces are sent to the engine, save to measured.',
  ).default(false),
  engine: z
    .strictObject({
      type: choice(
        MLLM_ENGINES,
        'measured: sentences made from the measurements, without a model. openai: a server with an OpenAI-compatible interface. mien-vlm: the small model that comes with mien. transformers: another model inside this process (docs/mllm.md).',
      ).default('openai'),
      urls: key(z.array(address).max(64), {
        accepts: 'a list of URLs',
        text: 'Servers that hold the same model; needed by openai.',
      }).default([]),
      model: key(z.string().max(256), {
        accepts: 'the name of a model as the server lists it, or a folder',
        text: 'Model to ask; needed when mllm.enabled, save by measured and mien-vlm.',
      }).default(''),
      adapters: z
        .strictObject(
          Object.fromEntries(MLLM_TASKS.map((task) => [task, adapter(task)])) as Record<
            (typeof MLLM_TASKS)[number],
            ReturnType<typeof adapter>
          >,
        )
        .describe('Models of the same servers that answer single tasks in place of mllm.engine.model; only of openai.')
        .prefault({}),
      keyEnv: optionalVariable(
        'Environment variable that holds the server’s key. The key itself is never in the configuration.',
      ).default(''),
      timeout: duration({ least: '1s', most: '5m', text: 'Longest wait for one answer.' }).prefault(
        durationText(MLLM_DEFAULTS.timeoutMs),
      ),
    })
    .describe('The engine that is asked.')
    .prefault({}),
  tasks: key(z.array(z.enum(MLLM_TASKS)).min(1).max(MLLM_TASKS.length), {
    accepts: `a list of ${MLLM_TASKS.join(', ')}`,
    text: 'What is asked of every keyframe; with mode au-only just action-units.',
  }).default([...DEFAULT_TASKS]),
  prompts: key(z.string().max(2048), {
    accepts: 'the path of a YAML file, or "" for none',
    text: 'Questions in place of those of mien, by task (docs/mllm.md#questions-of-your-own).',
  }).default(''),
  priors: flag(
    'Put what was measured (half of the action units in turn, head pose, sharpness) into the question.',
  ).default(MLLM_DEFAULTS.priors),
  imagePx: whole({ least: 64, most: 1024, text: 'Side of the pictures that are sent, in pixels.' }).default(
    MLLM_DEFAULTS.imagePx,
  ),
  perCameraPerMinute: whole({ least: 1, most: 6000, text: 'Most keyframes a minute and camera.' }).default(
    MLLM_DEFAULTS.perCameraPerMinute,
  ),
  overallPerMinute: whole({ least: 1, most: 60_000, text: 'Most keyframes a minute of all cameras.' }).default(
    MLLM_DEFAULTS.overallPerMinute,
  ),
  minInterval: duration({ least: '200ms', most: '10m', text: 'Least time between keyframes of one face.' }).prefault(
    durationText(MLLM_DEFAULTS.minIntervalMs),
  ),
  maxInterval: duration({
    least: '1s',
    most: '1h',
    text: 'Time after which even a small change makes a keyframe.',
  }).prefault(durationText(MLLM_DEFAULTS.maxIntervalMs)),
  fusion: z
    .strictObject({
      weight: number({
        least: 0,
        most: 1,
        text: 'How much an insight counts beside the measured emotion of its face; 0: not at all.',
      }).default(MLLM_DEFAULTS.weight),
      decay: duration({
        least: '100ms',
        most: '3s',
        text: 'Time from its frame at which an insight counts about a third; after three times as long, nothing.',
      }).prefault(durationText(MLLM_DEFAULTS.decayMs)),
    })
    .describe('How insights change the estimate of a face from then on; frames already sent stay as they are.')
    .prefault({}),
});
