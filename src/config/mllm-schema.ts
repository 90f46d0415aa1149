import { z } from 'zod';
import { MLLM_ENGINES, MLLM_TASKS } from '../domain/insight.js';
import { choice, duration, flag, key, number, whole } from './keys.js';

const ENVIRONMENT_NAME = /^([A-Za-z_][A-Za-z0-9_]{0,127})?$/;

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

/** `mllm`: the multimodal language model that says in words what faces may mean (docs/mllm.md). */
export const mllmSchema = z.strictObject({
  enabled: flag('Ask a multimodal language model about keyframes. Pictures of faces are sent to the engine.').default(
    false,
  ),
  engine: z
    .strictObject({
      type: choice(
        MLLM_ENGINES,
        'openai: a server with an OpenAI-compatible interface. transformers: a model inside this process (docs/mllm.md).',
      ).default('openai'),
      urls: key(z.array(address).max(64), {
        accepts: 'a list of URLs',
        text: 'Servers that hold the same model; needed by openai.',
      }).default([]),
      model: key(z.string().max(256), {
        accepts: 'the name of a model as the server lists it, or a folder',
        text: 'Model to ask; needed when mllm.enabled.',
      }).default(''),
      keyEnv: key(z.string().regex(ENVIRONMENT_NAME), {
        accepts: 'the name of an environment variable, or "" for none',
        text: 'Environment variable that holds the server’s key. The key itself is never in the configuration.',
      }).default(''),
      timeout: duration({ least: '1s', most: '5m', text: 'Longest wait for one answer.' }).prefault('30s'),
    })
    .describe('The engine that is asked.')
    .prefault({}),
  tasks: key(z.array(z.enum(MLLM_TASKS)).min(1).max(MLLM_TASKS.length), {
    accepts: `a list of ${MLLM_TASKS.join(', ')}`,
    text: 'What is asked of every keyframe; with mode au-only just action-units.',
  }).default(['describe']),
  priors: flag('Put what was measured (action units, head pose, sharpness) into the question.').default(true),
  imagePx: whole({ least: 64, most: 1024, text: 'Side of the pictures that are sent, in pixels.' }).default(336),
  perCameraPerMinute: whole({ least: 1, most: 6000, text: 'Most keyframes a minute and camera.' }).default(12),
  overallPerMinute: whole({ least: 1, most: 60_000, text: 'Most keyframes a minute of all cameras.' }).default(60),
  minInterval: duration({ least: '200ms', most: '10m', text: 'Least time between keyframes of one face.' }).prefault(
    '2s',
  ),
  maxInterval: duration({
    least: '1s',
    most: '1h',
    text: 'Time after which even a small change makes a keyframe.',
  }).prefault('30s'),
  fusion: z
    .strictObject({
      weight: number({
        least: 0,
        most: 1,
        text: 'How much an insight counts beside the measured emotion of its face; 0: not at all.',
      }).default(0.3),
      decay: duration({
        least: '100ms',
        most: '3s',
        text: 'Time from its frame at which an insight counts about a third; after three times as long, nothing.',
      }).prefault('1.5s'),
    })
    .describe('How insights change the estimate of a face from then on; frames already sent stay as they are.')
    .prefault({}),
});
