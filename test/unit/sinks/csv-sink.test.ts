import { expect, test } from 'vitest';
import { EMOTIONS } from '../../../src/domain/affect.js';
import type { FaceRecord } from '../../../src/domain/records.js';
import { RECORD_COLUMNS } from '../../../src/record/record-columns.js';
import { csvRow } from '../../../src/sinks/csv-sink.js';
import { readTable } from '../../support/csv-reader.js';
import { emptyFrame, faceRecord, unreadableFace } from '../../support/record-builders.js';

const rowOf = (record: FaceRecord): Record<string, string> =>
  readTable(`${RECORD_COLUMNS.map(({ name }) => name).join(',')}\n${csvRow(record)}\n`)[0]!;

test('columns name the stage, the quantity and the unit', () => {
  const names = RECORD_COLUMNS.map(({ name }) => name);
  for (const stage of ['raw', 'baselined', 'smoothed']) {
    for (const emotion of EMOTIONS) expect(names).toContain(`emotion_${stage}_${emotion}`);
    for (const axis of ['valence', 'arousal']) expect(names).toContain(`${axis}_derived_${stage}`);
  }
  for (const name of ['pts_s', 'yaw_rad', 'pitch_rad', 'roll_rad', 'position_z_mm', 'box_left_px', 'interocular_px']) {
    expect(names).toContain(name);
  }
  expect(RECORD_COLUMNS.every(({ unit }) => unit !== '')).toBe(true);
});

test('a readable face', () => {
  expect(rowOf(faceRecord(3, { source: 'take "2", final' }))).toMatchObject({
    source: 'take "2", final',
    frame: '3',
    pts_s: '0.12',
    track: '1',
    validity: 'ok',
    label: 'happiness',
    confidence: '0.8',
    emotion_raw_happiness: '0.86',
    emotion_raw_neutral: '0.02',
    emotion_baselined_happiness: '0.7',
    emotion_smoothed_happiness: '0.8',
    valence_derived_smoothed: '0.65',
    arousal_derived_smoothed: '-0.08',
    baseline_status: 'ready',
    baseline_progress: '1',
    yaw_rad: '0.1',
    pitch_rad: '-0.2',
    position_x_mm: '-120',
    blink: 'false',
    box_left_px: '100.13',
  });
});

test('a measured 0 is 0, and what is missing is empty', () => {
  const still = faceRecord(0, { eyes: { left: 0, right: 0 }, detectionScore: null });
  expect(rowOf(still)).toMatchObject({ pts_s: '0', eye_openness_left: '0', detection_score: '' });
  const none = Object.entries(rowOf(emptyFrame(9))).filter(([, value]) => value !== '');
  expect(Object.fromEntries(none)).toEqual({ source: 'interview', frame: '9', pts_s: '0.36', validity: 'no-face' });
});

test('a face without a reading keeps its geometry only', () => {
  const row = rowOf(unreadableFace(0));
  expect(row.yaw_rad).toBe('0.1');
  for (const [name, value] of Object.entries(row)) {
    if (/^(emotion|valence|arousal|label|confidence|baseline|blink)/.test(name)) expect(value).toBe('');
  }
});

test('a baseline that is not ready leaves the baselined columns empty, never 0', () => {
  const { emotions, valenceArousal } = faceRecord(0);
  const row = rowOf(
    faceRecord(0, {
      emotions: { ...emotions!, baselined: null },
      valenceArousal: { ...valenceArousal!, baselined: null },
      baseline: { status: 'warming', progress: 0.25 },
    }),
  );
  expect(row).toMatchObject({ baseline_status: 'warming', baseline_progress: '0.25', emotion_raw_happiness: '0.86' });
  expect(row.emotion_baselined_happiness).toBe('');
  expect(row.valence_derived_baselined).toBe('');
});

test('numbers that are not finite are empty, not text', () => {
  expect(rowOf(faceRecord(0, { confidence: Number.NaN })).confidence).toBe('');
});
