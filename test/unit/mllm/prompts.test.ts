import { describe, expect, it } from 'vitest';
import { MLLM_TASKS } from '../../../src/domain/insight.js';
import { radians } from '../../../src/domain/units.js';
import { buildRequest } from '../../../src/mllm/prompts/build-request.js';
import { checkTasks, taskPrompts } from '../../../src/mllm/prompts/presets.js';
import { priorsText } from '../../../src/mllm/prompts/priors-text.js';
import type { PromptTemplate } from '../../../src/mllm/prompts/template.js';
import { UNIFER_LABELS, uniferLabel } from '../../../src/mllm/prompts/unifer.js';
import { CAN_ALL, priors } from '../../support/mllm-builders.js';

const FACE = Uint8Array.of(1);
const CONTEXT = Uint8Array.of(2);
const build = (template: PromptTemplate, more: Partial<Parameters<typeof buildRequest>[0]> = {}) =>
  buildRequest({ template, images: [FACE, CONTEXT], priors: null, basic: null, capabilities: CAN_ALL, ...more });
const TEMPLATES = [
  ...MLLM_TASKS.flatMap((task) => [taskPrompts(task).first, taskPrompts(task).next].filter((one) => one !== null)),
  ...(['raf-db', 'affectnet', 'sfew'] as const).map(uniferLabel),
  taskPrompts('compound', { compoundLabels: 'c-expr' }).next!,
];

describe('templates', () => {
  it.each(TEMPLATES.map((template) => [template.id, template] as const))('%s is complete', (id, template) => {
    expect(id).toMatch(/^[a-z-]+@[1-9]\d*$/);
    const { user } = build(template, { priors: priors(), basic: 'anger' });
    expect(user).not.toMatch(/[{}]|\n\s*\n/);
    for (const label of template.candidates) expect(user).toContain(label);
    expect(user).toContain('AU12 lip corner puller, marked');
  });

  it('have the label sets of the data sets', () => {
    expect(Object.values(UNIFER_LABELS).map(({ length }) => length)).toEqual([7, 8, 8, 7]);
    expect(taskPrompts('compound').next!.candidates).toHaveLength(11);
    expect(taskPrompts('compound', { compoundLabels: 'c-expr' }).next!.candidates).toHaveLength(7);
    expect(taskPrompts('question').first).toMatchObject({ imagePx: 224, maxTokens: 1024 });
  });
});

describe('buildRequest', () => {
  it('asks only for what the engine can', () => {
    const template = uniferLabel('ferplus');
    expect(build(template)).toMatchObject({
      labels: template.candidates,
      prefill: '<answer>',
      maxTokens: 1,
      images: [FACE, CONTEXT],
    });
    const none = { ...CAN_ALL, logProbabilities: false, prefill: false, severalImages: false };
    expect(build(template, { capabilities: none })).toMatchObject({
      labels: null,
      prefill: null,
      maxTokens: 24,
      images: [FACE],
    });
  });

  it('leaves out what is empty, and fills in nothing twice', () => {
    const template = {
      ...taskPrompts('emotion').first,
      user: 'A {candidates}\n{priors}\nB {unknown}',
      candidates: ['{basic}'],
    };
    expect(build(template).user).toBe('A {basic}\nB {unknown}');
  });
});

describe('priorsText', () => {
  it('tells active units with names and strengths, strongest first, and a turned head', () => {
    const actionUnits = {
      '12': { presence: 0.9, intensity: 2.4 },
      '12L': { presence: 0.9, intensity: 5 },
      '6': { presence: 0.5, intensity: 4.6 },
      '4': { presence: 0.49, intensity: 5 },
    };
    const pose = { yaw: radians(-0.5), pitch: radians(0.1), roll: radians(0), translationMm: { x: 0, y: 0, z: 0 } };
    expect(priorsText(priors({ actionUnits, pose, sharpness: 0.1 }))).toBe(
      'Measured on this face by instruments, which can be wrong: AU6 cheek raiser, maximal; AU12 lip corner puller, slight; ' +
        'head turned 29 degrees to the right of the picture; the picture is soft.',
    );
  });

  it('says when nothing is active, and nothing when nothing was measured; never the emotion', () => {
    expect(priorsText(priors({ actionUnits: {} }))).toContain('no action unit is active');
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
