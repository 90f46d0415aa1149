import { describe, expect, test } from 'vitest';
import { countPictures, type DecodeFacts, fallsShort, judgeDecode } from '../../../src/source/judge-decode.js';

const packet = (ptsSeconds: number | null, discarded = false) => ({ ptsSeconds, endSeconds: ptsSeconds, discarded });

test('pictures before the first that could be decoded are counted apart, with those shown before it', () => {
  const packets = [0, 1, 2, 5, 3, 4, 6].map((pts) => packet(pts));
  expect(countPictures(packets, 5)).toEqual({ before: 5, from: 2 });
  expect(countPictures([packet(0, true), packet(1)], 1)).toEqual({ before: 0, from: 1 });
  expect(countPictures([packet(null), packet(null)], 0)).toEqual({ before: 0, from: 2 });
});

describe('damage is lost pictures, not a complaint', () => {
  const whole: DecodeFacts = {
    complaints: 0,
    brokenPictures: 0,
    decodedPictures: 60,
    pictures: null,
    undeclaredEnd: false,
    endsEarly: false,
  };
  const pictures = (from: number, before = 0) => ({ before, from });
  test.each<{ what: string; facts: Partial<DecodeFacts>; damage: RegExp | null; notes: number }>([
    { what: 'nothing said', facts: {}, damage: null, notes: 0 },
    {
      what: 'complaints, all pictures read',
      facts: { complaints: 18, pictures: pictures(60) },
      damage: null,
      notes: 1,
    },
    { what: 'begins mid-GOP', facts: { complaints: 40, pictures: pictures(60, 18) }, damage: null, notes: 1 },
    { what: 'one lost', facts: { complaints: 1, pictures: pictures(61) }, damage: /1 picture is missing/, notes: 0 },
    { what: 'patched', facts: { brokenPictures: 3 }, damage: /3 pictures are missing or broken/, notes: 0 },
    { what: 'last one cut', facts: { brokenPictures: 1, undeclaredEnd: true }, damage: null, notes: 1 },
    { what: 'two lost', facts: { brokenPictures: 2, undeclaredEnd: true }, damage: /2 pictures/, notes: 0 },
    { what: 'ends early', facts: { endsEarly: true }, damage: /ends before/, notes: 0 },
  ])('$what', ({ facts, damage, notes }) => {
    const verdict = judgeDecode({ ...whole, ...facts });
    if (damage === null) expect(verdict.damage).toBeNull();
    else expect(verdict.damage).toMatch(damage);
    expect(verdict.notes).toHaveLength(notes);
  });
});

test('a file falls short when nothing in it reaches the declared end', () => {
  expect(fallsShort({ declaredEndSeconds: 12, lastEndSeconds: 11.6 })).toBe(false);
  expect(fallsShort({ declaredEndSeconds: 12, lastEndSeconds: 7 })).toBe(true);
});
