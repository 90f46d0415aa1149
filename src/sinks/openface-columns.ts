const numbered = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}_${index}`);

/** Action units with an intensity, and with a presence, as the columns write their numbers. */
export const OPENFACE_INTENSITY_UNITS = '01 02 04 05 06 07 09 10 12 14 15 17 20 23 25 26 45'.split(' ');
export const OPENFACE_PRESENCE_UNITS = '01 02 04 05 06 07 09 10 12 14 15 17 20 23 25 26 28 45'.split(' ');

const GAZE = ['gaze_0_x', 'gaze_0_y', 'gaze_0_z', 'gaze_1_x', 'gaze_1_y', 'gaze_1_z', 'gaze_angle_x', 'gaze_angle_y'];
const EYE = ['x', 'y', 'X', 'Y', 'Z'].flatMap((axis) => numbered(`eye_lmk_${axis}`, 56));
const SHAPE = ['p_scale', 'p_rx', 'p_ry', 'p_rz', 'p_tx', 'p_ty', ...numbered('p', 34)];

/** Number of columns before the pose that we leave empty: eye landmarks. */
export const OPENFACE_EYE_COLUMNS = EYE.length;
/** Number of columns of the shape model, empty too. */
export const OPENFACE_SHAPE_COLUMNS = SHAPE.length;

/** The 714 columns of an OpenFace 2.2 sequence, in its order. */
export const OPENFACE_COLUMNS: readonly string[] = [
  'frame',
  'face_id',
  'timestamp',
  'confidence',
  'success',
  ...GAZE,
  ...EYE,
  ...['Tx', 'Ty', 'Tz', 'Rx', 'Ry', 'Rz'].map((axis) => `pose_${axis}`),
  ...['x', 'y', 'X', 'Y', 'Z'].flatMap((axis) => numbered(axis, 68)),
  ...SHAPE,
  ...OPENFACE_INTENSITY_UNITS.map((unit) => `AU${unit}_r`),
  ...OPENFACE_PRESENCE_UNITS.map((unit) => `AU${unit}_c`),
];
