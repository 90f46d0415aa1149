import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type AuSetSource, readAuSet } from '../../../../src/eval/units/au-set-files.js';
import { AU_SET, AU_SETS, type AuSetName, chosenUnits } from '../../../../src/eval/units/au-sets.js';
import type { CodedFace } from '../../../../src/eval/units/coded-faces.js';
import { frameImage } from '../../../../src/eval/units/frame-image.js';
import { sampled, scoreProtocol } from '../../../../src/eval/units/protocol.js';
import { protocolLines, protocolMarkdown } from '../../../../src/eval/units/protocol-lines.js';
import { seen, UNSEEN } from '../../../support/still-readings.js';
import { tempFolders } from '../../../support/temp-folder.js';

const folder = tempFolders();

function written(files: Readonly<Record<string, string>>): string {
  const dir = folder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
  return dir;
}

const read = (set: AuSetName, path: string, more: Partial<AuSetSource> = {}) =>
  readAuSet({ set, path, units: AU_SET[set].units, frameImage: null, ...more });
const plain = ({ image, subject, codes }: CodedFace) => ({ image, subject, codes: Object.fromEntries(codes) });

/** DISFA's twelve files of a person who shows AU12 to degree 3 in the second of two frames, and nothing else. */
const disfaPerson = (name: string): Record<string, string> =>
  Object.fromEntries(
    [1, 2, 4, 5, 6, 9, 12, 15, 17, 20, 25, 26].map((unit) => [
      `ActionUnit_Labels/${name}/${name}_au${unit}.txt`,
      `1,0\r\n2,${unit === 12 ? 3 : 0}\r\n`,
    ]),
  );

describe('the sets as papers measure them', () => {
  it('have the papers’ units; those shared with FEABench are ten of BP4D and seven of DISFA', () => {
    expect(AU_SETS.map((name) => AU_SET[name].units.length)).toEqual([8, 12, 10, 12]);
    expect(chosenUnits(AU_SET.bp4d, 'shared')).toEqual('1 2 4 6 7 10 12 15 23 24'.split(' '));
    expect(chosenUnits(AU_SET.disfa, 'shared')).toEqual('1 2 4 6 12 25 26'.split(' '));
  });

  it('have folds without a person in two of them: 27 people of DISFA, 41 of BP4D', () => {
    for (const [name, count] of [
      ['disfa', 27],
      ['bp4d', 41],
    ] as const) {
      const people = AU_SET[name].folds!.flat();
      expect([people.length, new Set(people).size]).toEqual([count, count]);
    }
  });
});

describe('readAuSet', () => {
  it('DISFA: a file for each person and unit, a frame and a degree a line', async () => {
    const dir = written({ ...disfaPerson('SN001'), ...disfaPerson('SN002') });
    const recordings = await read('disfa', dir, { units: ['4', '12'] });
    expect(recordings.map((faces) => faces.map(plain))).toEqual(
      ['SN001', 'SN002'].map((subject) => [
        { image: `${subject}/1.png`, subject, codes: { '4': 0, '12': 0 } },
        { image: `${subject}/2.png`, subject, codes: { '4': 0, '12': 3 } },
      ]),
    );
  });

  it('BP4D: a file for each person and task, whose first line names the units', async () => {
    const head = [0, ...Array.from({ length: 30 }, (_, index) => index + 1)].join(',');
    const row = (frame: number, codes: Record<number, number>): string =>
      [frame, ...Array.from({ length: 30 }, (_, index) => codes[index + 1] ?? 0)].join(',');
    const file = [head, row(2440, { 12: 1 }), row(2441, { 12: 9 }), ''].join('\n');
    const dir = written({ 'AUCoding/AU_OCC/F001_T1.csv': file, 'AUCoding/AU_OCC/notes.txt': 'x' });
    const [faces] = await read('bp4d', dir, { units: ['6', '12'], frameImage: '2D+3D/{subject}/{task}/{frame:5}.jpg' });
    expect(faces!.map(plain)).toEqual([
      { image: '2D+3D/F001/T1/02440.jpg', subject: 'F001', codes: { '6': 0, '12': 1 } },
      { image: '2D+3D/F001/T1/02441.jpg', subject: 'F001', codes: { '6': 0 } },
    ]);
  });

  it('EmotioNet: a table of addresses and units, 999 where it was not coded', async () => {
    const units = AU_SET.emotionet.units;
    const head = ['URL', 'URL orig', ...units.map((unit) => `"'AU ${unit}'"`)].join(',');
    const row = (url: string, code: (unit: string) => number): string =>
      [`'${url}'`, 'x', ...units.map((unit) => code(unit))].join(',');
    const table = [head, row('http://h/a/N_0001.jpg', (unit) => (unit === '43' ? 1 : 0)), row('N_0002.jpg', () => 999)];
    const dir = written({ 'emotionet.csv': `${table.join('\n')}\n` });
    const [faces] = await read('emotionet', join(dir, 'emotionet.csv'));
    expect(faces!.map(({ image, codes }) => [image, codes.get('43'), codes.size])).toEqual([
      ['N_0001.jpg', 1, 12],
      ['N_0002.jpg', undefined, 0],
    ]);
  });

  it('GFT: a list as au-list reads it, only the ten units, a recording for each person', async () => {
    const dir = written({
      'gft.csv': 'image,subject,AU1,AU7,AU12\na.png,001A,1,1,0\nb.png,002B,0,0,1\nc.png,001A,9,0,1\n',
    });
    const recordings = await read('gft', join(dir, 'gft.csv'));
    expect(recordings.map((faces) => faces.map(plain))).toEqual([
      [
        { image: 'a.png', subject: '001A', codes: { '1': 1, '12': 0 } },
        { image: 'c.png', subject: '001A', codes: { '12': 1 } },
      ],
      [{ image: 'b.png', subject: '002B', codes: { '1': 0, '12': 1 } }],
    ]);
  });

  const bp4d = (text: string) => ({ 'AUCoding/F001_T1.csv': text });
  it.each<[string, AuSetName, Readonly<Record<string, string>>, string, RegExp]>([
    ['no folder', 'disfa', {}, 'gone', /cannot read the folder .*gone/],
    ['another folder', 'disfa', { 'a.txt': '' }, '', /has no folders SN001, SN002/],
    [
      'a degree of 6',
      'disfa',
      { ...disfaPerson('SN001'), 'ActionUnit_Labels/SN001/SN001_au4.txt': '1,0\n2,6\n' },
      '',
      /SN001_au4\.txt, line 2: expected a frame and a degree/,
    ],
    [
      'a person without a file',
      'disfa',
      { 'ActionUnit_Labels/SN001/SN001_au1.txt': '1,0\n' },
      '',
      /cannot read .*SN001_au2\.txt/,
    ],
    ['no column', 'bp4d', bp4d('0,1,2\n5,0,0\n'), '', /F001_T1\.csv, line 1: no column 4/],
    [
      'another code',
      'bp4d',
      bp4d(`0,${AU_SET.bp4d.units.join(',')}\n5,${'2,'.repeat(11)}0\n`),
      '',
      /line 2: AU1 is "2"/,
    ],
    ['nothing in it', 'bp4d', bp4d(`0,${AU_SET.bp4d.units.join(',')}\n`), '', /lists no coded images of bp4d/],
    ['no address', 'emotionet', { 'e.csv': 'a,b\n' }, 'e.csv', /line 1: no column URL/],
  ])('names what is wrong: %s', async (_, set, files, path, message) => {
    await expect(read(set, join(written(files), path))).rejects.toThrow(message);
  });

  it.each(['{subject}.png', '{subject}/{frame}{x}.png', 'a.png'])('a pattern that names no frame: %s', (pattern) => {
    expect(() => frameImage(pattern, { subject: 'SN001', task: '', frame: 1 })).toThrow(/--frame-image/);
  });
});

