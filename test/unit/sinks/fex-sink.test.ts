import { expect, test } from 'vitest';
import type { FaceRecord } from '../../../src/domain/records.js';
import { micros } from '../../../src/domain/units.js';
import { FEX_COLUMNS, fexRow } from '../../../src/sinks/fex-sink.js';
import { readTable } from '../../support/csv-reader.js';
import { emptyFrame, faceRecord, VIDEO } from '../../support/record-builders.js';

const series = (prefix: string, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `${prefix}_${from + index}`);

const rowOf = (record: FaceRecord): Record<string, string> =>
  readTable(`${FEX_COLUMNS.join(',')}\n${fexRow(record, VIDEO)}\n`)[0]!;

test('the header is that of py-feat’s version 1 detector', () => {
  const units = [1, 2, 4, 5, 6, 7, 9, 10, 11, 12, 14, 15, 17, 20, 23, 24, 25, 26, 28, 43];
  expect(FEX_COLUMNS).toEqual([
    ...['FaceRectX', 'FaceRectY', 'FaceRectWidth', 'FaceRectHeight', 'FaceScore'],
    ...series('x', 0, 67),
    ...series('y', 0, 67),
    ...['Pitch', 'Roll', 'Yaw', 'X', 'Y', 'Z'],
    ...units.map((unit) => `AU${String(unit).padStart(2, '0')}`),
    ...['anger', 'disgust', 'fear', 'happiness', 'sadness', 'surprise', 'neutral'],
    ...series('Identity', 1, 512),
    ...['gaze_pitch', 'gaze_yaw', 'gaze_angle'],
    ...['FrameHeight', 'FrameWidth', 'input', 'frame', 'approx_time', 'Identity'],
  ]);
});

test('a readable face', () => {
  const row = rowOf(faceRecord(1850, { ptsUs: micros(74_000_000), track: 2 }));
  expect(row).toMatchObject({
    FaceRectX: '100.13',
    FaceRectY: '80',
    FaceRectWidth: '160.38',
    FaceRectHeight: '200',
    FaceScore: '0.9877',
    x_8: '252',
    y_8: '276',
    Pitch: '-0.2',
    Roll: '0.05',
    Yaw: '0.1',
    gaze_pitch: '-0.1',
    gaze_yaw: '0.2',
    gaze_angle: '0.22331',
    Z: '812.3',
    happiness: '0.86',
    neutral: '0.02',
    FrameHeight: '720',
    FrameWidth: '1280',
    input: VIDEO.fileName,
    frame: '1850',
    approx_time: '01:14',
    Identity: 'Person_1',
  });
  for (const name of ['AU01', 'AU43', 'Identity_1', 'Identity_512']) expect(row[name]).toBe('');
});

test('raw probabilities stay as they are: without contempt they sum to less than 1', () => {
  const row = rowOf(faceRecord(0));
  const sum = ['anger', 'disgust', 'fear', 'happiness', 'sadness', 'surprise', 'neutral']
    .map((name) => Number(row[name]))
    .reduce((total, value) => total + value, 0);
  expect(sum).toBeCloseTo(0.98, 6);
});

test('a frame without a face stays as a row of empty cells', () => {
  const filled = Object.entries(rowOf(emptyFrame(3))).filter(([, value]) => value !== '');
  expect(filled.map(([name]) => name)).toEqual(['FrameHeight', 'FrameWidth', 'input', 'frame', 'approx_time']);
});
