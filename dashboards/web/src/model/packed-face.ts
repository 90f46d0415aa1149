import { createRecordPacker, type FrameFacts, type PackedRecord } from '../../../../src/record/packing.js';
import type { FaceRecordJson } from './wire.js';

/**
 * A face record in about a kilobyte instead of five: minutes of ten people fit in memory. What comes out of `unpack` is
 * what the server sent, but for landmarks.
 */
export interface PackedFace extends PackedRecord {
  /** x, y of each point in quarters of a pixel of the working frame; null when not sent. */
  readonly points: Int16Array | null;
}

const SUBPIXEL = 4;

/** Packs records of one run of the server, whose action units are `units`. */
export interface FacePacker {
  pack(record: FaceRecordJson): PackedFace;
  unpack(face: PackedFace, frame: FrameFacts): FaceRecordJson;
}

export function createPacker(units: readonly string[]): FacePacker {
  const packer = createRecordPacker(units);
  // Few combinations of reasons occur: equal ones share one object.
  const reasons = new Map<string, FaceRecordJson['missing']>();
  const shared = (missing: FaceRecordJson['missing']): FaceRecordJson['missing'] => {
    const key = JSON.stringify(missing);
    const known = reasons.get(key) ?? missing;
    if (reasons.size < 256) reasons.set(key, known);
    return known;
  };
  return {
    pack(record) {
      const { kept, values } = packer.pack(record);
      return { kept: { ...kept, missing: shared(kept.missing) }, values, points: packPoints(record.landmarks) };
    },
    unpack: (face, frame) => packer.unpack(face, frame),
  };
}

function packPoints(landmarks: FaceRecordJson['landmarks']): Int16Array | null {
  if (!landmarks) return null;
  const points = new Int16Array((landmarks.length / 3) * 2);
  for (let at = 0; at < points.length / 2; at++) {
    points[2 * at] = Math.round((landmarks[3 * at] ?? Number.NaN) * SUBPIXEL);
    points[2 * at + 1] = Math.round((landmarks[3 * at + 1] ?? Number.NaN) * SUBPIXEL);
  }
  return points;
}

/** Pixels of the working frame from a packed coordinate. */
export const pixelsOf = (packed: number): number => packed / SUBPIXEL;

/** Bytes a packed face takes in memory, for the bound of the history. */
export const bytesOf = (face: PackedFace): number => 320 + face.values.byteLength + (face.points?.byteLength ?? 0);
