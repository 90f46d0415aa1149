import type { Box, Detection, FaceKeypoints, Point } from '../domain/face.js';
import { boxArea, containment, overlap } from './crop-matrix.js';

const KEYPOINT_NAMES = ['rightEye', 'leftEye', 'nose', 'mouth', 'rightEar', 'leftEar'] as const;

function weightedMean(group: readonly Detection[]): Detection {
  const best = group[0]!;
  let total = 0;
  const box = { left: 0, top: 0, right: 0, bottom: 0 };
  const sums = KEYPOINT_NAMES.map(() => ({ x: 0, y: 0 }));
  for (const detection of group) {
    const weight = detection.score;
    total += weight;
    box.left += weight * detection.box.left;
    box.top += weight * detection.box.top;
    box.right += weight * detection.box.right;
    box.bottom += weight * detection.box.bottom;
    for (const [index, name] of KEYPOINT_NAMES.entries()) {
      const sum = sums[index]!;
      sum.x += weight * detection.keypoints[name].x;
      sum.y += weight * detection.keypoints[name].y;
    }
  }
  const mean = (point: Point): Point => ({ x: point.x / total, y: point.y / total });
  const keypoints = Object.fromEntries(
    KEYPOINT_NAMES.map((name, index) => [name, mean(sums[index]!)]),
  ) as unknown as FaceKeypoints;
  const merged: Box<'frame'> = {
    space: 'frame',
    left: box.left / total,
    top: box.top / total,
    right: box.right / total,
    bottom: box.bottom / total,
  };
  return { box: merged, keypoints, score: best.score };
}

/** Roll of a detection, clockwise radians from its eyes. */
export function rollOf({ rightEye, leftEye }: Pick<FaceKeypoints, 'rightEye' | 'leftEye'>): number {
  return Math.atan2(leftEye.y - rightEye.y, leftEye.x - rightEye.x);
}

/** Whether two rolls are of one face read in two ways: more than 60 degrees apart. */
export function isTurnedAgainst(a: number, b: number): boolean {
  return Math.cos(a - b) < 0.5;
}

/**
 * How much surer a view must be that a face leans by more than 60 degrees than another is that the same face does not: nearly
 * all faces are upright, and seen from the side some look like a face that lies. Of 69 FairFace faces that are hard to see, 6
 * were read as lying, by up to 0.17 surer.
 */
const LYING_LEAD = 0.15;

/** What detections of one face are compared by. */
const rankOf = ({ score, keypoints }: Detection): number =>
  isTurnedAgainst(rollOf(keypoints), 0) ? score - LYING_LEAD : score;

/**
 * Weighted non-maximum suppression of BlazeFace (Bazarevsky et al. 2019, §4; MediaPipe's WEIGHTED algorithm):
 * the best detection takes the score-weighted mean of all that overlap it by more than `minOverlap`, and keeps
 * its own score. Returned in falling order of score, that of faces which lie lowered by LYING_LEAD.
 *
 * @param minOverlap IoU, 0..1; raising it keeps faces that overlap apart, and more duplicates. @default 0.3
 */
export function suppressWeighted(detections: readonly Detection[], minOverlap = 0.3): Detection[] {
  let rest = [...detections].sort((a, b) => rankOf(b) - rankOf(a));
  const kept: Detection[] = [];
  while (rest.length > 0) {
    const best = rest[0]!;
    const group: Detection[] = [];
    /** Of the same face, seen from a view that is turned: right or wrong as a whole, so no mean is taken with it. */
    const isAlike = (detection: Detection): boolean =>
      !isTurnedAgainst(rollOf(detection.keypoints), rollOf(best.keypoints));
    const others: Detection[] = [];
    for (const detection of rest) {
      if (detection !== best && overlap(best.box, detection.box) <= minOverlap) others.push(detection);
      else if (isAlike(detection)) group.push(detection);
    }
    kept.push(weightedMean(group));
    rest = others;
  }
  return kept;
}

/**
 * Drops detections that lie mostly inside a stronger one: a tile sees a part of a face that a coarser view saw
 * whole. `detections` in falling order of score.
 */
export function dropContained(detections: readonly Detection[], maxContainment = 0.7): Detection[] {
  const kept: Detection[] = [];
  for (const detection of detections) {
    if (!kept.some((other) => containment(other.box, detection.box) > maxContainment)) kept.push(detection);
  }
  return kept;
}

/** Share of the smaller box from which on two detections are of one face, or one is of the other's hair or chin. */
export const TOUCHING = 0.2;

/** Share of the area of a detection below which a weaker one there is a part of it. */
const PART = 0.25;

/** Whether a detection is so much smaller that it is a part of the other, as an eye or an ear is. */
const isPartOf = (part: Detection, whole: Detection): boolean => boxArea(part.box) < PART * boxArea(whole.box);

/**
 * Adds what other looks at the frame found where `seen` has nothing, or nothing strong. They see the frame smaller or
 * turned, so their boxes are the worse ones wherever both have a face.
 */
export function addUnseen(
  seen: readonly Detection[],
  looked: readonly Detection[],
  strongScore: number,
): readonly Detection[] {
  let kept = seen;
  for (const detection of looked) {
    const rivals = kept.filter(({ box }) => containment(box, detection.box) > TOUCHING);
    const better = (rival: Detection): boolean =>
      rankOf(detection) > rankOf(rival) &&
      ((rival.score < strongScore && (detection.score >= strongScore || isPartOf(rival, detection))) ||
        (detection.score >= strongScore && isTurnedAgainst(rollOf(detection.keypoints), rollOf(rival.keypoints))));
    if (rivals.every(better)) kept = [...kept.filter((other) => !rivals.includes(other)), detection];
  }
  return kept;
}