describe('sampled', () => {
  const face = (image: number): CodedFace => ({ image: `${image}.png`, subject: 'SN001', codes: new Map([['1', 0]]) });
  it('takes the share of each recording, evenly spread, at least one', () => {
    const recordings = [Array.from({ length: 100 }, (_, at) => face(at)), [face(200), face(201)]];
    const { faces } = sampled(recordings, 0.02, ['1']);
    expect(faces.map(({ image }) => image)).toEqual(['0.png', '50.png', '200.png']);
    expect(sampled(recordings, null, ['1']).faces).toHaveLength(102);
  });
});

describe('scoreProtocol', () => {
  const face = (subject: string, degree: number): CodedFace => ({
    image: 'x.png',
    subject,
    codes: new Map([
      ['12', degree],
      ['26', 0],
    ]),
  });
  const list = (faces: readonly CodedFace[]) => ({ faces, units: ['12', '26'], hasDegrees: true });
  const choice = { units: 'paper', sample: null } as const;

  it('is the mean over the folds of people, not over the pictures; degree 1 of DISFA is absent', () => {
    // SN003 is in the first fold, SN006 in the second, nobody in the third.
    const faces = [face('SN003', 2), face('SN003', 1), face('SN006', 5), face('SN006', 3)];
    const readings = [seen({ '12': 0.9 }), seen({ '12': 0.9 }), UNSEEN, seen({ '12': 0.9 })];
    const protocol = scoreProtocol(AU_SET.disfa, choice, {
      list: list(faces),
      readings,
      units: ['12'],
      presentFrom: 2,
    });
    const third = 2 / 3; // one hit and one false alarm; one hit and one miss
    expect(protocol).toMatchObject({ folds: 2, published: [{ f1: 65.1 }] });
    expect(protocol.perUnit).toEqual([
      {
        unit: '12',
        f1: expect.closeTo(third, 9),
        folds: [expect.closeTo(third, 9), expect.closeTo(third, 9)],
        read: true,
      },
      { unit: '26', f1: 0, folds: [0, 0], read: false },
    ]);
    expect(protocol.f1).toBeCloseTo(third / 2, 9);
    expect(protocolLines(protocol).join('\n')).toMatch(/AU12 +66\.7 +66\.7 +66\.7\nAU26 \(mien has none\) +0\.0/);
    expect(protocolMarkdown(protocol)).toContain(
      '| EmoLA, tuned on the set (Li et al., EmoLA, ECCV 2024) | 65.1 |  |  |',
    );
  });

  it('weighs folds alike, however many pictures they have', () => {
    const faces = [face('SN003', 2), face('SN006', 2), face('SN006', 2), face('SN006', 2)];
    const readings = [seen({ '12': 0.9 }), UNSEEN, UNSEEN, UNSEEN];
    const { perUnit } = scoreProtocol(AU_SET.disfa, choice, {
      list: list(faces),
      readings,
      units: ['12'],
      presentFrom: 2,
    });
    expect(perUnit[0]!.f1).toBe(0.5);
  });

  it('names a person of no fold', () => {
    const scoring = { list: list([face('SN999', 2)]), readings: [UNSEEN], units: ['12'], presentFrom: 2 };
    expect(() => scoreProtocol(AU_SET.disfa, choice, scoring)).toThrow(/SN999 is in none of the folds of DISFA/);
  });
});
