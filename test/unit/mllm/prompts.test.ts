import { describe, expect, it } from 'vitest';
import { longestJson } from '../../../src/domain/answer-length.js';
import { MLLM_TASKS } from '../../../src/domain/insight.js';
import type { PromptTemplate } from '../../../src/domain/prompt-template.js';
import { radians } from '../../../src/domain/units.js';
import { buildRequest } from '../../../src/mllm/prompts/build-request.js';
import { compoundExpression } from '../../../src/mllm/prompts/compound.js';
import { checkTasks, taskPrompt } from '../../../src/mllm/prompts/presets.js';
import { priorsText } from '../../../src/mllm/prompts/priors-text.js';
import { UNIFER_LABELS, uniferQuestion } from '../../../src/mllm/prompts/unifer.js';
import { CAN_ALL, priors } from '../../support/mllm-builders.js';

const FACE = Uint8Array.of(1);
const CONTEXT = Uint8Array.of(2);
const build = (template: PromptTemplate, more: Partial<Parameters<typeof buildRequest>[0]> = {}) =>
  buildRequest({ template, images: [CONTEXT, FACE], priors: null, capabilities: CAN_ALL, ...more });
const TEMPLATES = [
  ...MLLM_TASKS.map((task) => taskPrompt(task)),
  ...(['raf-db', 'affectnet', 'sfew'] as const).map(uniferQuestion),
  ...(['raf-db', 'c-expr'] as const).map(compoundExpression),
];
const BY_LABEL: PromptTemplate = {
  ...uniferQuestion('ferplus'),
  form: { kind: 'choice', choices: UNIFER_LABELS.ferplus },
  labelPath: true,
  prefill: '<answer>',
  maxTokens: 1,
};

describe('templates', () => {
  it.each(TEMPLATES.map((template) => [template.id, template] as const))('%s is complete', (id, template) => {
    expect(id).toMatch(/^[a-z-]+@[1-9]\d*$/);
    const { user } = build(template, { priors: priors() });
    expect(user).not.toMatch(/[{}]|\n\s*\n/);
    for (const label of template.candidates) expect(user).toContain(label);
    expect(user).toContain('AU12 lip corner puller, marked');
  });

  it.each(TEMPLATES.map((template) => [template.id, template] as const))(
    '%s holds its answer to a form',
    (_, { form }) => {
      expect(form.kind).not.toBe('words');
    },
  );

  it.each([
    ['emotion', `Happiness. ${'x'.repeat(400)}`],
    ['emotion', 'Cannot tell. Too dark.'],
    ['action-units', 'No action unit is active.'],
    ['action-units', Array.from({ length: 12 }, () => `AU12: ${'x'.repeat(100)}`).join('\n')],
    ['question', `<think>${'x'.repeat(1200)}</think><answer>surprise</answer>`],
  ] as const)('%s: the longest answer of its form has room: %#', (task, answer) => {
    const { form, maxTokens } = taskPrompt(task);
    expect(form.kind === 'regex' && new RegExp(`^(?:${form.pattern})$`).test(answer)).toBe(true);
    expect(maxTokens * 2.5).toBeGreaterThanOrEqual(answer.length);
  });

  it('describe: labels come first, and the longest answer of its schema has room', () => {
    const { form, maxTokens } = taskPrompt('describe');
    if (form.kind !== 'json') throw new Error(form.kind);
    expect(Object.keys(form.schema.properties as object).slice(0, 4)).toEqual([
      'emotion',
      'second_emotion',
      'degree',
      'action_units',
    ]);
    const answer = {
      emotion: 'cannot tell',
      second_emotion: 'happiness',
      degree: 'maximal',
      action_units: Array.from({ length: 20 }, () => 69),
      summary: 'x'.repeat(240),
      movement: 'x'.repeat(400),
      reasoning: 'x'.repeat(400),
    };
    const spaced = JSON.stringify(answer).replaceAll(',', ', ').replaceAll(':', ': ');
    expect(longestJson(form.schema)).toBeGreaterThanOrEqual(spaced.length);
    expect(longestJson(form.schema)).toBeLessThan(spaced.length + 20);
    expect(maxTokens * 2.5).toBeGreaterThanOrEqual(spaced.length);
  });

  it('have the label sets of the data sets', () => {
    expect(Object.values(UNIFER_LABELS).map(({ length }) => length)).toEqual([7, 8, 8, 7]);
    expect(taskPrompt('compound').candidates).toHaveLength(12);
    expect(compoundExpression('raf-db').candidates).toHaveLength(11);
    expect(compoundExpression('c-expr').candidates).toHaveLength(7);
    expect(taskPrompt('question')).toMatchObject({ imagePx: 224, maxTokens: 1024 });
  });
});

