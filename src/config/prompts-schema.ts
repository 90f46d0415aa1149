import { z } from 'zod';
import { MLLM_TASKS } from '../domain/insight.js';
import { PICTURE_SETS, PLACEHOLDERS } from '../domain/prompt-template.js';
import { choice, key, whole } from './keys.js';

const MAX_CHARS = 20_000;
const text = (least: number, most: number, words: string) =>
  key(z.string().min(least).max(most), { accepts: `a text of ${least} to ${most} characters`, text: words });

/** One question in a file of `mllm.prompts`: what is left out is as in the preset of its task. */
export const promptSchema = z.strictObject({
  id: key(z.string().regex(/^[\w.-]{1,60}@[1-9]\d{0,5}$/), {
    accepts: 'a name and a version such as "my-describe@1"',
    text: 'Name and version, as insights tell it; without one the file is told apart by a digest.',
  }).optional(),
  system: text(0, MAX_CHARS, 'Words before the question; "" for none.').optional(),
  user: text(
    1,
    MAX_CHARS,
    `The question. ${PLACEHOLDERS.map((name) => `{${name}}`).join(', ')} are filled in; a line of nothing else goes away with it.`,
  ).optional(),
  labels: key(z.array(z.string().min(1).max(60)).min(2).max(64), {
    accepts: 'a list of 2 to 64 words',
    text: 'Answers that the question offers.',
  }).optional(),
  answer: choice(
    ['words', 'choice', 'label'],
    'words: free. choice: one of the labels alone. label: the same from one token, with probabilities.',
  ).optional(),
  regex: text(1, 4000, 'Regular expression that the whole answer is held to, as vLLM takes it.').optional(),
  schema: key(z.record(z.string(), z.unknown()), {
    accepts: 'a JSON Schema of an object',
    text: 'JSON Schema that the answer is held to; texts with maxLength and lists with maxItems, so that it has an end.',
  }).optional(),
  begin: text(0, 200, 'What the answer is begun with, where the engine can; "" for nothing.').optional(),
  tokens: whole({
    least: 1,
    most: 4096,
    text: 'Longest answer; of a schema with an end, that is room enough.',
  }).optional(),
  pixels: whole({ least: 64, most: 1024, text: 'Side of the pictures; otherwise that of mllm.imagePx.' }).optional(),
  pictures: choice(
    PICTURE_SETS,
    'face; face+context: with surroundings; onset+apex: the face when its episode began, and now; clip: up to four moments of the last second.',
  ).optional(),
  examples: key(
    z
      .array(
        z.strictObject({
          user: text(1, MAX_CHARS, 'A question.'),
          assistant: text(1, MAX_CHARS, 'Its right answer.'),
        }),
      )
      .max(16),
    { accepts: 'a list of at most 16 groups of user and assistant', text: 'Turns that are shown before the question.' },
  ).optional(),
});
/** @useDeclaredType */
export type ParsedPrompt = z.infer<typeof promptSchema>;

/** A file of `mllm.prompts`: questions by task. */
export const promptsSchema = z.strictObject(
  Object.fromEntries(MLLM_TASKS.map((task) => [task, promptSchema.optional()])) as Record<
    (typeof MLLM_TASKS)[number],
    z.ZodOptional<typeof promptSchema>
  >,
);
