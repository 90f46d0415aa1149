import { describe, expect, it } from 'vitest';
import { ItemProblems, parseList } from '../../../../src/eval/benchmarks/annotation-file.js';
import {
  C_EXPR_DB_CLASSES,
  parseCexprVideo,
  parseRafCompound,
  RAF_DB_CLASSES,
} from '../../../../src/eval/benchmarks/compound-files.js';
import { parseFabaFile } from '../../../../src/eval/benchmarks/faba-file.js';
import { parseFeabenchFile } from '../../../../src/eval/benchmarks/feabench-file.js';
import { ferbenchSet, parseFerbenchFile } from '../../../../src/eval/benchmarks/ferbench-file.js';
import { safeImagePath } from '../../../../src/eval/benchmarks/image-path.js';
import { evenSample } from '../../../../src/eval/benchmarks/sample.js';
import { unitList } from '../../../../src/eval/benchmarks/unit-list.js';

const json = (...items: unknown[]): string => JSON.stringify(items);

describe('safeImagePath', () => {
  it.each<[string, string | null]>([
    ['a.png', 'a.png'],
    ['/FERPlus/test/a.png', 'FERPlus/test/a.png'],
    ['C:\\faces\\a.png', 'faces/a.png'],
    ['a/../b.png', 'b.png'],
    ['../a.png', null],
    ['a/../../b.png', null],
    ['..\\..\\b.png', null],
    ['/../etc/passwd', null],
    ['..', null],
    ['.', null],
    ['folder/', null],
    ['a\0.png', null],
    ['x'.repeat(2000), null],
  ])('%s is %s', (name, path) => expect(safeImagePath(name)).toBe(path));
});

describe('unitList', () => {
  it.each<[string | (string | number)[], readonly string[] | null]>([
    ['12, 6', ['6', '12']],
    ['AU1, AU2', ['1', '2']],
    [
      [12, '6', 'AU4'],
      ['4', '6', '12'],
    ],
    ['', []],
    ['6; 6 6', ['6']],
    ['smile', null],
    [[1.5], null],
  ])('%j is %j', (label, units) => expect(unitList(label)).toEqual(units));
});

describe('parseFabaFile', () => {
  const emotion = { image: 'faces/1.jpg', label: 'Happiness', gpt4: 'The face looks happy.', landmark: 'l/1.npy' };
  const units = { image: 'faces/1.jpg', label: '6, 12', gpt4: 'AU6 is there, and AU12.', landmark: 'l/1.npy' };
  const training = (text: string) => ({
    source: 'made up',
    image: 'faces/2.jpg',
    id: 'two',
    conversations: [
      { from: 'human', value: '<image>\nWhat is it?' },
      { from: 'gpt', value: text },
    ],
    landmark: 'l/2.npy',
  });

  it('reads evaluation files: names, EmoLA’s numbers, lists of units', () => {
    const read = (label: unknown) => parseFabaFile(json({ ...emotion, label }), 'e.json', 'emotion')[0]!.truth;
    expect(read('Happiness')).toEqual({ kind: 'emotion', emotion: 'happiness' });
    expect(read('3')).toEqual({ kind: 'emotion', emotion: 'anger' });
    expect(read(6)).toEqual({ kind: 'emotion', emotion: 'fear' });
    expect(parseFabaFile(json(units), 'a.json', 'action units')).toEqual([
      {
        part: 'action units',
        number: 1,
        image: 'faces/1.jpg',
        reference: 'AU6 is there, and AU12.',
        question: null,
        landmark: units.landmark,
        truth: { kind: 'units', units: ['6', '12'], unitsAsPublished: ['6', '12'] },
      },
    ]);
  });

  it('reads training files: the label is what their text names', () => {
    const [face] = parseFabaFile(json(training('A sad face. It shows anguish.')), 't.json', 'emotion');
    expect(face).toMatchObject({
      reference: 'A sad face. It shows anguish.',
      question: 'What is it?',
      landmark: 'l/2.npy',
      truth: { kind: 'emotion', emotion: 'sadness' },
    });
    const [lips] = parseFabaFile(json(training('AU25 parts the lips; AU99 is no unit.')), 't.json', 'action units');
    expect(lips!.truth).toEqual({ kind: 'units', units: ['25'], unitsAsPublished: ['25'] });
  });

  it.each<[string, readonly string[], readonly string[]]>([
    ['1, 2, 12', ['1', '2', '12'], ['1', '2', '12']],
    ['1,2,12', ['1', '2', '12'], []],
    ['AU1, AU12', ['1', '12'], []],
    ['1 2', ['1', '2'], []],
  ])('the label %j, and what EmoLA’s script reads in it', (label, own, published) => {
    const [item] = parseFabaFile(json({ ...units, label }), 'a.json', 'action units');
    expect(item!.truth).toEqual({ kind: 'units', units: own, unitsAsPublished: published });
  });

  it('names every item with a problem', () => {
    const text = json(
      emotion,
      { ...emotion, label: 'bored' },
      { ...emotion, image: '../../secret.jpg' },
      { image: 'x.jpg' },
      {
        ...training(''),
        conversations: [
          { from: 'human', value: 'a' },
          { from: 'human', value: 'b' },
        ],
      },
    );
    expect(() => parseFabaFile(text, 'e.json', 'emotion')).toThrow(
      /^e\.json, item 4: .*; item 2: label: "bored" names no emotion; item 3: image: "..\/..\/secret.jpg" leaves the folder of images; item 5: conversations: no answer/,
    );
  });
});

