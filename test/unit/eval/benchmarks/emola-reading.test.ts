import { describe, expect, it } from 'vitest';
import { emolaEmotion, emolaUnits, hasEmolaWord } from '../../../../src/eval/benchmarks/emola-reading.js';

const FABA = ['1', '2', '4', '5', '6', '10', '12', '17', '24', '25', '26', '43'];

describe('emolaEmotion (the published script)', () => {
  it.each([
    ['the first listed word of the first sentence', 'The person looks cheerful, then sad.', 'happiness'],
    ['a word in two lists goes to the earlier class', 'A look of curiosity.', 'surprise'],
    ['a negated sentence is left out', 'The man is not happy. His mouth shows disgust.', 'disgust'],
    ['"no" inside a word leaves a sentence out', 'The nose is wrinkled in disgust. He is calm.', 'neutral'],
    ['"isn’t" counts with a space after it', "It isn't. He is calm.", 'neutral'],
    ['all sentences negated: the whole text', 'This is not anger.', 'anger'],
    ['most frequent of the rest', 'A man at a table. His eyes show sadness. There is crying. There is joy.', 'sadness'],
    ['equal counts: the first in the order of classes', 'A face. Fear. Surprise.', 'surprise'],
    ['no word: happiness, the first class', 'A face looks at the camera.', 'happiness'],
    ['a hyphen ends a word', 'This is a happy-looking face. There is a hint of sadness and distress.', 'happiness'],
    ['and so on', 'The face is wide-eyed, surprise-like. A little fear and anxiety show.', 'surprise'],
    ['"!" is no gap: "no" leaves all of it out', 'There is no joy! The face shows anger.', 'happiness'],
    ['a line end is none either', 'There is no anger here\nThe lips show joy. The brow shows fear and worry.', 'fear'],
    [
      'the first sentence ends at any "."',
      'The mouth is open about 0.5 cm, which is surprise. There is joy, warmth and a smile.',
      'happiness',
    ],
    ['an abbreviation is no gap', 'He looks like, e.g. no one, calm. Anger shows.', 'anger'],
    ['no sentence end: an error there', 'The person appears happy', null],
    ['a line break before the first end: an error there', 'Emotion analysis:\n\nThe person looks angry.', null],
    ['an empty text: an error there', '', null],
  ])('%s', (_, text, emotion) => {
    expect(emolaEmotion(text)).toBe(emotion);
  });

  it('tells texts without any listed word', () => {
    expect([hasEmolaWord('An Irate face'), hasEmolaWord('An angry face')]).toEqual([true, false]);
  });
});

describe('emolaUnits (the published pattern)', () => {
  it.each([
    ['AU12 and AU6, with AU25 slightly', ['6', '12', '25']],
    ['AU06 and AU12', ['12']],
    ['AU012', []],
    ['AU4 is absent', ['4']],
    ['There is no AU4. AU12 is absent.', ['4', '12']],
    ['AU99, AU7 and AU10', ['10']],
    ['AU 12, Action Unit 4, au12, AUs 1, 2 and 5', []],
    ['AU6+12', ['6']],
    ['AU1-4', ['1']],
    ['AU1-AU4', ['1', '4']],
    ['FAU12', ['12']],
    ['', []],
  ])('%s', (text, units) => {
    expect(emolaUnits(text, FABA)).toEqual(units);
  });
});
