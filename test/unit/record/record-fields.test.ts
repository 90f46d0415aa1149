import { describe, expect, it } from 'vitest';
import type { FaceRecordJson } from '../../../src/domain/record-fields.js';
import { RECORD_FIELDS } from '../../../src/domain/record-fields.js';
import { leavesOf } from '../../../src/record/leaves.js';
import { createRecordPacker, placeOf, unitPlaceOf } from '../../../src/record/packing.js';
import { plotGroups, SHOWN_NUMBERS } from '../../../src/record/plot-groups.js';
import { recordColumns } from '../../../src/record/record-columns.js';
import { recordLine } from '../../../src/record/record-json.js';
import { recordNotes } from '../../../src/record/record-notes.js';
import { emptyFrame, faceRecord, faceWithUnits, UNIT_KEYS, unreadableFace } from '../../support/record-builders.js';

const json = (line: string): FaceRecordJson => JSON.parse(line) as FaceRecordJson;

describe('what follows from the declaration', () => {
  it('JSON has the declared fields in their order, without the mesh', () => {
    const { mesh: _, ...fields } = RECORD_FIELDS;
    const optional = ['mllmWeight', 'heldSeconds', 'zones'];
    const declared = Object.keys(fields).filter((key) => !optional.includes(key));
    expect(Object.keys(json(recordLine(faceRecord(0), 'none')))).toEqual(declared);
    expect(Object.keys(json(recordLine(faceRecord(0), '68')))).toEqual([...declared, 'landmarks']);
    expect(json(recordLine(faceRecord(0, { mllmWeight: 0.21004 }), 'none')).mllmWeight).toBe(0.21);
  });

  it('every number is found by its path, rounded as declared', () => {
    const record = faceWithUnits(1);
    const { pose, actionUnits } = json(recordLine(record, 'none'));
    const value = (path: string) =>
      leavesOf(UNIT_KEYS)
        .find((leaf) => leaf.path === path)
        ?.value(record);
    expect(value('pose.translationMm.z')).toBe(812.25);
    expect(pose!.translationMm.z).toBe(812.3);
    expect(value('emotions.smoothed.happiness')).toBe(0.8);
    expect(value('actionUnits.12L.intensity.raw')).toBe(actionUnits!['12L']!.intensity!.raw);
  });

  it('a column and a path stand once each', () => {
    const paths = leavesOf(UNIT_KEYS).map(({ path }) => path);
    const names = recordColumns(UNIT_KEYS).map(({ name }) => name);
    expect(new Set(paths).size).toBe(paths.length);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => /[{}]/.test(name))).toEqual([]);
  });

  it('a manifest says what every field that files have holds', () => {
    const paths = leavesOf([]).map(({ path }) => path);
    const told = Object.keys(recordNotes(true));
    for (const path of paths) {
      // The three stages of a quantity are told together.
      const names = [path, path.replace(/\.(raw|baselined|smoothed)/, '')];
      expect(
        told.some((key) => names.some((name) => name === key || name.startsWith(`${key}.`))),
        path,
      ).toBe(true);
    }
    expect(told).toContain('actionUnits.*.presence');
    expect(Object.keys(recordNotes(false)).join()).not.toContain('actionUnits');
  });
});

describe('packed records', () => {
  const packer = createRecordPacker(UNIT_KEYS);
  it.each([
    ['readable face', faceWithUnits(3)],
    ['face with a language model weighed in', faceWithUnits(3, { mllmWeight: 0.25 })],
    ['face whose reading is held', faceWithUnits(3, { heldSeconds: 0.133 })],
    ['face whose resting face is being learned', faceWithUnits(4, { baseline: { status: 'warming', progress: 0.25 } })],
    ['face without a sampled crop', faceRecord(5, { quality: { ...faceRecord(5).quality!, sharpness: null } })],
    ['unreadable face', unreadableFace(6)],
    ['frame without a face', emptyFrame(7)],
  ])('a %s comes back as it was sent', (_, record) => {
    const sent = json(recordLine(record, 'none'));
    const { source, frame, ptsUs, wallTime } = sent;
    expect(packer.unpack(packer.pack(sent), { source, frame, ptsUs, wallTime })).toEqual(sent);
  });

  it('numbers stand at their places, those of units side by side', () => {
    const { values } = packer.pack(json(recordLine(faceWithUnits(3), 'none')));
    expect(values[placeOf('pose.yaw')]).toBeCloseTo(0.1, 6);
    expect(values[placeOf('box') + 1]).toBe(80);
    expect(values[unitPlaceOf(UNIT_KEYS.indexOf('12'), 'intensity.smoothed')]).toBe(3.25);
    expect(() => placeOf('pose.gaze')).toThrow(RangeError);
  });
});

describe('plots', () => {
  it('numbers that belong together are one group, angles in degrees', () => {
    const groups = plotGroups(UNIT_KEYS);
    const values = (name: string, record = faceWithUnits(1)) =>
      groups.find((group) => group.name === name)!.values(record);
    expect(values('pose')).toEqual([-0.2, 0.1, 0.05].map((angle) => angle * (180 / Math.PI)));
    expect(values('actionUnits.intensity')).toEqual([1.5, 0, 3.25, 4, 2.5, 0.75]);
    expect(values('pose', emptyFrame(2))).toBeNull();
    expect(values('actionUnits.presence', unreadableFace(2))).toBeNull();
  });

  it('only what is unsmoothed has a spread', () => {
    const spread = plotGroups(UNIT_KEYS).filter((group) => group.spread);
    expect(spread.map(({ name }) => name)).toEqual(['emotions.raw', 'valenceArousal.raw', 'pose', 'eyes']);
  });

  it('a number with a name of its own says where it is plotted', () => {
    const groups = plotGroups([]);
    for (const { group, channel, path } of SHOWN_NUMBERS) {
      expect(groups.find(({ name }) => name === group)!.channels, path).toBeGreaterThan(channel);
    }
    expect(SHOWN_NUMBERS.map(({ title }) => title)).toEqual([
      'Visible',
      'Pitch',
      'Yaw',
      'Roll',
      'Speaks',
      'Gaze, sideways',
      'Gaze, up and down',
      'Looks at the camera',
    ]);
  });

  it('a number shown in percent is plotted as a share', () => {
    const shares = SHOWN_NUMBERS.filter(({ format }) => format === 'percent');
    expect(shares.map(({ title }) => title)).toEqual(['Visible', 'Speaks', 'Looks at the camera']);
    for (const { low, high, scale, path } of shares) expect([low, high, scale], path).toEqual([0, 1, 1]);
  });
});
