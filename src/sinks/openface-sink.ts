import type { HeadPose } from '../domain/face.js';
import type { FaceRecord } from '../domain/records.js';
import type { FileSink } from './file-sink.js';
import { ibugAxis } from './landmarks-68.js';
import { openLineFile } from './line-file.js';
import { fixed } from './number-text.js';
import {
  OPENFACE_COLUMNS,
  OPENFACE_GAZE_COLUMNS,
  OPENFACE_INTENSITY_COLUMNS,
  OPENFACE_PRESENCE_COLUMNS,
  OPENFACE_SHAPE_COLUMNS,
} from './openface-columns.js';

/**
 * Our angles (yaw, then pitch, then roll) as OpenFace's: R = Rx · Ry · Rz in camera axes x right, y down, z away.
 * For small angles Rx = -pitch, Ry = yaw, Rz = roll.
 */
export function openFaceAngles({ yaw, pitch, roll }: HeadPose): {
  readonly rx: number;
  readonly ry: number;
  readonly rz: number;
} {
  const [cy, sy, cp, sp, cr, sr] = [
    Math.cos(yaw),
    Math.sin(yaw),
    Math.cos(-pitch),
    Math.sin(-pitch),
    Math.cos(roll),
    Math.sin(roll),
  ];
  // Ry(yaw) · Rx(-pitch) · Rz(roll), the entries that are needed.
  const r00 = cy * cr + sy * sp * sr;
  const r01 = -cy * sr + sy * sp * cr;
  const r02 = sy * cp;
  const r12 = -sp;
  const r22 = cy * cp;
  return { rx: Math.atan2(-r12, r22), ry: Math.asin(Math.max(-1, Math.min(1, r02))), rz: Math.atan2(-r01, r00) };
}

const empty = (count: number): string[] => new Array<string>(count).fill('');

/** Landmarks in millimetres of camera space: weak perspective about the head's own distance. */
function landmarksMm(record: FaceRecord, pose: HeadPose): { x: number[]; y: number[]; z: number[] } {
  const mesh = record.mesh!;
  const { translationMm: t } = pose;
  const [px, py, pz] = [ibugAxis(mesh, 0), ibugAxis(mesh, 1), ibugAxis(mesh, 2)];
  // The head's own scale: its eye distance in pixels stands for 63 mm, the adult mean (Dodgson 2004).
  const mmPerPx = 63 / record.quality!.interocularPx;
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(px), mean(py)];
  return {
    x: px.map((value) => t.x + (value - mx) * mmPerPx),
    y: py.map((value) => t.y + (value - my) * mmPerPx),
    z: pz.map((value) => t.z + value * mmPerPx),
  };
}

/** Cells of one row, in the order of OPENFACE_COLUMNS. */
export function openFaceRow(record: FaceRecord): string[] {
  const { mesh, pose, quality } = record;
  const success = record.validity === 'ok';
  const head = [
    String(record.frame + 1),
    String(record.track === null ? 0 : record.track - 1),
    fixed(record.ptsUs / 1e6, 3),
    fixed(quality?.presence ?? 0, 2),
    success ? '1' : '0',
  ];
  if (!mesh || !pose || !quality) return [...head, ...empty(OPENFACE_COLUMNS.length - head.length)];
  const { translationMm: t } = pose;
  const { rx, ry, rz } = openFaceAngles(pose);
  const mm = landmarksMm(record, pose);
  const one = (values: readonly number[]): string[] => values.map((value) => fixed(value, 1));
  const presence = empty(OPENFACE_PRESENCE_COLUMNS);
  presence[OPENFACE_PRESENCE_COLUMNS - 1] = record.blink === null ? '' : record.blink ? '1' : '0';
  return [
    ...head,
    ...empty(OPENFACE_GAZE_COLUMNS),
    ...one([t.x, t.y, t.z]),
    ...[rx, ry, rz].map((angle) => fixed(angle, 3)),
    ...one(ibugAxis(mesh, 0)),
    ...one(ibugAxis(mesh, 1)),
    ...one(mm.x),
    ...one(mm.y),
    ...one(mm.z),
    ...empty(OPENFACE_SHAPE_COLUMNS),
    ...empty(OPENFACE_INTENSITY_COLUMNS),
    ...presence,
  ];
}

/** `<base>.openface.csv`: OpenFace 2.2's columns. What mien does not measure is left empty, never 0. */
export async function createOpenFaceSink(base: string): Promise<FileSink> {
  const file = await openLineFile(`${base}.openface.csv`);
  await file.write(`${OPENFACE_COLUMNS.join(',')}\n`);
  return {
    name: 'openface',
    records(batch) {
      let lines = '';
      for (const record of batch) lines += `${openFaceRow(record).join(',')}\n`;
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
          face_id: 'track - 1; 0 where there is no face',
          confidence: 'FaceMesh presence, 0..1',
          success: '1 when the face has a valid reading',
          pose_T: 'mm, camera axes x right, y down, z away; assumed focal length (500 px at 640 x 480, scaled)',
          pose_R: 'rad, R = Rx Ry Rz in those axes, relative to the line of sight',
          'x_, y_': 'pixels of the working frame, 68 iBUG points taken from 468 mesh points',
          'X_, Y_, Z_': 'mm, weak perspective about the head’s distance',
          AU45_c: '1 while a blink is in progress',
        },
        empty: {
          'gaze_*, eye_lmk_*': 'no gaze model',
          'p_*': 'no point distribution model',
          'AU*_r, AU*_c but AU45_c': 'no action unit model in this version',
          'all but the first five': 'rows without a face',
        },
      },
    ],
  };
}
