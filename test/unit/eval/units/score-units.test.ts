import { describe, expect, it } from 'vitest';
import { aucOf, icc31, meanAbsoluteError } from '../../../../src/eval/units/agreement.js';
import type { CodedFace } from '../../../../src/eval/units/coded-faces.js';
import { scoreUnits } from '../../../../src/eval/units/score-units.js';
import { seen, UNSEEN } from '../../../support/still-readings.js';

describe('agreement', () => {
  it('counts ties half in the area under the curve, and pictures as often as told', () => {
    const auc = aucOf({ scores: [0.1, 0.4, 0.4, 0.9], present: [false, false, true, true] });
    expect(auc(null)).toBe(0.875);
    expect(auc([0, 1, 1, 0])).toBe(0.5);
    expect(auc([1, 1, 0, 0])).toBeNaN();
  });

  it('is ICC(3,1) as Shrout and Fleiss define it', () => {
    // Judges 1 and 2 of their table 2: mean squares 4.6833 between the subjects, 0.6833 left.
    expect(icc31([9, 6, 8, 7, 10, 6], [2, 1, 4, 1, 5, 2])).toBeCloseTo(4 / 5.36667, 5);
    expect(icc31([1, 2, 3], [2, 3, 4])).toBe(1);
    expect(icc31([1, 1], [1, 1])).toBeNaN();
    expect(meanAbsoluteError([1, 2], [2, 4])).toBe(1.5);
  });
});

/** Codes and what mien says of them: presence by unit, or null for a face that was not found. */
const scored = (
  rows: readonly (readonly [Record<string, number>, Record<string, number> | null, string?])[],
  presentFrom = 1,
) => {
  const faces = rows.map(
    ([codes, , subject], at): CodedFace => ({
      image: `${at}.png`,
      subject: subject ?? null,
      codes: new Map(Object.entries(codes)),
    }),
  );
  const units = [...new Set(rows.flatMap(([codes]) => Object.keys(codes)))];
  const hasDegrees = rows.some(([codes]) => Object.values(codes).some((degree) => degree > 1));
  return scoreUnits({
    list: { faces, units, hasDegrees },
    readings: rows.map(([, presence]) => (presence ? seen(presence) : UNSEEN)),
    units: ['12', '26', '27', '45'],
    presentFrom,
  });
};

describe('scoreUnits', () => {
  it('tells presence apart, and counts a face that was not read as claiming nothing', () => {
    const { units, neutral } = scored([
      [{ '12': 3 }, { '12': 0.9 }],
      [{ '12': 1 }, { '12': 0.4 }],
      [{ '12': 2 }, null],
      [{ '12': 0 }, { '12': 0.6 }],
      [{ '12': 0 }, { '12': 0.1 }],
    ]);
    const [smile] = units;
    expect(smile).toMatchObject({ unit: '12', readAs: '12', coded: 5, present: 3, read: 4, auc: 0.75 });
    expect(smile).toMatchObject({ precision: 0.5, recall: 1 / 3, f1: 0.4 });
    expect(smile!.meanAbsoluteError).toBeCloseTo((1.5 + 1 + 3 + 0.5) / 4);
    expect(neutral).toBe(2);
    expect(smile!.onNeutral).toMatchObject({ present: 1, share: 0.5 });
  });

  it('counts as present from the degree it is told', () => {
    const rows = [
      [{ '12': 1 }, { '12': 0.9 }],
      [{ '12': 2 }, { '12': 0.9 }],
    ] as const;
    expect(scored(rows).units[0]!.present).toBe(2);
    expect(scored(rows, 2).units[0]!.present).toBe(1);
  });

  it('gives no degrees where the list has none', () => {
    const [smile] = scored([
      [{ '12': 1 }, { '12': 0.9 }],
      [{ '12': 0 }, { '12': 0.1 }],
    ]).units;
    expect([smile!.icc, smile!.meanAbsoluteError]).toEqual([null, null]);
  });

  it('draws people, not pictures, for its intervals, and the same ones each time', () => {
    const rows = Array.from({ length: 40 }, (_, at) => {
      const right = at % 4 !== 0;
      const smile = at % 2;
      return [{ '12': smile }, { '12': right === (smile === 1) ? 0.9 : 0.1 }, `p${at % 4}`] as const;
    });
    const people = scored(rows);
    expect(people.resampled).toBe('subjects');
    expect(scored(rows)).toEqual(people);
    const pictures = scored(rows.map(([codes, presence]) => [codes, presence] as const));
    expect(pictures.resampled).toBe('images');
    const width = ([low, high]: readonly [number, number]) => high - low;
    // Each person's ten pictures are alike: four people tell less than forty pictures.
    expect(width(people.units[0]!.f1Interval!)).toBeGreaterThan(width(pictures.units[0]!.f1Interval!));
  });

  it('takes the means of the papers, and names what is missing', () => {
    const { papers, notRead, units } = scored([
      [
        { '12': 1, '26': 0, '27': 1, '43': 1, '4': 1 },
        { '12': 0.9, '26': 0.9, '27': 0.9, '45': 0.8 },
      ],
      [
        { '12': 0, '26': 0, '27': 0, '43': 0, '4': 0 },
        { '12': 0.1, '26': 0.2, '27': 0.2, '45': 0.1 },
      ],
    ]);
    expect(notRead).toEqual([{ unit: '4', present: 1 }]);
    expect(units.map(({ unit, readAs, f1 }) => [unit, readAs, f1])).toEqual([
      ['12', '12', 1],
      ['26', '26', 1],
      ['27', '27', 1],
      ['43', '45', 1],
    ]);
    const [faba, , bp4d, disfa] = papers;
    expect(faba).toMatchObject({ units: ['4', '12', '26', '43'], notRead: ['4'], f1: 0.75, f1OfRead: 1, aucOfRead: 1 });
    expect(faba!.notCoded).toEqual(['1', '2', '5', '6', '10', '17', '24', '25']);
    expect(bp4d).toMatchObject({ units: ['4', '12'], notRead: ['4'], f1: 0.5 });
    expect(disfa).toMatchObject({ units: ['4', '12', '26'] });
  });
});
