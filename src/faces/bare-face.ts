import type { Detection, FaceKeypoints, FaceQuality, Validity } from '../domain/face.js';
import { probability } from '../domain/units.js';
import { boxWidth, shareInside } from './crop-matrix.js';
import type { ValidityLimits } from './validity.js';

/**
 * How sure the detectors must be together (FaceScanner.bareFaces) that a detection is a face where the mesh, which learnt faces
 * seen from the front, finds none: at first, and from then on. One detector alone must be surer. Of 1,260 FairFace faces, which
 * fill the picture, 0.020 are lost so (asking the near detector alone for 0.55 twice: 0.034); of about 800 pieces of
 * textures, things and noise 3 are called faces (0). At 0.55 and 0.46 it is 0.028 and 1.
 */
const BARE_OPINION = { first: 0.5, followed: 0.42, alone: 0.6 } as const;
/** Only a face that is at least so wide, in shorter sides of the frame: of small ones the mesh has the last word. */
const BARE_SHARE = 0.2;
/** Eye distance over the width of a detection's box. */
const EYES_OF_WIDTH = 0.42;
/**
 * Distance of the nose from the middle between the ears, in ear distances, from which on a head is turned by 60 degrees or more.
 * On 1,260 FairFace faces 99 % of those read as turned by up to 40 degrees have 0.64 or less, those beyond 60 degrees 1.0 or
 * more, and the median of faces in which the mesh finds none is 0.58.
 */
const PROFILE_OFFSET = 0.75;
/** The same for a face without a mesh, which is no view from the front. */
const BARE_PROFILE_OFFSET = 0.3;

interface Size {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Whether a detection is large enough to be reported as a face although the mesh finds none in it. */
export const mayBeBare = ({ box }: Detection, frame: Size): boolean =>
  boxWidth(box) >= BARE_SHARE * Math.min(frame.widthPx, frame.heightPx);

/** Whether that many detectors are sure enough of a face without a mesh; `followed`: it was one in the frame before. */
export function isBareFace(
  opinion: number,
  about: { readonly detectors: number; readonly followed: boolean },
): boolean {
  if (about.detectors === 1) return opinion >= BARE_OPINION.alone;
  return opinion >= (about.followed ? BARE_OPINION.followed : BARE_OPINION.first);
}

/** How far the nose lies from the middle between the ears, in ear distances along their line: 0 from the front. */
export function noseOffset({ rightEar, leftEar, nose }: FaceKeypoints): number {
  const dx = leftEar.x - rightEar.x;
  const dy = leftEar.y - rightEar.y;
  const along = (nose.x - rightEar.x) * dx + (nose.y - rightEar.y) * dy;
  return Math.abs(along / Math.max(dx * dx + dy * dy, 1e-9) - 0.5);
}

/** Whether a nose offset tells a view from the side, whatever the mesh reads. */
export const isProfile = (offset: number): boolean => offset > PROFILE_OFFSET;

/** Quality of a face without a mesh, from its detection; `presence` is what the mesh found nevertheless. */
export function bareQuality({ box }: Detection, presence: number, frame: Size): FaceQuality {
  return {
    interocularPx: EYES_OF_WIDTH * boxWidth(box),
    sharpness: null,
    presence: probability(presence),
    insideFrame: probability(shareInside(box, frame)),
  };
}

/** Why a face without a mesh is not read. */
export function judgeBare(
  { keypoints }: Detection,
  quality: FaceQuality,
  limits: ValidityLimits,
): Exclude<Validity, 'ok'> {
  if (quality.interocularPx < limits.minInterocularPx) return 'too-small';
  if (quality.insideFrame < limits.minInsideFrame) return 'out-of-frame';
  return noseOffset(keypoints) > BARE_PROFILE_OFFSET ? 'profile' : 'low-confidence';
}
