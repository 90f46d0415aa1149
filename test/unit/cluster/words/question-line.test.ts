import { describe, expect, it } from 'vitest';
import { questionLine } from '../../../../src/cluster/words/question-line.js';
import { request } from '../../../support/mllm-builders.js';

describe('questionLine', () => {
  const face = { source: 'front-door', track: 7 };

  it('is camera, face and task', () => {
    expect(questionLine({ request: request({ task: 'describe' }), face }, 'q')).toBe('front-door.7.describe');
  });

  it.each([
    ['a person asks', { request: request({ task: 'asked' }), face }],
    ['it is about no face', { request: request() }],
    ['its source is no camera', { request: request(), face: { source: 'a.b/*', track: 1 } }],
  ])('is of the question alone where %s', (_, call) => {
    expect(questionLine(call, 'q')).toBe('-.q');
  });
});
