import { describe, expect, it } from 'vitest';
import type { MllmTask } from '../../../../src/domain/insight.js';
import { findJson } from '../../../../src/mllm/parse/find-json.js';
import { parseAnswer } from '../../../../src/mllm/parse/parse-answer.js';
import { taskPrompt } from '../../../../src/mllm/prompts/presets.js';

describe('findJson of an answer that was cut off', () => {
  it.each([
    ['{"emotion":"anger","summary":"The fa', { emotion: 'anger', summary: 'The fa…' }],
    ['{"emotion":"anger","action_units":[4, 2', { emotion: 'anger', action_units: [4] }],
    ['{"emotion":"anger","action_units":[4, 7]', { emotion: 'anger', action_units: [4, 7] }],
    ['{"emotion":"anger","action_units":[', { emotion: 'anger', action_units: [] }],
    ['{"emotion":"anger","sum', { emotion: 'anger' }],
    ['{"emotion":"anger","summary":', { emotion: 'anger' }],
    ['{"emotion":"anger","sure":tru', { emotion: 'anger' }],
    ['Here:\n```json\n{"emotion":"anger","summary":"a \\"b\\', { emotion: 'anger', summary: 'a "b…' }],
    ['{"emotion":"anger","summary":"caf\\u00e', { emotion: 'anger', summary: 'caf…' }],
    ['{"a":[{"au":4,"cue":"brows"},{"au":7', { a: [{ au: 4, cue: 'brows' }, {}] }],
    ['{"emo', null],
    ['{', null],
    [`${'['.repeat(5)}{${'{"a":'.repeat(30)}`, null],
  ])('%j', (text, object) => {
    expect(findJson(text)).toEqual(object);
  });
});

describe('a cut answer', () => {
  const parse = (task: MllmTask, text: string) =>
    parseAnswer({
      task,
      answer: { text, labelProbabilities: null },
      candidates: taskPrompt(task).candidates,
      prefill: null,
    });
  const whole = JSON.stringify({
    emotion: 'surprise',
    second_emotion: 'fear',
    degree: 'strong',
    action_units: [1, 2, 26],
    summary: 'A startled face.',
    movement: 'The brows are raised and the jaw has dropped.',
    reasoning: 'AU1 and AU2 with AU26 speak for surprise.',
  });

  it('keeps what it has at every length, gives no wrong label, and never shows raw JSON', () => {
    for (let length = 1; length <= whole.length; length += 1) {
      const { emotion, secondEmotion, degree, claimedActionUnits, description, parsed } = parse(
        'describe',
        whole.slice(0, length),
      );
      const label = length >= whole.indexOf('"surprise') + '"surprise'.length;
      expect(emotion, `${length}`).toBe(label ? 'surprise' : null);
      if (label) expect(parsed).toBe('json');
      expect([null, 'fear']).toContain(secondEmotion);
      expect([null, 'strong']).toContain(degree);
      for (const unit of claimedActionUnits) expect(['1', '2', '26']).toContain(unit);
      expect(description ?? '').not.toMatch(/[{}[\]"]/);
    }
    expect(parse('describe', whole)).toMatchObject({ secondEmotion: 'fear', degree: 'strong', cannotTell: false });
  });

  it('shows the texts of a JSON object it cannot read, not its brackets', () => {
    expect(parse('describe', '{"title":"A face.","n":3,"notes":["blue sky"]}')).toMatchObject({
      parsed: 'unparsable',
      description: 'A face. blue sky',
    });
    expect(parse('emotion', '{"expression":["a"')).toMatchObject({ parsed: 'unparsable', description: 'a' });
  });

  it.each([
    [
      'describe',
      '{"emotion":"cannot tell","summary":"Too dark."}',
      { emotion: null, cannotTell: true, parsed: 'json' },
    ],
    ['emotion', 'Cannot tell. The hand hides a smile.', { emotion: null, cannotTell: true, parsed: 'text' }],
    ['question', '<think>Hm.</think><answer>I cannot tell</answer>', { emotion: null, cannotTell: true }],
    ['describe', '{"emotion":"anger","second_emotion":"anger","degree":"huge"}', { secondEmotion: null, degree: null }],
  ] as const)('%s: %s', (task, text, read) => {
    expect(parse(task, text)).toMatchObject(read);
  });
});
