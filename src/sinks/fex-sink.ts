import { EMOTIONS, type Emotion } from '../domain/affect.js';
import { angleToCamera } from '../domain/gaze.js';
import type { FaceRecord } from '../domain/records.js';
import { ibugAxis } from '../record/landmarks-68.js';
import { compact, csvField } from '../record/number-text.js';
import type { FileSink } from './file-sink.js';
import { openLineFile } from './line-file.js';
import type { SinkTarget } from './output-file.js';
import type { PersonColumn } from './person-cells.js';
import { unitKey, unitsInFile } from './unit-columns.js';

const numbered = (prefix: string, from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => `${prefix}_${from + index}`);

const UNITS = '01 02 04 05 06 07 09 10 11 12 14 15 17 20 23 24 25 26 28 43'.split(' ');
const UNIT_KEYS = UNITS.map(unitKey);
const FEX_EMOTIONS: readonly Emotion[] = ['anger', 'disgust', 'fear', 'happiness', 'sadness', 'surprise', 'neutral'];
const IDENTITY_COLUMNS = 512;
const GAZE = ['gaze_pitch', 'gaze_yaw', 'gaze_angle'];

/** Columns of py-feat's Fex table as its version 1 detector writes them. */
export const FEX_COLUMNS: readonly string[] = [
  'FaceRectX',
  'FaceRectY',
  'FaceRectWidth',
  'FaceRectHeight',
  'FaceScore',
  ...numbered('x', 0, 67),
  ...numbered('y', 0, 67),
  ...['Pitch', 'Roll', 'Yaw', 'X', 'Y', 'Z'],
  ...UNITS.map((unit) => `AU${unit}`),
  ...FEX_EMOTIONS,
  ...numbered('Identity', 1, IDENTITY_COLUMNS),
  ...GAZE,
  ...['FrameHeight', 'FrameWidth', 'input', 'frame', 'approx_time', 'Identity'],
];

export interface FexVideo {
  readonly fileName: string;
  readonly widthPx: number;
  readonly heightPx: number;
}

const identity = (person: number): string => `Person_${person - 1}`;

/** Where the table tells the person; its `approx_time` has whole seconds only. */
export const FEX_PERSONS: PersonColumn = {
  name: 'Identity',
  frame: 'frame',
  firstFrame: 0,
  seconds: null,
  cell: (person) => (person === null ? '' : identity(person.person)),
};

/** `count` empty cells, each with the comma before it. */
const empty = (count: number): string => ','.repeat(count);
const NO_IDENTITY = empty(IDENTITY_COLUMNS);

function cells(values: readonly (number | undefined)[], digits: number): string {
  let text = '';
  for (const value of values) text += `,${compact(value, digits)}`;
  return text;
}

/** MM:SS, as py-feat writes it: minutes go beyond 59. */
function clock(ptsUs: number): string {
  const seconds = Math.max(0, Math.floor(ptsUs / 1e6));
  return `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`;
}

/** One row without its line end, in the order of FEX_COLUMNS. */
export function fexRow(record: FaceRecord, video: FexVideo): string {
  const { box, mesh, pose, emotions, actionUnits, gaze } = record;
  const t = pose?.translationMm;
  const row = [
    box ? cells([box.left, box.top, box.right - box.left, box.bottom - box.top], 2) : empty(4),
    `,${compact(record.detectionScore, 4)}`,
    mesh ? cells(ibugAxis(mesh, 0), 2) + cells(ibugAxis(mesh, 1), 2) : empty(136),
    cells([pose?.pitch, pose?.roll, pose?.yaw], 5),
    cells([t?.x, t?.y, t?.z], 1),
    cells(
      UNIT_KEYS.map((key) => actionUnits?.[key]?.presence?.smoothed),
      6,
    ),
    cells(
      FEX_EMOTIONS.map((emotion) => emotions?.raw[EMOTIONS.indexOf(emotion)]),
      6,
    ),
    NO_IDENTITY,
    gaze ? cells([gaze.smoothed.pitch, gaze.smoothed.yaw, angleToCamera(gaze.smoothed)], 5) : empty(GAZE.length),
    `,${video.heightPx},${video.widthPx},${csvField(video.fileName)},${record.frame},${clock(record.ptsUs)},`,
    record.track === null ? '' : identity(record.track),
  ].join('');
  return row.slice(1);
}

/** `<base>.fex.csv`: py-feat's Fex columns; rows without a face stay, empty cells read as NaN. */
export async function createFexSink(
  target: SinkTarget,
  video: FexVideo,
  options: { readonly actionUnits: readonly string[] } = { actionUnits: [] },
): Promise<FileSink> {
  const units = unitsInFile(options.actionUnits, UNITS, (unit) => `AU${unit}`);
  const file = await openLineFile(target, '.fex.csv');
  file.write(`${FEX_COLUMNS.join(',')}\n`);
  return {
    name: 'fex',
    records(batch) {
      let lines = '';
      for (const record of batch) lines += `${fexRow(record, video)}\n`;
      return file.write(lines);
    },
    episode: () => undefined,
    close: () => file.close(),
    files: () => [
      {
        path: file.path,
        format: 'py-feat Fex CSV (version 1 columns)',
        contents: {
          'Pitch, Roll, Yaw': 'radians; pitch up, roll clockwise in the image, yaw to the left of the image positive',
          'X, Y, Z': 'mm in camera axes; py-feat leaves their unit open',
          'gaze_pitch, gaze_yaw':
            'radians, of both eyes, smoothed; up and to the left of the image positive, 0 into the camera',
          gaze_angle: 'radians between that and the camera; empty, as the two above, while the eyes are closed',
          emotions:
            'raw calibrated probabilities of eight classes; contempt has no column, so seven may sum to less than 1',
          ...(options.actionUnits.length > 0
            ? {
                [units.filled.join(', ')]: 'smoothed probability that the unit is present, 0..1; not its intensity',
                ...(units.elsewhere.length > 0
                  ? { [`not in this file: ${units.elsewhere.join(', ')}`]: 'no such py-feat column; see the CSV' }
                  : {}),
              }
            : {}),
          approx_time: 'MM:SS',
          frame: 'counted from 0',
          Identity: 'Person_ and person - 1; empty where the face is nobody’s',
        },
        empty: {
          ...(options.actionUnits.length > 0
            ? { [units.empty.join(', ')]: 'action units that the model does not read' }
            : { 'AU*': 'no action unit model in this version' }),
          'Identity_*': 'no identity features, by design',
        },
      },
    ],
  };
}
