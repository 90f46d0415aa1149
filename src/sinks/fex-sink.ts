import { EMOTIONS, type Emotion } from '../domain/affect.js';
import type { FaceRecord } from '../domain/records.js';
import type { FileSink } from './file-sink.js';
import { ibugAxis } from './landmarks-68.js';
import { openLineFile } from './line-file.js';
import { compact, csvField } from './number-text.js';

const numbered = (prefix: string, from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => `${prefix}_${from + index}`);

const UNITS = [
  '01',
  '02',
  '04',
  '05',
  '06',
  '07',
  '09',
  '10',
  '11',
  '12',
  '14',
  '15',
  '17',
  '20',
  '23',
  '24',
  '25',
  '26',
  '28',
  '43',
];
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

const empty = (count: number): string[] => new Array<string>(count).fill('');

function clock(ptsUs: number): string {
  const seconds = Math.max(0, Math.floor(ptsUs / 1e6));
  return `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`;
}

/** Cells of one row, in the order of FEX_COLUMNS. */
export function fexRow(record: FaceRecord, video: FexVideo): string[] {
  const { box, mesh, pose, emotions } = record;
  const probability = (emotion: Emotion): string => compact(emotions?.raw[EMOTIONS.indexOf(emotion)], 6);
  return [
    ...(box
      ? [box.left, box.top, box.right - box.left, box.bottom - box.top].map((value) => compact(value, 2))
      : empty(4)),
    compact(record.detectionScore, 4),
    ...(mesh ? [...ibugAxis(mesh, 0), ...ibugAxis(mesh, 1)].map((value) => compact(value, 2)) : empty(136)),
    ...(pose ? [pose.pitch, pose.roll, pose.yaw].map((value) => compact(value, 5)) : empty(3)),
    ...(pose
      ? [pose.translationMm.x, pose.translationMm.y, pose.translationMm.z].map((value) => compact(value, 1))
      : empty(3)),
    ...empty(UNITS.length),
    ...FEX_EMOTIONS.map(probability),
    ...empty(IDENTITY_COLUMNS),
    ...empty(GAZE.length),
    String(video.heightPx),
    String(video.widthPx),
    csvField(video.fileName),
    String(record.frame),
    clock(record.ptsUs),
    record.track === null ? '' : `Person_${record.track - 1}`,
  ];
}

/** `<base>.fex.csv`: py-feat's Fex columns; rows without a face stay, empty cells read as NaN. */
export async function createFexSink(base: string, video: FexVideo): Promise<FileSink> {
  const file = await openLineFile(`${base}.fex.csv`);
  await file.write(`${FEX_COLUMNS.join(',')}\n`);
  return {
    name: 'fex',
    records(batch) {
      let lines = '';
      for (const record of batch) lines += `${fexRow(record, video).join(',')}\n`;
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
          emotions:
            'raw calibrated probabilities of eight classes; contempt has no column, so seven may sum to less than 1',
          approx_time: 'MM:SS',
          frame: 'counted from 0',
        },
        empty: {
          'AU*': 'no action unit model in this version',
          'Identity_*': 'no identity features, by design',
          'gaze_*': 'no gaze model',
        },
      },
    ],
  };
}
