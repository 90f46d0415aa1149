import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { agreementCsv, agreementText } from '../../../../src/dataset/describe/agreement-table.js';
import type { DescribedFace } from '../../../../src/dataset/describe/described.js';
import { reviewAgreement } from '../../../../src/dataset/describe/review-agreement.js';
import { type ReviewedText, readReviews, reviewSheet } from '../../../../src/dataset/describe/review-sheet.js';
import { labelledFace } from '../../../../src/dataset/face.js';
import { tempFolders } from '../../../support/temp-folder.js';

const folder = tempFolders();

function described(image: string, expression: string): DescribedFace {
  return {
    face: labelledFace({ image, where: image }),
    facts: { emotion: null, compound: null, expression, units: { coded: ['6', '12'], present: ['6', '12'] } },
    image,
    texts: { summary: `${expression}, "so"`, movement: 'Up.', reasoning: 'So.' },
    tries: 1,
  };
}

const faces = ['a', 'b', 'c', 'd'].flatMap((name) => [
  described(`${name}.jpg`, 'joy'),
  described(`${name}2.jpg`, 'fear'),
]);

describe('the review sheet', () => {
  it('has so many faces of each class, each text on a line, drawn by the seed', () => {
    const sheet = reviewSheet(faces, { each: 2, seed: 1, images: 'faces' });
    const lines = sheet.trimEnd().split('\n');
    expect(lines[0]).toBe('image,picture,class,units,kind,text,reviewer_1,reviewer_2,remark');
    expect(lines).toHaveLength(1 + 2 * 2 * 3);
    expect(lines.filter((line) => line.includes(',fear,')).length).toBe(6);
    expect(lines[1]).toContain(`${resolve('faces')}/`);
    expect(reviewSheet([...faces].reverse(), { each: 2, seed: 1, images: 'faces' })).toBe(sheet);
    expect(reviewSheet(faces, { each: 2, seed: 2, images: 'faces' })).not.toBe(sheet);
  });

  it('is read when it is filled in: one sheet, or a copy from each', async () => {
    const dir = folder();
    const sheet = reviewSheet(faces.slice(0, 1), { each: 1, seed: 1, images: dir });
    const [first, second, both] = ['1', '2', 'both'].map((name) => join(dir, `${name}.csv`)) as [
      string,
      string,
      string,
    ];
    writeFileSync(first, sheet.replaceAll(/,,,\n/g, ',Yes,,\n'));
    writeFileSync(second, sheet.replaceAll(/,,,\n/g, ',,no,\n'));
    writeFileSync(both, sheet.replaceAll(/,,,\n/g, ',yes,no,seen\n'));
    const read = await readReviews([both]);
    expect(read).toEqual(await readReviews([first, second]));
    expect(read).toHaveLength(3);
    expect(read[0]).toEqual({
      image: 'a.jpg',
      class: 'joy',
      units: ['6', '12'],
      kind: 'summary',
      verdicts: [true, false],
    });
  });

  it('all that is wrong is told at once', async () => {
    const dir = folder();
    const sheet = reviewSheet(faces.slice(0, 1), { each: 1, seed: 1, images: dir });
    const [one, other] = [join(dir, 'one.csv'), join(dir, 'other.csv')] as const;
    writeFileSync(one, sheet.replace(/,,,\n/, ',perhaps,yes,\n'));
    writeFileSync(other, sheet.replace(/,,,\n/, ',,no,\n'));
    await expect(readReviews([one, other])).rejects.toMatchObject({
      code: 'USAGE',
      message: `${one}, line 2: reviewer_1 is "perhaps"; write yes or no; ${other}, line 2: reviewer_2 is "no", and the opposite in another sheet`,
    });
    await expect(readReviews([join(dir, 'none.csv')])).rejects.toMatchObject({ code: 'INPUT_NOT_FOUND' });
    writeFileSync(one, 'image,class\n');
    await expect(readReviews([one])).rejects.toMatchObject({ code: 'USAGE' });
    expect(readFileSync(other, 'utf8')).toContain('reviewer_2');
  });
});

describe('agreement of two reviewers', () => {
  const text = (image: string, verdicts: ReviewedText['verdicts'], more: Partial<ReviewedText> = {}): ReviewedText => ({
    image,
    class: 'joy',
    units: ['12'],
    kind: 'movement',
    verdicts,
    ...more,
  });

  it('is told on all texts, by kind, by class and by action unit', () => {
    const rows = reviewAgreement([
      text('a', [true, true]),
      text('b', [true, false]),
      text('c', [false, false], { class: 'fear', units: ['4'] }),
      text('c', [true, true], { class: 'fear', units: ['4'], kind: 'summary' }),
      text('d', [true, null]),
    ]);
    expect(rows.map(({ group, texts }) => [group, texts])).toEqual([
      ['all', 4],
      ['summary', 1],
      ['movement', 3],
      ['reasoning', 0],
      ['fear', 2],
      ['joy', 2],
      ['AU4, movement', 1],
      ['AU12, movement', 2],
    ]);
    const [all, , movement] = rows;
    // Both right 2, one alone 1, neither 1: 0.75 agreed, 0.5 by chance.
    expect(all).toMatchObject({ right: [{ share: 0.75 }, { share: 0.5 }], bothRight: { share: 0.5 }, interval: null });
    expect(all!.kappa).toBeCloseTo(0.5);
    expect(movement!.kappa).toBeCloseTo((2 / 3 - 4 / 9) / (1 - 4 / 9));
    expect(rows.find(({ group }) => group === 'fear')!.kappa).toBeCloseTo(1);
    expect(agreementText(rows).split('\n')[1]).toMatch(/^all +4 {2} 75\.0 % {3}50\.0 % {3}50\.0 % {3}0\.50$/);
    expect(agreementCsv(rows).split('\n').slice(0, 2)).toEqual([
      'group,texts,right_1,right_2,both_right,kappa,kappa_low,kappa_high',
      'all,4,0.75,0.5,0.5,0.5,,',
    ]);
  });

  it('has an interval from ten faces on', () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, at) => text(String(at), [at % 3 > 0, at % 3 > 0 || at % 2 === 0]));
    expect(reviewAgreement(many(9))[0]!.interval).toBeNull();
    const [all] = reviewAgreement(many(30));
    expect(all!.interval![0]).toBeLessThan(all!.kappa!);
    expect(all!.interval![1]).toBeGreaterThan(all!.kappa!);
  });
});
