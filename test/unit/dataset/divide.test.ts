import { describe, expect, it } from 'vitest';
import { type Apart, type Division, divide } from '../../../src/dataset/divide.js';
import { labelledFace } from '../../../src/dataset/face.js';

const people = Array.from({ length: 20 }, (_, index) => `p${index}`);
const faces = people.flatMap((subject, index) =>
  Array.from({ length: 5 + index }, (_, at) => labelledFace({ image: `${subject}/${at}.jpg`, where: 'list', subject })),
);
const subjects = new Map(people.map((subject, index) => [subject, 5 + index]));
const parts = (division: Division, seed = 1, apart: Apart = 'subject') => {
  const divided = divide({ division, apart, seed, subjects });
  return faces.map((face) => divided.of(face).map(({ name }) => name));
};
const share = (names: readonly (readonly string[])[], name: string) =>
  names.filter((own) => own.includes(name)).length / names.length;
const peopleIn = (names: readonly (readonly string[])[], name: string) =>
  new Set(faces.filter((_, at) => names[at]!.includes(name)).map(({ subject }) => subject));

describe('divide', () => {
  it('a share by subject is near the share of faces, and no subject is on both sides', () => {
    for (const seed of [1, 2, 3, 4]) {
      const names = parts({ kind: 'share', test: 0.2 }, seed);
      expect(share(names, 'test')).toBeGreaterThan(0.1);
      expect(share(names, 'test')).toBeLessThan(0.3);
      expect([...peopleIn(names, 'test')].filter((one) => peopleIn(names, 'train').has(one))).toEqual([]);
    }
  });

  it('the seed decides who is for test, and nothing else', () => {
    const test = (seed: number) => [...peopleIn(parts({ kind: 'share', test: 0.2 }, seed), 'test')];
    expect(test(1)).toEqual(test(1));
    expect(test(2)).not.toEqual(test(1));
  });

  it('folds have as many subjects each, and every face is for test once', () => {
    const names = parts({ kind: 'folds', count: 4 });
    for (const own of names) {
      expect(own).toHaveLength(4);
      expect(own.filter((name) => name.endsWith('test'))).toHaveLength(1);
    }
    for (const fold of [1, 2, 3, 4]) expect(peopleIn(names, `fold-${fold}-of-4-test`).size).toBe(5);
  });

  it('by picture, subjects may be on both sides', () => {
    const names = parts({ kind: 'share', test: 0.3 }, 1, 'picture');
    expect(share(names, 'test')).toBeCloseTo(0.3, 0);
    expect([...peopleIn(names, 'test')].some((one) => peopleIn(names, 'train').has(one))).toBe(true);
  });

  it('published folds refuse a person of none of them', () => {
    expect(() => parts({ kind: 'published', folds: [['p0'], ['p1']] })).toThrow(/p2 is in none of the published folds/);
  });

  it('one subject cannot be divided', () => {
    const one = {
      division: { kind: 'share', test: 0.5 },
      apart: 'subject',
      seed: 1,
      subjects: new Map([['p', 9]]),
    } as const;
    expect(() => divide(one)).toThrow(/1 subjects cannot be divided; use --apart picture/);
  });
});
