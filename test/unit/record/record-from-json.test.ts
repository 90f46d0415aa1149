import { describe, expect, it } from 'vitest';
import type { FaceRecordJson } from '../../../src/domain/record-fields.js';
import type { FaceRecord } from '../../../src/domain/records.js';
import { recordFromJson } from '../../../src/record/record-from-json.js';
import { recordJson, recordLine } from '../../../src/record/record-json.js';
import { emptyFrame, faceRecord, faceWithUnits, unitReading, unreadableFace } from '../../support/record-builders.js';

const RECORDS: readonly [string, FaceRecord][] = [
  ['a readable face', faceRecord(3)],
  ['a face with action units', faceWithUnits(4)],
  [
    'units of which some cannot be read',
    faceWithUnits(4, {
      actionUnits: { '1': unitReading(0), '4': unitReading(0, { presence: null, intensity: null, active: null }) },
    }),
  ],
  ['a face that gives no reading', unreadableFace(5)],
  ['a frame without faces', emptyFrame(6)],
  ['what is only there at times', faceRecord(7, { mllmWeight: 0.21004, heldSeconds: 1.5, zones: ['desk', 'door'] })],
  ['a face on which no baseline is known', withoutBaseline()],
  ['wall time, which live records have', faceRecord(9, { wallTime: '2026-01-15T09:30:00.000Z' })],
];

/** The middle stage alone is null. */
function withoutBaseline(): FaceRecord {
  const { emotions, valenceArousal } = faceRecord(8);
  return faceRecord(8, {
    emotions: { ...emotions!, baselined: null },
    valenceArousal: { ...valenceArousal!, baselined: null },
    baseline: { status: 'warming', progress: 0.25 },
  });
}

/** As it goes over a wire. */
const sent = (record: FaceRecord): FaceRecordJson => JSON.parse(JSON.stringify(recordJson(record))) as FaceRecordJson;

describe('recordFromJson', () => {
  it.each(RECORDS)('%s has the same JSON again', (_, record) => {
    const json = sent(record);
    expect(sent(recordFromJson(json, record.mesh))).toEqual(json);
  });

  it.each(RECORDS)('%s has the same line again, byte for byte, with its landmarks', (_, record) => {
    const again = recordFromJson(sent(record), record.mesh);
    for (const landmarks of ['none', '68', '468'] as const) {
      expect(recordLine(again, landmarks)).toBe(recordLine(record, landmarks));
    }
  });

  it('shares are in their order again, and numbers as they were but for the digits left out', () => {
    const { emotions, pose, mesh } = recordFromJson(sent(faceRecord(1)), null);
    const before = faceRecord(1);
    for (const [at, share] of emotions!.smoothed!.entries()) {
      expect(share).toBeCloseTo(before.emotions!.smoothed![at]!, 3);
    }
    expect(pose!.yaw).toBeCloseTo(before.pose!.yaw, 3);
    expect(mesh).toBeNull();
  });
});
