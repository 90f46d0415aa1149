import { describe, expect, it } from 'vitest';
import { labelFromAnswer } from '../../../../src/mllm/parse/label-from-answer.js';

const FERPLUS = ['angry', 'contempt', 'disgust', 'fear', 'happy', 'neutral', 'sad', 'surprise'];

describe('labelFromAnswer (the rules of UniFER)', () => {
  it.each([
    ['equal to a candidate', '<think>sad or happy</think><answer>Happy</answer>', 'happy'],
    ['containing a candidate, in the order of the list', '<answer>sad, not angry</answer>', 'angry'],
    ['tag without an end', '<think>x</think><answer>fear', 'fear'],
    ['empty tag: the whole response', '<think>it is neutral</think><answer></answer>', 'neutral'],
    ['tag without a candidate: the whole response', 'The face is sad. <answer>unclear</answer>', 'sad'],
    ['word before part of a word', 'A fearless man, but sad', 'sad'],
    ['part of a word', 'He is surprised', 'surprise'],
    ['synonym', 'An expression of terror', 'fear'],
    ['a synonym is a whole word', 'Terrorists', null],
    ['none', 'I cannot tell', null],
    ['nothing', '', null],
  ])('%s', (_, response, label) => {
    expect(labelFromAnswer(response, FERPLUS)).toBe(label);
  });

  it('gives the candidate back as it was written', () => {
    expect(labelFromAnswer('<answer>anger</answer>', ['Anger', 'Happiness'])).toBe('Anger');
    expect(labelFromAnswer('full of joy', ['Anger', 'Happiness'])).toBe('Happiness');
  });
});
