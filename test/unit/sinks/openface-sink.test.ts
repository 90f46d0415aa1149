import { expect, test } from 'vitest';
import type { FaceRecord } from '../../../src/domain/records.js';
import { micros, radians } from '../../../src/domain/units.js';
import { OPENFACE_COLUMNS } from '../../../src/sinks/openface-columns.js';
import { openFaceRow } from '../../../src/sinks/openface-sink.js';
import { readTable } from '../../support/csv-reader.js';
import { emptyFrame, faceRecord, unreadableFace, VIDEO } from '../../support/record-builders.js';

/** The columns as OpenFace 2.2 documents them: `{0..55}` stands for one column per index. */
const DOCUMENTED = `
  frame, face_id, timestamp, confidence, success,
  gaze_0_x, gaze_0_y, gaze_0_z, gaze_1_x, gaze_1_y, gaze_1_z, gaze_angle_x, gaze_angle_y,
  eye_lmk_x_{0..55}, eye_lmk_y_{0..55}, eye_lmk_X_{0..55}, eye_lmk_Y_{0..55}, eye_lmk_Z_{0..55},
  pose_Tx, pose_Ty, pose_Tz, pose_Rx, pose_Ry, pose_Rz,
  x_{0..67}, y_{0..67}, X_{0..67}, Y_{0..67}, Z_{0..67},
  p_scale, p_rx, p_ry, p_rz, p_tx, p_ty, p_{0..33},
  AU01_r, AU02_r, AU04_r, AU05_r, AU06_r, AU07_r, AU09_r, AU10_r, AU12_r, AU14_r, AU15_r, AU17_r, AU20_r, AU23_r, AU25_r,
  AU26_r, AU45_r,
  AU01_c, AU02_c, AU04_c, AU05_c, AU06_c, AU07_c, AU09_c, AU10_c, AU12_c, AU14_c, AU15_c, AU17_c, AU20_c, AU23_c, AU25_c,
  AU26_c, AU28_c, AU45_c`;

const documented = DOCUMENTED.split(',')
  .map((name) => name.trim())
  .flatMap((name) => {
    const [, stem, last] = /^(.*)\{0\.\.(\d+)\}$/.exec(name) ?? [];
    return last === undefined ? [name] : Array.from({ length: Number(last) + 1 }, (_, index) => `${stem}${index}`);
  });

const rowOf = (record: FaceRecord): Record<string, string> =>
  readTable(`${OPENFACE_COLUMNS.join(',')}\n${openFaceRow(record, VIDEO)}\n`)[0]!;

/** Names of the columns of a row that hold something, without the indices of landmarks. */
const filled = (row: Record<string, string>): string[] => [
  ...new Set(
    Object.entries(row)
      .filter(([, value]) => value !== '')
      .map(([name]) => name.replace(/^([xyzXYZ])_\d+$/, '$1_*')),
  ),
];

const GAZE = ['gaze_0_x', 'gaze_0_y', 'gaze_0_z', 'gaze_1_x', 'gaze_1_y', 'gaze_1_z', 'gaze_angle_x', 'gaze_angle_y'];
const HEAD = ['frame', 'face_id', 'timestamp', 'confidence', 'success'];
const POSE = ['pose_Tx', 'pose_Ty', 'pose_Tz', 'pose_Rx', 'pose_Ry', 'pose_Rz'];
const POINTS = ['x_*', 'y_*', 'X_*', 'Y_*', 'Z_*'];

test('the header is the documented one, 714 columns', () => {
  expect(documented).toHaveLength(714);
  expect(OPENFACE_COLUMNS).toEqual(documented);
});

test('a readable face: precisions as OpenFace writes them, unmeasured columns empty', () => {
  const row = rowOf(faceRecord(24, { ptsUs: micros(1_000_499), track: 3, blink: true }));
  expect(filled(row)).toEqual([...HEAD, ...GAZE, ...POSE, ...POINTS, 'AU45_c']);
  expect(row).toMatchObject({
    frame: '25',
    face_id: '2',
    timestamp: '1.000',
    confidence: '1.00',
    success: '1',
    pose_Tx: '-120.0',
    pose_Ty: '30.5',
    pose_Tz: '812.3',
    AU45_c: '1',
  });
  expect(row.x_8).toBe('252.0');
  expect(row.y_8).toBe('276.0');
  for (const angle of ['pose_Rx', 'pose_Ry', 'pose_Rz']) expect(row[angle]).toMatch(/^-?\d\.\d{3}$/);
  for (const axis of ['x', 'y', 'X', 'Y', 'Z']) {
    for (let point = 0; point < 68; point++) expect(row[`${axis}_${point}`]).toMatch(/^-?\d+\.\d$/);
  }
});

test('gaze: the eye on the image’s left first, unit vectors in the camera’s axes, angles right and down positive', () => {
  const pose = { yaw: radians(0), pitch: radians(0), roll: radians(0), translationMm: { x: 0, y: 0, z: 600 } };
  const { gaze } = faceRecord(0);
  const looks = (yaw: number, pitch: number) => ({ yaw: radians(yaw), pitch: radians(pitch) });
  const row = rowOf(
    faceRecord(0, { pose, gaze: { ...gaze!, right: looks(0.3, 0), left: looks(0, 0.2), smoothed: looks(0.3, -0.2) } }),
  );
  expect([row.gaze_0_x, row.gaze_0_y, row.gaze_0_z].map(Number)).toEqual([-0.29552, 0, -0.955336]);
  expect([row.gaze_1_x, row.gaze_1_y, row.gaze_1_z].map(Number)).toEqual([0, -0.198669, -0.980067]);
  expect([row.gaze_angle_x, row.gaze_angle_y].map(Number)).toEqual([-0.3, 0.209]);
  // A face at the right edge that looks into the camera looks to the left of the camera's axes.
  const aside = { ...pose, translationMm: { x: 300, y: 0, z: 600 } };
  const into = rowOf(faceRecord(0, { pose: aside, gaze: { ...gaze!, left: null, smoothed: looks(0, 0) } }));
  expect(Number(into.gaze_angle_x)).toBeCloseTo(-Math.atan(0.5), 3);
  expect(into.gaze_1_x).toBe('');
});

test('no face: one row, success 0, confidence 0, nothing measured', () => {
  const row = rowOf(emptyFrame(7));
  expect(filled(row)).toEqual(HEAD);
  expect(row).toMatchObject({ frame: '8', face_id: '0', timestamp: '0.280', confidence: '0.00', success: '0' });
});

test.each([
  [null, ''],
  [false, '0'],
  [true, '1'],
])('AU45 presence for blink %s is %j', (blink, cell) => {
  expect(rowOf(faceRecord(0, { blink })).AU45_c).toBe(cell);
});

test.each([
  ['ok', '1'],
  ['model-off', '1'],
  ['blurred', '0'],
  ['profile', '0'],
] as const)('validity %s has success %s and keeps its landmarks', (validity, success) => {
  const row = rowOf(unreadableFace(0, { validity }));
  expect(row.success).toBe(success);
  expect(row.x_0).not.toBe('');
});