describe('longestJson', () => {
  it.each([
    [{ type: 'string' }, null],
    [{ type: 'string', maxLength: 5 }, 7],
    [{ enum: ['a', 'long one'] }, 10],
    [{ type: 'integer', maximum: 69 }, 2],
    [{ type: 'array', items: { type: 'boolean' }, maxItems: 3 }, 23],
    [{ type: 'array', items: { type: 'boolean' } }, null],
    [{ type: 'object', properties: { a: { type: 'boolean' }, b: { type: 'number' } } }, null],
    [true, null],
  ])('%j', (schema, chars) => {
    expect(longestJson(schema)).toBe(chars);
  });
});

describe('buildRequest', () => {
  it('asks only for what the engine can', () => {
    expect(build(BY_LABEL)).toMatchObject({
      labels: BY_LABEL.candidates,
      prefill: '<answer>',
      form: { kind: 'choice' },
      maxTokens: 1,
      images: [CONTEXT, FACE],
    });
    const none = { ...CAN_ALL, logProbabilities: false, prefill: false, choice: false, severalImages: false };
    expect(build(BY_LABEL, { capabilities: none })).toMatchObject({
      labels: null,
      prefill: null,
      form: { kind: 'words' },
      maxTokens: 24,
      images: [FACE],
    });
  });

  it.each([
    ['describe', 'jsonSchema'],
    ['question', 'regex'],
    ['compound', 'choice'],
  ] as const)('%s goes without its form where the engine has no %s', (task, capability) => {
    const template = taskPrompt(task);
    expect(build(template).form).toEqual(template.form);
    expect(build(template, { capabilities: { ...CAN_ALL, [capability]: false } }).form).toEqual({ kind: 'words' });
  });

  it('leaves out what is empty, and fills in nothing twice', () => {
    const template = {
      ...taskPrompt('emotion'),
      user: 'A {candidates}\n{priors}\nB {unknown}',
      candidates: ['{priors}'],
    };
    expect(build(template).user).toBe('A {priors}\nB {unknown}');
  });
});

describe('priorsText', () => {
  it('tells active units with names and strengths, strongest first, and a turned head', () => {
    const actionUnits = {
      '12': { presence: 0.9, intensity: 2.4 },
      '12L': { presence: 0.9, intensity: 5 },
      '6': { presence: 0.5, intensity: 4.6 },
      '4': { presence: 0.49, intensity: 5 },
      '9': { presence: 0.1, intensity: 0 },
    };
    const pose = { yaw: radians(-0.5), pitch: radians(0.1), roll: radians(0), translationMm: { x: 0, y: 0, z: 0 } };
    expect(priorsText(priors({ actionUnits, pose, sharpness: 0.1 }))).toBe(
      'Measured on this face by instruments, which can be wrong: active are AU6 cheek raiser, maximal; AU12 lip corner ' +
        'puller, slight; not active are AU9 nose wrinkler; head turned 29 degrees to the right of the picture; the picture ' +
        'is soft. Of other movements nothing is told here: judge them from the picture.',
    );
  });

  it('says of no unit that is not measured anything, and never the emotion', () => {
    expect(priorsText(priors({ actionUnits: {} }))).toBe('');
    expect(priorsText(priors({ actionUnits: { '4': { presence: 0.1, intensity: 0 } } }))).toContain(
      ': not active are AU4 brow lowerer.',
    );
    expect(priorsText(priors({ actionUnits: null }))).toBe('');
    expect(priorsText(priors())).not.toMatch(/happ/);
  });
});

describe('checkTasks', () => {
  it.each([
    [[], false, 'mllm tasks: no task is given; choose from emotion, action-units, describe, question, compound'],
    [['mood'], false, 'mllm tasks: "mood" is given; choose from emotion, action-units, describe, question, compound'],
    [
      ['emotion', 'emotion'],
      false,
      'mllm tasks: a task is given twice; choose from emotion, action-units, describe, question, compound',
    ],
    [['describe'], true, 'mllm tasks in the AU-only mode: "describe" is given; choose from action-units'],
  ])('%j, AU-only %s', (tasks, auOnly, message) => {
    expect(() => checkTasks(tasks, { auOnly })).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID', message }));
  });

  it('takes the others', () => {
    expect(checkTasks(['describe', 'question'], { auOnly: false })).toEqual(['describe', 'question']);
    expect(checkTasks(['action-units'], { auOnly: true })).toEqual(['action-units']);
  });
});