describe('parseFeabenchFile', () => {
  it('reads image, emotion and units', () => {
    const item = { image: 'v/1.jpg', emotion: 'Happy', action_units: [12, 6] };
    expect(parseFeabenchFile(json(item), 'f.json')).toEqual([
      { part: 'FEABench', number: 1, image: 'v/1.jpg', emotion: 'happiness', units: ['6', '12'] },
    ]);
  });

  it('names every problem', () => {
    const text = json({ image: '../x', emotion: 'contempt', action_units: 'lips' });
    expect(() => parseFeabenchFile(text, 'f.json')).toThrow(/item 1: image.*; item 1: emotion.*; item 1: action_units/);
  });
});

describe('parseFerbenchFile', () => {
  const question = {
    image_path: '/FERPlus/test/angry/fer0032225.png',
    true_label: 'angry',
    prompt: 'Which?',
    candidate_labels: ['angry', 'happy'],
  };

  it('keeps the question’s own words', () => {
    expect(parseFerbenchFile(json(question), 'x/ferplus_qa.json')).toEqual([
      {
        part: 'FERPlus',
        number: 1,
        image: 'FERPlus/test/angry/fer0032225.png',
        prompt: 'Which?',
        candidates: ['angry', 'happy'],
        label: 'angry',
        truth: 4,
      },
    ]);
  });

  it('names all problems, the first twenty in words', () => {
    const bad = { ...question, true_label: 'fear' };
    expect(() => parseFerbenchFile(json(question, bad, { ...question, image_path: '../a' }), 'q.json')).toThrow(
      'q.json, question 2: the true label "fear" is not among its candidate labels; question 3: image_path: "../a" leaves the folder of images',
    );
    expect(() => parseFerbenchFile(json(...Array(30).fill(bad)), 'q.json')).toThrow(/question 20: .*; and 10 more$/);
  });

  it.each([
    ['rafdb_qa.json', 'RAF-DB'],
    ['a/RAF-DB.json', 'RAF-DB'],
    ['ferplus_qa.json', 'FERPlus'],
    ['affectnet_qa.json', 'AffectNet'],
    ['sfew_2.0_qa.json', 'SFEW 2.0'],
    ['mine.json', 'mine'],
  ])('%s is the set %s', (path, set) => expect(ferbenchSet(path)).toBe(set));
});

describe('compound files', () => {
  it('reads RAF-DB’s numbers and names, of one split', () => {
    const text = 'train_0001.jpg 1\ntest_0001.jpg 7\r\ntest_0002_aligned.jpg Sadly Surprised\n';
    expect(parseRafCompound(text, 'l.txt', 'test').map(({ number, image, truth }) => [number, image, truth])).toEqual([
      [2, 'test_0001.jpg', 'fearfully angry'],
      [3, 'test_0002_aligned.jpg', 'sadly surprised'],
    ]);
    expect(parseRafCompound(text, 'l.txt', null)[0]!.truth).toBe('happily surprised');
  });

  it('names the lines of RAF-DB that do not fit', () => {
    expect(() => parseRafCompound('a.jpg 12\nb.jpg\n../c.jpg 1\nd.jpg sad\n', 'l.txt', null)).toThrow(
      'l.txt, line 1: "12" is neither 1 to 11 nor a compound expression; line 2: expected a picture and its class; line 3: "../c.jpg" leaves the folder of images; line 4: "sad" is neither',
    );
  });

  it('reads the frames of a C-EXPR-DB video, without other expressions', () => {
    const items = parseCexprVideo('Fearfully_Surprised,Other\n0\n7\n-1\n6\n', 'v.txt', 'v');
    expect(items.map(({ image, truth }) => [image, truth])).toEqual([
      ['v/00001.jpg', 'fearfully surprised'],
      ['v/00004.jpg', 'sadly angry'],
    ]);
    expect(() => parseCexprVideo('header\n8\nx\n', 'v.txt', 'v')).toThrow(
      'line 2: "8" is not a class: 0 to 7, or -1; line 3',
    );
  });

  it('has eleven and seven classes', () => {
    expect([RAF_DB_CLASSES.length, C_EXPR_DB_CLASSES.length]).toEqual([11, 7]);
    expect(C_EXPR_DB_CLASSES).not.toContain('happily disgusted');
  });
});

describe('lists', () => {
  it.each([
    ['{}', /is not a list of items/],
    ['[]', /lists no images/],
    ['[1', /is not JSON: [^\n]*$/],
  ])('refuses %s', (text, message) => {
    const read = () => parseFabaFile(text, 'l.json', 'emotion');
    expect(read).toThrow(message);
  });

  it('reads at most a million items', () => {
    const text = `[${'0,'.repeat(1_000_000)}0]`;
    const schema = { safeParse: () => ({ success: true, data: 0 }) } as never;
    expect(() => parseList({ text, path: 'l', noun: 'item', schema }, new ItemProblems('l', 'item'))).toThrow(
      /1000001 items; at most 1000000/,
    );
  });
});

describe('evenSample', () => {
  it.each<[number | null, number[]]>([
    [null, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
    [20, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
    [3, [0, 3, 6]],
    [1, [0]],
  ])('takes %s of ten', (limit, expected) =>
    expect(
      evenSample(
        Array.from({ length: 10 }, (_, index) => index),
        limit,
      ),
    ).toEqual(expected),
  );
});
