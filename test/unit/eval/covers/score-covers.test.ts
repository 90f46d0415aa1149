import { describe, expect, it } from 'vitest';
import { FACE_PARTS, type FaceCover, type FacePart, perPart } from '../../../../src/domain/face-parts.js';
import { coversMarkdown, coversTerminalLines } from '../../../../src/eval/covers/cover-lines.js';
import { parseCoverList } from '../../../../src/eval/covers/cover-list.js';
import type { StillCover } from '../../../../src/eval/covers/cover-reader.js';
import { COVER_LIMITS, scoreCovers } from '../../../../src/eval/covers/score-covers.js';
import { IN_FLOAT, ON_PROCESSOR } from '../../../support/settled.js';

const parse = (text: string, by: readonly string[] = []) =>
  parseCoverList(text, 'l.csv', { image: 'image', subject: null, by });

/** A face of which so much of each part is seen; parts not named are seen whole. */
function reading(visible: Partial<Record<FacePart, number>>): StillCover {
  const parts = perPart((part) => ({ visible: visible[part] ?? 1, covered: (visible[part] ?? 1) < 0.5 }));
  const cover: FaceCover = { share: 1, ...parts };
  return { validity: 'ok', cover };
}
const UNREAD: StillCover = { validity: 'profile', cover: null };

describe('parseCoverList', () => {
  it('reads the parts that have a column, where they were judged', () => {
    const { parts, faces } = parse('image,chin,mouth,thing\na.png,0,0.25,mask\nb.png,,1,\n', ['thing']);
    expect(parts).toEqual(FACE_PARTS.filter((part) => part === 'mouth' || part === 'chin'));
    expect(faces.map(({ visible, groups }) => [[...visible], groups])).toEqual([
      [
        [
          ['mouth', 0.25],
          ['chin', 0],
        ],
        ['mask'],
      ],
      [[['mouth', 1]], [null]],
    ]);
  });

  it.each<[string, string, RegExp]>([
    ['no part', 'image,lips\na,1\n', /line 1: no column of rightBrow, .* among image, lips; name the judged parts so/],
    ['more than all of it', 'image,mouth\na,2\n', /line 2: mouth is "2"; write how much of it is seen, 0 covered to 1/],
    ['a word', 'image,mouth\na,1\nb,covered\n', /line 3: mouth is "covered"/],
    ['nothing judged', 'image,mouth\na,\n', /lists no judged images/],
    ['no image', 'image,mouth\n,1\n', /line 2: no image is named/],
  ])('refuses %s', (_, text, message) => expect(() => parse(text)).toThrow(message));
});

describe('scoreCovers', () => {
  const list = parse(
    [
      'image,mouth,nose,thing',
      'a.png,0,1,mask',
      'b.png,0.35,0.5,hand',
      'c.png,1,1,',
      'd.png,0.9,1,',
      'e.png,1,1,',
      'f.png,0,0,mask',
    ].join('\n'),
    ['thing'],
  );
  const readings = [
    reading({ mouth: 0.1 }),
    reading({ mouth: 0.7, nose: 0.4 }),
    reading({ mouth: 0.4 }),
    reading({}),
    reading({ mouth: 0.8 }),
    UNREAD,
  ];
  const scored = scoreCovers({ list, readings, by: ['thing'] });

  it('tells each part’s covered faces from the seen ones, of those read', () => {
    const [nose, mouth] = scored.parts;
    expect([nose!.part, nose!.judged, nose!.covered, nose!.seen, nose!.auc]).toEqual(['nose', 5, 0, 4, null]);
    expect([mouth!.judged, mouth!.covered, mouth!.seen]).toEqual([5, 2, 3]);
    // Of the six pairs, 0.1 is under 0.4, 1 and 0.8; 0.7 under 1 and 0.8 alone.
    expect(mouth!.auc).toBeCloseTo(5 / 6, 9);
    expect(mouth).toMatchObject({
      told: { count: 1, of: 2 },
      falselyCovered: { count: 1, of: 3 },
      accuracy: { count: 3, of: 5 },
    });
    expect(mouth!.meanError).toBeCloseTo((0.1 + 0.35 + 0.6 + 0.1 + 0.2) / 5, 9);
  });

  it('counts open faces that have any part told as covered, and covered parts told by group', () => {
    expect(scored.all).toMatchObject({
      images: 6,
      read: 5,
      told: { count: 1, of: 2 },
      falselyCovered: { count: 1, of: 3 },
    });
    expect(scored.divisions[0]!.groups.map(({ group, read, told }) => [group, read, told.count, told.of])).toEqual([
      ['hand', 1, 0, 1],
      ['mask', 1, 1, 1],
    ]);
  });

  it('says it in lines', () => {
    const { bySubject, ...scores } = scored;
    const report = {
      schema: 'mien-eval-covers/1' as const,
      mienVersion: '1',
      data: { kind: 'covers' as const, list: 'l.csv', images: '.' },
      model: { id: 'mien-occlusion', version: '1', device: ON_PROCESSOR, precision: IN_FLOAT },
      limits: COVER_LIMITS,
      counts: { images: 6, subjects: null, found: 6, read: 5, validity: {} as never },
      ...scores,
    };
    expect(bySubject).toBe(false);
    expect(coversTerminalLines(report).join('\n')).toContain('a face found in 6 of 6 images, read in 5');
    expect(coversMarkdown(report)).toMatch(/\| thing: hand \| 1 \| 1 \| 0\.000 \[.*\] \| 0 \| - \|/);
  });
});
