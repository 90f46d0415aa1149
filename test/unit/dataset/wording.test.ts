import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  expanded,
  OWN_QUESTIONS,
  parseQuestionBook,
  QUESTION_KINDS,
  question,
  readQuestionBook,
} from '../../../src/dataset/wording.js';

const parsed = (text: string) => parseQuestionBook(text, 'q.yaml');

describe('expanded', () => {
  it('is every combination of choices; braces without a bar are text', () => {
    expect(expanded('{a|b} of {candidates}{.|?}')).toEqual([
      'a of {candidates}.',
      'a of {candidates}?',
      'b of {candidates}.',
      'b of {candidates}?',
    ]);
    expect(() => expanded('{0|1|2|3|4|5|6|7|8|9}'.repeat(5))).toThrow(/more than 20000/);
  });
});

describe('the questions that come with mien', async () => {
  const book = await readQuestionBook(OWN_QUESTIONS);

  it('are at least 100 for emotion and for units, and 12 of each other kind, each beginning a sentence', () => {
    for (const kind of QUESTION_KINDS) {
      const { learn, held } = book[kind]!;
      const all = [...learn, ...held];
      expect(new Set(all).size, kind).toBe(all.length);
      expect(all.length, kind).toBeGreaterThanOrEqual(['emotion', 'units'].includes(kind) ? 100 : 12);
      expect(held.length / all.length, kind).toBeCloseTo(0.2, 1);
      for (const text of all) expect(text).toMatch(/^\p{Lu}.*[.?>]$/u);
    }
  });

  it('never ask in a test part what is asked in the others', () => {
    const asked = (held: boolean) =>
      Array.from({ length: 2000 }, (_, key) =>
        question(book, { kind: 'units', key: String(key), seed: 1, held, candidates: [] }),
      );
    const [learn, held] = [new Set(asked(false)), new Set(asked(true))];
    expect(learn.size).toBeGreaterThan(70);
    expect(held.size).toBeGreaterThan(15);
    expect([...learn].filter((one) => held.has(one))).toEqual([]);
  });

  it('are the same for the same picture and seed', () => {
    const ask = (seed: number) =>
      question(book, { kind: 'choice', key: 'a.jpg', seed, held: false, candidates: ['fear', 'anger'] });
    expect(ask(1)).toBe(ask(1));
    expect(new Set([1, 2, 3, 4, 5, 6].map(ask)).size).toBeGreaterThan(1);
    expect(ask(1)).toContain('fear, anger');
  });

  it('are held back by their words alone: another order of patterns holds back the same', () => {
    const reversed = parsed('held: 0.5\nkinds:\n  emotion: ["What?", "How?", "Why?", "When?"]\n');
    expect(parsed('held: 0.5\nkinds:\n  emotion: ["When?", "Why?", "How?", "What?"]\n')).toEqual(reversed);
    expect(reversed.emotion!.held).toHaveLength(2);
  });
});

describe('parseQuestionBook', () => {
  it.each([
    ['no YAML', 'kinds: [', /^q\.yaml: it is not YAML/],
    ['an unknown kind', 'held: 0.1\nkinds:\n  mood: [What?]\n', /kinds/],
    ['a share of all', 'held: 1\nkinds: {}\n', /held/],
    ['one wording', 'held: 0.1\nkinds:\n  emotion: [What?]\n', /kinds\.emotion: one wording/],
    [
      'no candidates, and a stray brace, at once',
      'held: 0.1\nkinds:\n  compound: ["{Which|What}?"]\n  units: ["{AUs|units?"]\n',
      /kinds\.compound: a pattern without \{candidates\}; .*kinds\.units/,
    ],
  ])('refuses %s', (_, text, message) => {
    expect(() => parsed(text)).toThrow(message);
  });

  it('names a file that is not there, and a kind that a file lacks', async () => {
    await expect(readQuestionBook('none.yaml')).rejects.toMatchObject({ code: 'INPUT_NOT_FOUND' });
    const book = parseQuestionBook(readFileSync(OWN_QUESTIONS, 'utf8'), OWN_QUESTIONS);
    const { units: _, ...others } = book;
    const ask = () => question(others, { kind: 'units', key: 'a', seed: 1, held: false, candidates: [] });
    expect(ask).toThrow(/no kind "units"/);
  });
});
