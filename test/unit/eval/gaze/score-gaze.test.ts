import { describe, expect, it } from 'vitest';
import type { GazeState } from '../../../../src/domain/gaze.js';
import { probability, radians } from '../../../../src/domain/units.js';
import { gazeMarkdown, gazeTerminalLines } from '../../../../src/eval/gaze/gaze-lines.js';
import { parseGazeList } from '../../../../src/eval/gaze/gaze-list.js';
import type { StillGaze } from '../../../../src/eval/gaze/gaze-reader.js';
import { scoreGaze } from '../../../../src/eval/gaze/score-gaze.js';
import { IN_FLOAT, ON_PROCESSOR } from '../../../support/settled.js';

const DEGREE = Math.PI / 180;
const parse = (text: string, by: readonly string[] = [], unit: 'degrees' | 'radians' = 'degrees') =>
  parseGazeList(text, 'l.csv', { image: 'image', subject: null, by, unit });

/** A face that is read as looking there, degrees, with both eyes alike. */
function reading(yaw: number, pitch: number, contact = 0.2): StillGaze {
  const angles = { yaw: radians(yaw * DEGREE), pitch: radians(pitch * DEGREE) };
  const gaze: GazeState = {
    raw: angles,
    smoothed: angles,
    right: angles,
    left: null,
    error: radians(0.1),
    contact: probability(contact),
  };
  return { validity: 'ok', gaze, missing: null, headYaw: 0 };
}
const UNREAD: StillGaze = { validity: 'ok', gaze: null, missing: 'eyes-closed', headYaw: 0.1 };
const UNSEEN: StillGaze = { validity: 'no-face', gaze: null, missing: 'no-face', headYaw: null };

describe('parseGazeList', () => {
  it('reads degrees, or radians, of both eyes together and of each', () => {
    const text = 'image,subject,gaze_yaw,gaze_pitch,right_yaw,right_pitch,head_yaw\na.png,p,90,-45,,10,30\n';
    const [face] = parse(text);
    expect(face).toMatchObject({ image: 'a.png', subject: 'p', right: null, left: null });
    expect([face!.both.yaw, face!.both.pitch, face!.headYaw]).toEqual([Math.PI / 2, -Math.PI / 4, Math.PI / 6]);
    expect(parse('image,gaze_yaw,gaze_pitch\na,0.5,-0.5\n', [], 'radians')[0]).toMatchObject({
      both: { yaw: 0.5, pitch: -0.5 },
      headYaw: null,
      subject: null,
    });
  });

  it.each<[string, string, readonly string[], RegExp]>([
    ['no column of angles', 'image,gaze_yaw\na,1\n', [], /line 1: no column gaze_pitch among image, gaze_yaw;/],
    ['a picture without a gaze', 'image,gaze_yaw,gaze_pitch\na,1,\n', [], /line 2: no gaze_yaw and gaze_pitch; leave/],
    ['a word', 'image,gaze_yaw,gaze_pitch\na,left,1\n', [], /line 2: gaze_yaw is "left"; write degrees from -90 to 90/],
    ['a turn behind', 'image,gaze_yaw,gaze_pitch\na,0,91\n', [], /line 2: gaze_pitch is "91"/],
    ['no such division', 'image,gaze_yaw,gaze_pitch\na,0,9\n', ['light'], /no column "light" .*--by/],
    ['no image', 'image,gaze_yaw,gaze_pitch\n,0,9\n', [], /line 2: no image is named/],
    ['no rows', 'image,gaze_yaw,gaze_pitch\n', [], /lists no images/],
  ])('refuses %s', (_, text, by, message) => expect(() => parse(text, by)).toThrow(message));

  it('refuses degrees that are called radians', () => {
    expect(() => parse('image,gaze_yaw,gaze_pitch\na,12,1\n', [], 'radians')).toThrow(/"12"; write radians from -1.57/);
  });
});

describe('scoreGaze', () => {
  const text = [
    'image,subject,gaze_yaw,gaze_pitch,right_yaw,right_pitch,head_yaw,light',
    'a.png,p,10,0,12,0,-5,day',
    'b.png,p,0,0,,,12,dark',
    'c.png,q,0,20,,,-25,dark',
    'd.png,q,0,0,,,31,day',
    'e.png,r,0,0,,,0,',
  ].join('\n');
  const readings = [reading(6, 0), reading(0, -3, 0.9), UNREAD, reading(30, 0), UNSEEN];
  const scored = scoreGaze({ faces: parse(text, ['light']), readings, by: ['light'] });

  it('means the angles within 30 degrees of head yaw apart from those beyond', () => {
    expect(scored.within30).toMatchObject({ images: 4, read: 2 });
    expect(scored.within30.both.mean).toBeCloseTo(3.5, 6);
    expect(scored.within30.bias!.yaw).toBeCloseTo(-2, 6);
    expect(scored.within30.bias!.pitch).toBeCloseTo(-1.5, 6);
    expect(scored.all.both).toMatchObject({ count: 3, worst: expect.closeTo(30, 6), median: expect.closeTo(4, 6) });
    // Only the right eye of one picture has a truth and a reading.
    expect(scored.within30.right).toMatchObject({ count: 1, mean: expect.closeTo(6, 6) });
    expect(scored.within30.left).toMatchObject({ count: 0, mean: null, interval: null });
  });

  it('divides by the turn of the head to either side, and by the columns within 30 degrees', () => {
    const [yaw, light] = scored.divisions;
    expect(yaw!.groups.map(({ group, images, read }) => [group, images, read])).toEqual([
      ['0 to 10', 2, 1],
      ['10 to 20', 1, 1],
      ['20 to 30', 1, 0],
      ['over 30', 1, 1],
    ]);
    expect(light!.groups.map(({ group, images }) => [group, images])).toEqual([
      ['dark', 2],
      ['day', 1],
    ]);
  });

  it('counts who looks at the camera, and how rightly that is told', () => {
    expect(scored.contact).toEqual({ count: 3, looking: 2, accuracy: 2 / 3, brier: expect.closeTo(0.23, 9) });
  });

  it('takes the measured turn where the list has none', () => {
    const faces = parse('image,gaze_yaw,gaze_pitch\na,0,0\nb,0,0\n');
    const { headYaw, within30 } = scoreGaze({
      faces,
      readings: [{ ...reading(1, 0), headYaw: 0.6 }, reading(2, 0)],
      by: [],
    });
    expect([headYaw, within30.images, within30.both.mean]).toEqual(['measured', 1, expect.closeTo(2, 6)]);
  });

  it('says it in lines that no name of a list can break', () => {
    const { bySubject, ...scores } = scored;
    const report = {
      schema: 'mien-eval-gaze/1' as const,
      mienVersion: '1',
      data: { kind: 'gaze' as const, list: 'l.csv', images: '.' },
      model: { id: 'eye-mesh', version: '1', device: ON_PROCESSOR, precision: IN_FLOAT },
      counts: { images: 5, subjects: 3, found: 4, read: 3, validity: {} as never, missing: { 'eyes-closed': 1 } },
      ...scores,
      divisions: [{ by: 'a|b', groups: [scores.all] }],
    };
    expect(bySubject).toBe(true);
    expect(gazeTerminalLines(report).join('\n')).toContain('read in 3 (not read: 1 eyes-closed)');
    expect(gazeMarkdown(report)).toContain('| a\\|b: all | 5 | 3 |');
  });
});
