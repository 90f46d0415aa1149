import { EMOTIONS, type Emotion } from '../../../../src/domain/affect.js';
import type { Validity } from '../../../../src/domain/face.js';
import type { FaceRecordJson } from './wire.js';

/**
 * A face record in about a kilobyte instead of five: minutes of ten people fit in memory. Numbers are 32-bit floats,
 * NaN for null; `unpackFace` rounds them to the decimals the server sent, so that nothing is lost.
 */
export interface PackedFace {
  readonly track: number | null;
  readonly validity: Validity;
  readonly label: Emotion | null;
  readonly blink: boolean | null;
  readonly baseline: 'warming' | 'ready' | 'off' | null;
  readonly wallTime: string | null;
  readonly missing: Readonly<Record<string, string>>;
  readonly values: Float32Array;
  /** x, y of each point in quarters of a pixel of the working frame; null when not sent. */
  readonly points: Int16Array | null;
}

const STAGES = ['raw', 'baselined', 'smoothed'] as const;
/** Places of the numbers in `values`; the units follow from `units`, seven each. */
export const AT = {
  raw: 0,
  baselined: 8,
  smoothed: 16,
  affectRaw: 24,
  affectBaselined: 26,
  affectSmoothed: 28,
  pose: 30,
  eyes: 36,
  quality: 38,
  confidence: 42,
  score: 43,
  progress: 44,
  box: 45,
  units: 49,
} as const;
/** Places within a unit. */
export const UNIT = { presenceRaw: 0, presence: 2, intensityRaw: 3, intensity: 5, active: 6, length: 7 } as const;
const SUBPIXEL = 4;

const orNaN = (value: number | null | undefined): number => value ?? Number.NaN;

/** Packs records of one run of the server, whose action units are `keys`. */
export function createPacker(keys: readonly string[]): {
  pack(record: FaceRecordJson): PackedFace;
  unpack(face: PackedFace, frame: { source: string; frame: number; ptsUs: number }): FaceRecordJson;
} {
  // Few combinations of reasons occur: equal ones share one object.
  const reasons = new Map<string, Readonly<Record<string, string>>>();
  const shared = (missing: Readonly<Record<string, string>>): Readonly<Record<string, string>> => {
    const key = JSON.stringify(missing);
    const known = reasons.get(key) ?? missing;
    if (reasons.size < 256) reasons.set(key, known);
    return known;
  };
  return {
    pack: (record) => ({
      track: record.track,
      validity: record.validity,
      label: record.label,
      blink: record.blink,
      baseline: record.baseline?.status ?? null,
      wallTime: record.wallTime,
      missing: shared(record.missing),
      values: packValues(record, keys),
      points: packPoints(record.landmarks),
    }),
    unpack: (face, frame) => unpackFace(face, frame, keys),
  };
}

function packValues(record: FaceRecordJson, keys: readonly string[]): Float32Array {
  const values = new Float32Array(AT.units + UNIT.length * keys.length).fill(Number.NaN);
  const { emotions, valenceArousal, pose, eyes, quality, box, actionUnits } = record;
  for (const stage of STAGES) {
    const shares = emotions?.[stage];
    if (shares) for (const [index, name] of EMOTIONS.entries()) values[AT[stage] + index] = orNaN(shares[name]);
  }
  for (const [index, stage] of STAGES.entries()) {
    const point = valenceArousal?.[stage];
    if (point) values.set([point.valence, point.arousal], AT.affectRaw + 2 * index);
  }
  if (pose) {
    const { x, y, z } = pose.translationMm;
    values.set([pose.yaw, pose.pitch, pose.roll, x, y, z], AT.pose);
  }
  if (eyes) values.set([eyes.left, eyes.right], AT.eyes);
  if (quality) {
    const { interocularPx, sharpness, presence, insideFrame } = quality;
    values.set([interocularPx, orNaN(sharpness), presence, insideFrame], AT.quality);
  }
  values[AT.confidence] = orNaN(record.confidence);
  values[AT.score] = orNaN(record.detectionScore);
  values[AT.progress] = orNaN(record.baseline?.progress);
  if (box) values.set([box.left, box.top, box.right, box.bottom], AT.box);
  for (const [index, key] of keys.entries()) {
    const reading = actionUnits?.[key];
    if (!reading) continue;
    const at = AT.units + UNIT.length * index;
    const { presence, intensity, active } = reading;
    values.set(presence ? STAGES.map((stage) => orNaN(presence[stage])) : [], at + UNIT.presenceRaw);
    values.set(intensity ? STAGES.map((stage) => orNaN(intensity[stage])) : [], at + UNIT.intensityRaw);
    // 2 tells "read, but neither active nor not" from "no reading of this unit".
    values[at + UNIT.active] = active === null ? 2 : active ? 1 : 0;
  }
  return values;
}

