import { actionUnit } from '../domain/action-units.js';
import { EMOTIONS, type EmotionDistribution, type Staged, type ValenceArousal } from '../domain/affect.js';
import type { FaceRecord } from '../domain/records.js';
import { rounded } from './number-text.js';

/** One column of the tidy tables (CSV and Parquet). */
export interface RecordColumn {
  readonly name: string;
  readonly type: 'double' | 'int' | 'text' | 'boolean';
  /** What the numbers are measured in, for the manifest. */
  readonly unit: string;
  readonly value: (record: FaceRecord) => number | string | boolean | null;
}

const number = (
  name: string,
  unit: string,
  digits: number,
  value: (record: FaceRecord) => number | null | undefined,
): RecordColumn => ({
  name,
  type: 'double',
  unit,
  value: (record) => {
    const found = value(record);
    return found === null || found === undefined || !Number.isFinite(found) ? null : rounded(found, digits);
  },
});

const STAGES = ['raw', 'baselined', 'smoothed'] as const;

const emotionColumns = STAGES.flatMap((stage) =>
  EMOTIONS.map((emotion, index) =>
    number(
      `emotion_${stage}_${emotion}`,
      'probability 0..1',
      6,
      ({ emotions }) => (emotions as Staged<EmotionDistribution> | null)?.[stage]?.[index],
    ),
  ),
);

const circumplexColumns = STAGES.flatMap((stage) =>
  (['valence', 'arousal'] as const).map((axis) =>
    number(
      `${axis}_derived_${stage}`,
      '-1..1, derived from the emotion distribution',
      6,
      ({ valenceArousal }) => (valenceArousal as Staged<ValenceArousal> | null)?.[stage]?.[axis],
    ),
  ),
);

/** The columns that every run has, in order: one row per record, empty where a value is missing. */
export const RECORD_COLUMNS: readonly RecordColumn[] = [
  { name: 'source', type: 'text', unit: 'id of the video', value: (record) => record.source },
  { name: 'frame', type: 'int', unit: 'index from 0 of the analysed frame', value: (record) => record.frame },
  number('pts_s', 'seconds of media time', 6, (record) => record.ptsUs / 1e6),
  { name: 'track', type: 'int', unit: 'id of the followed face', value: (record) => record.track },
  { name: 'validity', type: 'text', unit: 'ok, or why there is no reading', value: (record) => record.validity },
  { name: 'label', type: 'text', unit: 'emotion in force after hysteresis', value: (record) => record.label },
  number('confidence', 'smoothed probability of the label, 0..1', 6, (record) => record.confidence),
  ...emotionColumns,
  ...circumplexColumns,
  {
    name: 'baseline_status',
    type: 'text',
    unit: 'warming, ready or off',
    value: (record) => record.baseline?.status ?? null,
  },
  number('baseline_progress', '0..1', 3, (record) => record.baseline?.progress),
  number('pitch_rad', 'radians, up positive', 5, (record) => record.pose?.pitch),
  number('yaw_rad', 'radians, nose to the left of the image positive', 5, (record) => record.pose?.yaw),
  number('roll_rad', 'radians, clockwise in the image positive', 5, (record) => record.pose?.roll),
  number('position_x_mm', 'millimetres right of the optical axis', 1, (record) => record.pose?.translationMm.x),
  number('position_y_mm', 'millimetres below the optical axis', 1, (record) => record.pose?.translationMm.y),
  number(
    'position_z_mm',
    'millimetres from the camera, assumed focal length',
    1,
    (record) => record.pose?.translationMm.z,
  ),
  number('eye_openness_left', '0 closed, about 1 open; subject’s left', 4, (record) => record.eyes?.left),
  number('eye_openness_right', '0 closed, about 1 open; subject’s right', 4, (record) => record.eyes?.right),
  { name: 'blink', type: 'boolean', unit: 'true while a blink is in progress', value: (record) => record.blink },
  number('box_left_px', 'pixels of the working frame', 2, (record) => record.box?.left),
  number('box_top_px', 'pixels of the working frame', 2, (record) => record.box?.top),
  number('box_right_px', 'pixels of the working frame', 2, (record) => record.box?.right),
  number('box_bottom_px', 'pixels of the working frame', 2, (record) => record.box?.bottom),
  number('detection_score', 'score of the last detection, 0..1', 4, (record) => record.detectionScore),
  number('presence', 'probability that the mesh lies on a face, 0..1', 4, (record) => record.quality?.presence),
  number('interocular_px', 'pixels between the eye centres', 2, (record) => record.quality?.interocularPx),
  number('sharpness', '0 flat .. 1 crisp', 4, (record) => record.quality?.sharpness),
  number('inside_frame', 'share of the face inside the frame, 0..1', 4, (record) => record.quality?.insideFrame),
];

/** Start of the column names of an action unit: "au01", "au12_left". */
export function actionUnitStem(key: string): string {
  const { number, side } = actionUnit(key);
  return `au${String(number).padStart(2, '0')}${side === null ? '' : `_${side}`}`;
}

/** Six columns of one action unit. Presence is not baselined: only strength has a resting level to subtract. */
function actionUnitColumns(key: string): RecordColumn[] {
  const stem = actionUnitStem(key);
  const { code, name } = actionUnit(key);
  const title = `${code} ${name}`;
  const readingOf = ({ actionUnits }: FaceRecord) => actionUnits?.[key];
  return [
    ...(['raw', 'smoothed'] as const).map((stage) =>
      number(
        `${stem}_presence_${stage}`,
        `${title}: probability that it is present, 0..1`,
        6,
        (record) => readingOf(record)?.presence?.[stage],
      ),
    ),
    ...STAGES.map((stage) =>
      number(
        `${stem}_intensity_${stage}`,
        `${title}: strength, 0 absent .. 5 maximum`,
        4,
        (record) => readingOf(record)?.intensity?.[stage],
      ),
    ),
    {
      name: `${stem}_active`,
      type: 'boolean',
      unit: `${title}: true while smoothed presence and intensity hold it active`,
      value: (record) => readingOf(record)?.active ?? null,
    },
  ];
}

/** The columns of a run whose model reads the action units `keys`: RECORD_COLUMNS, then six of each unit. */
export function recordColumns(keys: readonly string[]): readonly RecordColumn[] {
  return [...RECORD_COLUMNS, ...keys.flatMap(actionUnitColumns)];
}
