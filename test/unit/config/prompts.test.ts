import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkConfig, loadConfig } from '../../../src/config/load.js';
import { promptsSchema } from '../../../src/config/prompts-schema.js';
import { loadPrompts } from '../../../src/config/read-prompts.js';
import { MLLM_TASKS } from '../../../src/domain/insight.js';
import { MIEN_VLM_PROMPTS } from '../../../src/mllm/mien-vlm/prompts.js';
import { promptsOf } from '../../../src/mllm/prompts/own-prompts.js';
import { taskPrompt } from '../../../src/mllm/prompts/presets.js';
import { tempFolders } from '../../support/temp-folder.js';

const folder = tempFolders();

function file(text: string, dir = folder()): string {
  const path = join(dir, 'prompts.yaml');
  writeFileSync(path, text);
  return path;
}

const OWN = `
describe:
  id: tuned-describe@3
  system: ""
  user: |
    <image> What does the face show?
    {priors}
  schema:
    type: object
    properties:
      emotion: {enum: [happiness, cannot tell]}
      summary: {type: string, maxLength: 100}
  pixels: 224
  pictures: onset+apex
  examples:
    - {user: What does this face show?, assistant: '{"emotion":"happiness","summary":"A smile."}'}
emotion:
  user: "Which of {candidates}?"
  labels: [happy, sad, cannot tell]
  answer: label
  begin: "Answer:"
compound:
  user: "Two at once: {candidates}?"
  labels: [happily surprised, none]
  answer: choice
question:
  regex: "(yes|no)"
  tokens: 4
`;

describe('a file of questions', () => {
  it('says what differs from the presets', async () => {
    const prompts = promptsOf(await loadPrompts(file(OWN)));
    expect(prompts.describe).toEqual({
      ...taskPrompt('describe'),
      id: 'tuned-describe@3',
      system: null,
      user: '<image> What does the face show?\n{priors}\n',
      form: expect.objectContaining({ kind: 'json' }),
      maxTokens: 58, // the longest answer has 144 characters
      imagePx: 224,
      pictures: 'onset+apex',
      examples: [{ user: 'What does this face show?', assistant: '{"emotion":"happiness","summary":"A smile."}' }],
    });
    expect(prompts.emotion).toMatchObject({ labelPath: true, prefill: 'Answer:', maxTokens: 1 });
    expect(prompts.emotion!.candidates).toEqual(['happy', 'sad', 'cannot tell']);
    expect(prompts.compound!.form).toEqual({ kind: 'choice', choices: ['happily surprised', 'none'] });
    expect(prompts.question).toMatchObject({ form: { kind: 'regex', pattern: '(yes|no)' }, maxTokens: 4 });
    expect(prompts['action-units']).toBeUndefined();
  });

  it('is filled up from what a model was taught, and the rest is asked as it was taught', async () => {
    const prompts = promptsOf(await loadPrompts(file('emotion: {user: "Which?"}')), { prompts: MIEN_VLM_PROMPTS });
    expect(prompts.emotion).toMatchObject({ user: 'Which?', maxTokens: MIEN_VLM_PROMPTS.emotion!.maxTokens });
    expect(prompts.emotion!.id).toMatch(/^own-emotion-/);
    expect(prompts.describe).toEqual(MIEN_VLM_PROMPTS.describe);
  });

  it('without an id has one that changes with every word', async () => {
    const id = async (user: string) => promptsOf(await loadPrompts(file(`emotion: {user: "${user}"}`))).emotion!.id;
    expect(await id('A?')).toMatch(/^own-emotion-[0-9a-f]{8}@1$/);
    expect(await id('A?')).toBe(await id('A?'));
    expect(await id('B?')).not.toBe(await id('A?'));
  });

  it('names every problem at once, with its line and what to write', async () => {
    const path = file(`describe:
  id: no version
  user: "What is {mood}?"
  answer: words
  regex: "(open"
emotion:
  answer: choice
  labels: [happy, glum, happy]
compound:
  answer: label
action-units:
  labels: [AU1, AU2]
  answer: chioce
question:
  schema: {type: object, properties: {emotion: {enum: [anger]}, why: {type: string, maxLength: 400}}}
  tokens: 20
mood: {}
`);
    const error = await loadPrompts(path).catch((caught: Error) => caught);
    expect(error).toMatchObject({ code: 'CONFIG_INVALID' });
    const lines = (error as Error).message.replaceAll(path, 'prompts.yaml').split('\n');
    expect(lines[0]).toBe('11 problems in the configuration');
    for (const line of [
      'prompts.yaml:2: describe.id: expected a name and a version such as "my-describe@1", got "no version"',
      'prompts.yaml:12: action-units.labels: are not for action-units, whose answers are read by numbers',
      'prompts.yaml:7: emotion.labels: a label is given twice',
      'prompts.yaml:16: question.tokens: expected at least 174: the longest answer of the schema has 433 characters; or lower its maxLength',
      'prompts.yaml:10: compound.labels: answer: label needs the labels to choose from',
    ])
      expect(
        lines.some((each) => each.includes(line.slice(line.indexOf(' ')))),
        line,
      ).toBe(true);
  });

  it.each([
    ['describe: {schema: {type: object, properties: {summary: {type: string}}}}', 'allows answers without end'],
    ['describe: {schema: {type: string}}', 'expected a schema of an object'],
    ['emotion: {labels: [happy, sad]}', 'need answer, regex or schema beside them'],
    ['emotion: {user: ""}', 'expected a text of 1 to 20000 characters'],
    ['emotion: [', 'cannot be read'],
  ])('%s', async (text, problem) => {
    await expect(loadPrompts(file(text))).rejects.toThrow(problem);
  });

  it('that is not there is named', async () => {
    await expect(loadPrompts('nowhere.yaml')).rejects.toThrow(
      'nowhere.yaml: file: cannot be read (there is no such file)',
    );
  });

  it('has the presets’ own declaration: each of them could stand in it', () => {
    for (const task of MLLM_TASKS) {
      const { id, system, user, candidates, form, maxTokens, imagePx, pictures, examples } = taskPrompt(task);
      const own = {
        id,
        system: system ?? '',
        user,
        ...(candidates.length > 0 ? { labels: candidates } : {}),
        ...(form.kind === 'json'
          ? { schema: form.schema }
          : form.kind === 'regex'
            ? { regex: form.pattern }
            : { answer: form.kind }),
        tokens: maxTokens,
        ...(imagePx === null ? {} : { pixels: imagePx }),
        pictures,
        examples,
      };
      expect(promptsSchema.safeParse({ [task]: own }).error?.issues ?? []).toEqual([]);
    }
  });
});

describe('mllm.prompts', () => {
  const write = (dir: string, prompts: string, more = '') => {
    const config = join(dir, 'mien.yaml');
    writeFileSync(
      config,
      `purpose: testing\nmllm: {enabled: true, prompts: prompts.yaml, engine: {urls: ["http://127.0.0.1:1/v1"], model: m}${more}}\n`,
    );
    file(prompts, dir);
    return config;
  };

  it('is read from beside the configuration', async () => {
    const config = await loadConfig({ file: write(folder(), OWN), env: {} });
    expect(config.mllm!.prompts.describe).toMatchObject({ id: 'tuned-describe@3', imagePx: 224 });
  });

  it('is checked with the configuration: its problems stand beside the others', async () => {
    const path = write(folder(), 'describe: {tokens: 0}\n', ', imagePx: 1');
    const { problems } = await checkConfig({ file: path, env: {} });
    expect(problems.map(({ key }) => key)).toEqual(expect.arrayContaining(['describe.tokens', 'mllm.imagePx']));
  });
});
