import { describe, expect, it } from 'vitest';
import { amongCandidates } from '../../../src/eval/affect-network.js';
import { parseCsvList } from '../../../src/eval/csv-list.js';
import { parseQuestions } from '../../../src/eval/ferbench-questions.js';
import { emotionIndex } from '../../../src/eval/labels.js';

describe('emotionIndex', () => {
  it.each([
    ['neutral', 0],
    ['happy', 1],
    [' Happiness ', 1],
    ['sad', 3],
    ['ANGRY', 4],
    ['contempt', 7],
    ['bored', undefined],
  ])('%s is %s', (label, index) => expect(emotionIndex(label)).toBe(index));
});

const question = (change: Record<string, unknown> = {}) => ({
  image_path: '/FERPlus/test/angry/fer0032225.png',
  true_label: 'angry',
  prompt: 'Which?',
  candidate_labels: ['angry', 'happy'],
  ...change,
});

describe('parseQuestions', () => {
  it('takes the name of the picture, the label and the candidates', () => {
    expect(parseQuestions(JSON.stringify([question()]), 'q.json')).toEqual([
      { image: 'fer0032225.png', truth: 4, candidates: [4, 1] },
    ]);
  });

  it.each<[string, string, RegExp]>([
    ['no JSON', 'oops', /^q\.json is not JSON/],
    ['no list', '{}', /^q\.json is not a list/],
    ['nothing', '[]', /^q\.json lists no images/],
    [
      'a label that is no emotion',
      JSON.stringify([question(), question({ true_label: 'bored' })]),
      /question 2: "bored"/,
    ],
    [
      'a truth that is no candidate',
      JSON.stringify([question({ true_label: 'fear' })]),
      /question 1: the true label "fear"/,
    ],
    ['a question without a picture', JSON.stringify([question({ image_path: undefined })]), /question 1: image_path/],
  ])('refuses %s', (_, text, message) => expect(() => parseQuestions(text, 'q.json')).toThrow(message));
});

describe('parseCsvList', () => {
  const columns = { image: 'image', label: 'label' };

  it('reads columns by their names, with quotes, other columns and both line ends', () => {
    const text = '\uFEFFid,label,image\r\n1,happy,"a, b.jpg"\r\n\r\n2,fear,"say ""hi"".png"\r\n';
    expect(parseCsvList(text, 'l.csv', columns)).toEqual([
      { image: 'a, b.jpg', truth: 1, candidates: null },
      { image: 'say "hi".png', truth: 6, candidates: null },
    ]);
  });

  it.each<[string, string, RegExp]>([
    ['a missing column', 'file,label\na.jpg,fear\n', /line 1: no column "image" among file, label; .*--image-column/],
    [
      'a label that is no emotion, by its line',
      'image,label\n\n"a\n.jpg",fear\nb.jpg,bored\n',
      /l\.csv, line 5: "bored"/,
    ],
    ['a row without a picture', 'image,label\n,fear\n', /line 2: no image/],
    ['a quote that is never closed', 'image,label\n"a.jpg,fear\n', /line 2: a quoted field/],
    ['no rows', 'image,label\n', /lists no images/],
  ])('refuses %s', (_, text, message) => expect(() => parseCsvList(text, 'l.csv', columns)).toThrow(message));
});

describe('amongCandidates', () => {
  const probabilities = [0.5, 0.2, 0.2, 0.1, 0, 0, 0, 0];
  it('keeps all without candidates', () => expect(amongCandidates(probabilities, null)).toEqual(probabilities));
  it('scales the candidates to sum 1', () =>
    expect(amongCandidates(probabilities, [1, 3, 2])).toEqual([0, 0.4, 0.4, 0.2, 0, 0, 0, 0]));
  it('is even among candidates that all have probability 0', () =>
    expect(amongCandidates(probabilities, [6, 7])).toEqual([0, 0, 0, 0, 0, 0, 0.5, 0.5]));
});