function packPoints(landmarks: FaceRecordJson['landmarks']): Int16Array | null {
  if (!landmarks) return null;
  const points = new Int16Array((landmarks.length / 3) * 2);
  for (let at = 0; at < points.length / 2; at++) {
    points[2 * at] = Math.round(orNaN(landmarks[3 * at]) * SUBPIXEL);
    points[2 * at + 1] = Math.round(orNaN(landmarks[3 * at + 1]) * SUBPIXEL);
  }
  return points;
}

/** Pixels of the working frame from a packed coordinate. */
export const pixelsOf = (packed: number): number => packed / SUBPIXEL;

/** Bytes a packed face takes in memory, for the bound of the history. */
export const bytesOf = (face: PackedFace): number => 320 + face.values.byteLength + (face.points?.byteLength ?? 0);

function unpackFace(
  face: PackedFace,
  frame: { source: string; frame: number; ptsUs: number },
  keys: readonly string[],
): FaceRecordJson {
  const { values } = face;
  const number = (at: number, digits: number): number => Math.round(values[at]! * 10 ** digits) / 10 ** digits + 0;
  const maybe = (at: number, digits: number): number | null => (Number.isNaN(values[at]) ? null : number(at, digits));
  const has = (at: number): boolean => !Number.isNaN(values[at]);
  const shares = (at: number) =>
    Object.fromEntries(EMOTIONS.map((name, index) => [name, number(at + index, 6)])) as Record<Emotion, number>;
  const affect = (at: number) => ({ valence: number(at, 6), arousal: number(at + 1, 6) });
  const staged = (at: number, digits: number) =>
    has(at) ? { raw: number(at, digits), baselined: maybe(at + 1, digits), smoothed: number(at + 2, digits) } : null;
  const units = keys.flatMap((key, index) => {
    const at = AT.units + UNIT.length * index;
    if (!has(at + UNIT.active)) return [];
    const flag = values[at + UNIT.active];
    const active = flag === 2 ? null : flag === 1;
    return [[key, { presence: staged(at, 6), intensity: staged(at + UNIT.intensityRaw, 4), active }] as const];
  });
  return {
    v: 1,
    ...frame,
    wallTime: face.wallTime,
    track: face.track,
    validity: face.validity,
    box: has(AT.box)
      ? {
          space: 'frame',
          left: number(AT.box, 2),
          top: number(AT.box + 1, 2),
          right: number(AT.box + 2, 2),
          bottom: number(AT.box + 3, 2),
        }
      : null,
    detectionScore: maybe(AT.score, 4),
    pose: has(AT.pose)
      ? {
          yaw: number(AT.pose, 5),
          pitch: number(AT.pose + 1, 5),
          roll: number(AT.pose + 2, 5),
          translationMm: { x: number(AT.pose + 3, 1), y: number(AT.pose + 4, 1), z: number(AT.pose + 5, 1) },
        }
      : null,
    eyes: has(AT.eyes) ? { left: number(AT.eyes, 4), right: number(AT.eyes + 1, 4) } : null,
    blink: face.blink,
    quality: has(AT.quality)
      ? {
          interocularPx: number(AT.quality, 4),
          sharpness: maybe(AT.quality + 1, 4),
          presence: number(AT.quality + 2, 4),
          insideFrame: number(AT.quality + 3, 4),
        }
      : null,
    emotions: has(AT.raw)
      ? {
          raw: shares(AT.raw),
          baselined: has(AT.baselined) ? shares(AT.baselined) : null,
          smoothed: shares(AT.smoothed),
        }
      : null,
    valenceArousal: has(AT.affectRaw)
      ? {
          raw: affect(AT.affectRaw),
          baselined: has(AT.affectBaselined) ? affect(AT.affectBaselined) : null,
          smoothed: affect(AT.affectSmoothed),
        }
      : null,
    label: face.label,
    confidence: maybe(AT.confidence, 6),
    baseline: face.baseline === null ? null : { status: face.baseline, progress: orNull(maybe(AT.progress, 4)) },
    actionUnits: units.length > 0 ? Object.fromEntries(units) : null,
    missing: { ...face.missing },
  };
}

const orNull = (value: number | null): number => value ?? 0;
