import { describe, expect, it } from 'vitest';
import { parseCodedList } from '../../../../src/eval/units/coded-faces.js';
import { codeOf, nameIn } from '../../../../src/eval/units/coded-units.js';

const parse = (text: string, change: Partial<{ image: string; subject: string }> = {}) =>
  parseCodedList(text, 'l.csv', { image: 'image', subject: null, ...change });

describe('parseCodedList', () => {
  it('reads presence and degrees, and what was not coded', () => {
    const { faces, units, hasDegrees } = parse(
      'image,AU12,AU01,AU 4,subject,sex\na.jpg,0,B,,p1,f\nb.jpg,5,9,e,p2,m\nc.jpg,2.5,1,0,,m\n',
    );
    expect(units).toEqual(['1', '4', '12']);
    expect(hasDegrees).toBe(true);
    expect(faces.map(({ image, subject, codes }) => [image, subject, Object.fromEntries(codes)])).toEqual([
      ['a.jpg', 'p1', { 12: 0, 1: 2 }],
      ['b.jpg', 'p2', { 12: 5, 4: 5 }],
      ['c.jpg', null, { 12: 2.5, 1: 1, 4: 0 }],
    ]);
  });

  it('takes a list of 0 and 1 for presence alone', () => {
    expect(parse('image,AU1\na.jpg,1\nb.jpg,0\n').hasDegrees).toBe(false);
  });

  it('names columns as told', () => {
    const { faces } = parse('file,AU1,who\na.jpg,1,p1\n', { image: 'file', subject: 'who' });
    expect(faces[0]).toMatchObject({ image: 'a.jpg', subject: 'p1' });
  });

  it.each<[string, string, RegExp]>([
    ['no units', 'image,label\na.jpg,1\n', /^l\.csv, line 1: no column AU1, AU2 \.\.\. among image, label/],
    ['a side', 'image,AU12L\na.jpg,1\n', /line 1: "AU12L" is no action unit; .*sides/],
    ['one unit twice', 'image,AU1,AU01\na.jpg,1,1\n', /line 1: two columns for AU1/],
    ['no image column', 'file,AU1\na.jpg,1\n', /line 1: no column "image" .*--image-column/],
    ['a row without an image', 'image,AU1\n,1\n', /line 2: no image/],
    ['another code', 'image,AU1\na.jpg,0\n\nb.jpg,F\n', /line 4: AU1 is "F"; write 0 or 1/],
    ['a degree beyond E', 'image,AU1\na.jpg,6\n', /line 2: AU1 is "6"/],
    ['a list that codes nothing', 'image,AU1\na.jpg,\nb.jpg,9\n', /lists no coded images/],
    ['no rows', 'image,AU1\n', /lists no coded images/],
  ])('refuses %s', (_, text, message) => expect(() => parse(text)).toThrow(message));

  it('refuses a subject column that is not there', () => {
    expect(() => parse('image,AU1\na.jpg,1\n', { subject: 'who' })).toThrow(/no column "who" .*--subject-column/);
  });
});

describe('units that stand for each other', () => {
  const code = (codes: Record<string, number>, unit: string) =>
    codeOf({ image: 'a', subject: null, codes: new Map(Object.entries(codes)) }, unit);

  it.each<[Record<string, number>, string, number | undefined]>([
    [{ '26': 2 }, '26', 2],
    [{ '26': 0, '27': 3 }, '26', 3],
    [{ '27': 3 }, '26', 3],
    [{ '27': 0 }, '26', undefined],
    [{ '26': 4 }, '27', undefined],
    [{ '43': 1 }, '45', 1],
    [{ '43': 0, '45': 1 }, '43', 1],
    [{ '1': 1 }, '43', undefined],
  ])('%j: the code of %s is %s', (codes, unit, expected) => expect(code(codes, unit)).toBe(expected));

  it('are found by the other name of closed eyes alone', () => {
    expect(nameIn(['1', '45'], '43')).toBe('45');
    expect(nameIn(['1', '27'], '26')).toBeNull();
  });
});
