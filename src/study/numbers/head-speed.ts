import { rounded } from '../../record/number-text.js';
import { HEAD_SPEED_DIGITS, type SignalValues, valueAt } from './signals.js';

const DEGREES = 180 / Math.PI;

/** Rotation of a head as a matrix, row by row: Ry(yaw) Rx(-pitch) Rz(roll), as HeadPose says. */
function rotation(pitch: number, yaw: number, roll: number): readonly number[] {
  const [cy, sy] = [Math.cos(yaw), Math.sin(yaw)];
  const [cp, sp] = [Math.cos(pitch), Math.sin(-pitch)];
  const [cr, sr] = [Math.cos(roll), Math.sin(roll)];
  return [
    cy * cr + sy * sp * sr,
    sy * sp * cr - cy * sr,
    sy * cp,
    cp * sr,
    cp * cr,
    -sp,
    cy * sp * sr - sy * cr,
    sy * sr + cy * sp * cr,
    cy * cp,
  ];
}

/** Angle between two rotations, degrees; from the distance of their matrices, which is exact for small angles too. */
function angleBetween(a: readonly number[], b: readonly number[]): number {
  let squares = 0;
  for (let at = 0; at < 9; at++) squares += (a[at]! - b[at]!) * (a[at]! - b[at]!);
  return 2 * Math.asin(Math.min(1, Math.sqrt(squares / 8))) * DEGREES;
}

/** Angle by which the head turned since the frame before, degrees a second; NaN where either has no pose, or after a pause. */
export function headSpeeds({
  timeUs,
  signals,
  maxFrameUs,
}: {
  readonly timeUs: Float64Array;
  readonly signals: ReadonlyMap<string, SignalValues>;
  readonly maxFrameUs: number;
}): Float32Array {
  const angles = ['head_pitch', 'head_yaw', 'head_roll'].map((name) => signals.get(name)!);
  let before: readonly number[] | null = null;
  return Float32Array.from(timeUs, (at, frame) => {
    const [pitch, yaw, roll] = angles.map((angle) => valueAt(angle, frame)) as [number, number, number];
    const turned = Number.isNaN(pitch) ? null : rotation(pitch, yaw, roll);
    const gapUs = frame === 0 ? Number.NaN : at - timeUs[frame - 1]!;
    const speed =
      before === null || turned === null || !(gapUs > 0 && gapUs <= maxFrameUs)
        ? Number.NaN
        : rounded(angleBetween(before, turned) / (gapUs / 1e6), HEAD_SPEED_DIGITS);
    before = turned;
    return speed;
  });
}
