import type { MeasuredPriors } from '../domain/insight.js';

/** Turn of the head from which it is told, degrees. */
const TURNED_FROM = 12;
/** Sharpness below which the picture is called soft. */
const SOFT_BELOW = 0.2;

/** "head turned 25 degrees to the left of the picture; head tilted 14 degrees down"; empty where it hardly is. */
export function poseText({ pose }: Pick<MeasuredPriors, 'pose'>): string {
  if (pose === null) return '';
  const degrees = (angle: number): number => Math.round((Math.abs(angle) * 180) / Math.PI);
  const parts: string[] = [];
  if (degrees(pose.yaw) >= TURNED_FROM)
    parts.push(`head turned ${degrees(pose.yaw)} degrees to the ${pose.yaw > 0 ? 'left' : 'right'} of the picture`);
  if (degrees(pose.pitch) >= TURNED_FROM)
    parts.push(`head tilted ${degrees(pose.pitch)} degrees ${pose.pitch > 0 ? 'up' : 'down'}`);
  return parts.join('; ');
}

/** Said of a picture with too few fine lines; empty of any other. */
export function softText({ sharpness }: Pick<MeasuredPriors, 'sharpness'>): string {
  return sharpness !== null && sharpness < SOFT_BELOW ? 'the picture is soft' : '';
}
