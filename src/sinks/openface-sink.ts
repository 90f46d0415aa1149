import type { GazeAngles } from '../domain/gaze.js';
import type { FaceRecord } from '../domain/records.js';
import { ibugAxis } from '../record/landmarks-68.js';
import { fixed } from '../record/number-text.js';
import type { FileSink } from './file-sink.js';
import { openLineFile } from './line-file.js';
import {
  OPENFACE_COLUMNS,
  OPENFACE_EYE_COLUMNS,
  OPENFACE_INTENSITY_UNITS,
  OPENFACE_PRESENCE_UNITS,
  OPENFACE_SHAPE_COLUMNS,
} from './openface-columns.js';
import { landmarksMm, openFaceAngles, openFaceGaze } from './openface-geometry.js';
import type { SinkTarget } from './output-file.js';
import type { PersonColumn } from './person-cells.js';
import { unitKey, unitsInFile } from './unit-columns.js';

export interface FrameSize {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Where the table tells the person; a face that is nobody's has -1. */
export const OPENFACE_PERSONS: PersonColumn = {
  name: 'face_id',
  frame: 'frame',
  firstFrame: 1,
  seconds: 'timestamp',
  cell: (person) => String((person?.person ?? 0) - 1),
};

const HEAD_COLUMNS = 5;
/** `count` empty cells, each with the comma before it. */
const empty = (count: number): string => ','.repeat(count);
const NO_FACE = empty(OPENFACE_COLUMNS.length - HEAD_COLUMNS);
const EYE_LANDMARKS = empty(OPENFACE_EYE_COLUMNS);
const NO_VECTOR = empty(3);
const SHAPE = empty(OPENFACE_SHAPE_COLUMNS);
const INTENSITY_KEYS = OPENFACE_INTENSITY_UNITS.map(unitKey);
const PRESENCE_KEYS = OPENFACE_PRESENCE_UNITS.map(unitKey);

function cells(values: readonly number[], digits: number): string {
  let text = '';
  for (const value of values) text += `,${fixed(value, digits)}`;
  return text;
}

const flag = (value: boolean | null | undefined): string =>
  value === null || value === undefined ? ',' : value ? ',1' : ',0';

/** Intensities, then presences. AU45's presence is the blink where the model has no such unit. */
function unitCells({ actionUnits, blink }: FaceRecord, blinkIsUnit45: boolean): string {
  let text = '';
  for (const key of INTENSITY_KEYS) text += `,${fixed(actionUnits?.[key]?.intensity?.smoothed, 2)}`;
  for (const key of PRESENCE_KEYS) text += flag(key === '45' && blinkIsUnit45 ? blink : actionUnits?.[key]?.active);
  return text;
}

/** Vectors of the eye on the image's left (the subject's right) and of the other, as read; angles of both, smoothed. */
function gazeCells({ gaze, pose }: FaceRecord): string {
  if (!gaze || !pose) return empty(8);
  const vector = (eye: GazeAngles | null): string => (eye ? cells(openFaceGaze(eye, pose), 6) : NO_VECTOR);
  const [x, y, z] = openFaceGaze(gaze.smoothed, pose);
  return vector(gaze.right) + vector(gaze.left) + cells([Math.atan2(x, -z), Math.atan2(y, -z)], 3);
}

/** One row without its line end, in the order of OPENFACE_COLUMNS; `keys` are the action units that the model reads. */
export function openFaceRow(record: FaceRecord, frame: FrameSize, keys: readonly string[] = []): string {
  const { mesh, pose, quality } = record;
  const success = record.validity === 'ok' || (record.validity === 'model-off' && mesh !== null);
  const faceId = record.track === null ? 0 : record.track - 1;
  const confidence = fixed(quality?.presence ?? 0, 2);
  const head = `${record.frame + 1},${faceId},${fixed(record.ptsUs / 1e6, 3)},${confidence},${success ? 1 : 0}`;
  if (!mesh || !pose) return head + NO_FACE;
  const { translationMm: t } = pose;
  const { rx, ry, rz } = openFaceAngles(pose);
  const mm = landmarksMm(mesh, pose, frame);
  return [
    head,
    gazeCells(record),
    EYE_LANDMARKS,
    cells([t.x, t.y, t.z], 1),
    cells([rx, ry, rz], 3),
    cells(ibugAxis(mesh, 0), 1),
    cells(ibugAxis(mesh, 1), 1),
    cells(mm.x, 1),
    cells(mm.y, 1),
    cells(mm.z, 1),
    SHAPE,
    unitCells(record, !keys.includes('45')),
  ].join('');
}

/** `<base>.openface.csv`: OpenFace 2.2's columns. What mien does not measure is left empty, never 0. */
export async function createOpenFaceSink(
  target: SinkTarget,
  frame: FrameSize,
  options: { readonly actionUnits: readonly string[] } = { actionUnits: [] },
): Promise<FileSink> {
  const { actionUnits } = options;
  const intensities = unitsInFile(actionUnits, OPENFACE_INTENSITY_UNITS, (unit) => `AU${unit}_r`);
  const presences = unitsInFile(actionUnits, OPENFACE_PRESENCE_UNITS, (unit) => `AU${unit}_c`);
  const blinkIsUnit45 = !actionUnits.includes('45');
  const file = await openLineFile(target, '.openface.csv');
  file.write(`${OPENFACE_COLUMNS.join(',')}\n`);
  return {
    name: 'openface',
    records(batch) {
      let lines = '';
      for (const record of batch) lines += `${openFaceRow(record, frame, actionUnits)}\n`;
      return file.write(lines);
    },
    episode: () => undefined,
    close: () => file.close(),
    files: () => [
      {
        path: file.path,
        format: 'OpenFace 2.2 CSV',
        contents: {
          frame: 'counted from 1',
          face_id: 'person - 1; 0 where there is no face, -1 where it is nobody’s',
          timestamp: 'seconds of media time',
          confidence: 'FaceMesh presence, 0..1; 0 where there is no face',
          success: '1 when the face has a valid reading',
          'gaze_0_*, gaze_1_*':
            'unit vectors in camera axes, x right, y down, z away: the eye on the image’s left and the one on its right, as read in this frame; empty while closed',
          'gaze_angle_*':
            'rad, of both eyes, smoothed: atan2(x, -z) to the right and atan2(y, -z) down positive; empty while closed',
          'pose_T*': 'mm, camera axes x right, y down, z away; assumed focal length (500 px at 640 x 480, scaled)',
          'pose_R*':
            'rad, R = Rx Ry Rz relative to the camera axes: Rx down, Ry to the left of the image, Rz clockwise positive',
          'x_*, y_*': 'pixels of the working frame, 68 iBUG points taken from 468 mesh points',
          'X_*, Y_*, Z_*':
            'mm in camera axes, weak perspective: X = (x - width/2) Tz/f, Y = (y - height/2) Tz/f, Z = Tz + z Tz/f',
          ...(actionUnits.length > 0
            ? {
                [intensities.filled.join(', ')]: 'smoothed intensity, 0 absent .. 5 maximum',
                [presences.filled.join(', ')]:
                  '1 while active, 0 while not: from smoothed presence and intensity together, so both columns agree',
                ...(intensities.elsewhere.length > 0
                  ? {
                      [`not in this file: ${intensities.elsewhere.join(', ')}`]: 'no such OpenFace column; see the CSV',
                    }
                  : {}),
              }
            : {}),
          ...(blinkIsUnit45 ? { AU45_c: '1 while a blink is in progress, 0 while not, empty where not known' } : {}),
        },
        empty: {
          'eye_lmk_*': 'no eye landmarks',
          'p_*': 'no point distribution model',
          ...(actionUnits.length > 0
            ? {
                [[...intensities.empty, ...presences.empty.filter((name) => name !== 'AU45_c')].join(', ')]:
                  'action units that the model does not read',
              }
            : { 'AU*_r, AU*_c but AU45_c': 'no action unit model in this version' }),
          'all but the first five': 'rows without a face',
        },
      },
    ],
  };
}
