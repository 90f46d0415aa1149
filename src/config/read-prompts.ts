import { longestJson, tokensForChars } from '../domain/answer-length.js';
import { AffectError } from '../domain/errors.js';
import { MLLM_TASKS } from '../domain/insight.js';
import type { AnswerForm, OwnPrompts } from '../domain/prompt-template.js';
import { describeIssues } from './describe-issues.js';
import { keyText, locate, type Problem } from './layers.js';
import { problemText } from './problem-text.js';
import { promptChecks } from './prompt-checks.js';
import { type ParsedPrompt, promptSchema, promptsSchema } from './prompts-schema.js';
import { readLayer } from './read-layer.js';
import { isRecord } from './schema-walk.js';

/** A file of `mllm.prompts`: its questions, and all that is wrong with them. */
export async function readPrompts(
  path: string,
): Promise<{ readonly prompts: OwnPrompts; readonly problems: readonly Problem[] }> {
  const { layer, problems } = await readLayer(path);
  if (problems.length > 0) return { prompts: {}, problems };
  const { value } = layer;
  const parsed = promptsSchema.safeParse(value);
  const issues = parsed.success ? [] : describeIssues(parsed.error.issues, { schema: promptsSchema, shown: value });
  const tasks = MLLM_TASKS.flatMap((task) => {
    const said = value[task];
    return isRecord(said) ? [{ task, prompt: readable(said) }] : [];
  });
  const found = [...issues, ...tasks.flatMap(({ task, prompt }) => promptChecks(task, prompt))];
  return {
    prompts: Object.fromEntries(tasks.map(({ task, prompt }) => [task, overrides(prompt)])),
    problems: found.map((each) => ({ where: locate([layer], each.path), key: keyText(each.path), text: each.text })),
  };
}

/** The keys of a question that are right by themselves: one that is not hides no problem between others. */
function readable(said: Readonly<Record<string, unknown>>): ParsedPrompt {
  const parsed = Object.entries(promptSchema.shape).map(
    ([name, schema]) => [name, schema.safeParse(said[name])] as const,
  );
  return Object.fromEntries(
    parsed.flatMap(([name, { data }]) => (data === undefined ? [] : [[name, data]])),
  ) as ParsedPrompt;
}

/** The same for a command line. Throws CONFIG_INVALID with every problem, one a line. */
export async function loadPrompts(path: string): Promise<OwnPrompts> {
  const { prompts, problems } = await readPrompts(path);
  if (problems.length > 0) throw new AffectError('CONFIG_INVALID', problemText(problems));
  return prompts;
}

/** A question of the file as what it changes of its preset. */
function overrides(prompt: ParsedPrompt): NonNullable<OwnPrompts['describe']> {
  const { id, system, user, labels, begin, tokens, pixels, pictures, examples, answer } = prompt;
  const form = formOf(prompt);
  const chars = form?.kind === 'json' ? longestJson(form.schema) : null;
  const room = answer === 'label' ? 1 : (tokens ?? (chars === null ? undefined : tokensForChars(chars)));
  return {
    ...(id === undefined ? {} : { id }),
    ...(system === undefined ? {} : { system: system === '' ? null : system }),
    ...(user === undefined ? {} : { user }),
    ...(labels === undefined ? {} : { candidates: labels }),
    ...(form === null ? {} : { form, labelPath: answer === 'label' }),
    ...(begin === undefined ? {} : { prefill: begin === '' ? null : begin }),
    ...(room === undefined ? {} : { maxTokens: room }),
    ...(pixels === undefined ? {} : { imagePx: pixels }),
    ...(pictures === undefined ? {} : { pictures }),
    ...(examples === undefined ? {} : { examples }),
  };
}

function formOf({ answer, regex, schema, labels = [] }: ParsedPrompt): AnswerForm | null {
  if (regex !== undefined) return { kind: 'regex', pattern: regex };
  if (schema !== undefined) return { kind: 'json', schema };
  if (answer === undefined) return null;
  return answer === 'words' ? { kind: 'words' } : { kind: 'choice', choices: labels };
}
