import { describe, expect, it } from 'vitest';
import { emotionFromText } from '../../../../src/mllm/parse/emotion-from-text.js';

describe('emotionFromText (the rules of EmoLA)', () => {
  it.each([
    ['the first listed word of the first sentence', 'The person looks cheerful, then sad.', 'happiness'],
    ['a word in two lists goes to the earlier class', 'A look of curiosity.', 'surprise'],
    ['a negated sentence is left out', 'The man is not happy. His mouth shows disgust.', 'disgust'],
    [
      '"no" inside a word also leaves a sentence out, as published',
      'The nose is wrinkled in disgust. He is calm.',
      'neutral',
    ],
    ['all sentences negated: the whole text is used', 'This is not anger.', 'anger'],
    [
      'nothing in the first sentence: the most frequent class of the others',
      'A man at a table. His eyes show sadness. There is crying. There is joy.',
      'sadness',
    ],
    ['equal counts: the first in the order of classes', 'A face. Fear. Surprise.', 'surprise'],
    ['upper case', 'HAPPINESS', 'happiness'],
    ['a word is whole: "unhappyish" is none', 'A face that is unhappyish.', null],
    ['no word of any list', 'A face looks at the camera.', null],
    ['an empty text', '', null],
  ])('%s', (_, text, emotion) => {
    expect(emotionFromText(text)).toBe(emotion);
  });
});
