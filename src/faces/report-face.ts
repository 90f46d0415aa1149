import type { TrackedFace } from '../domain/face.js';
import type { Frame } from '../domain/frame.js';
import { probability } from '../domain/units.js';
import { bareQuality, isProfile, judgeBare } from './bare-face.js';
import { shareInside } from './crop-matrix.js';
import { type CanonicalFace, headPose } from './head-pose.js';
import { eyeOpenness, interocularPx, meshBox } from './mesh-geometry.js';
import type { Track } from './track-state.js';
import { judgeValidity, type ValidityLimits } from './validity.js';

/** Yaw that the mesh must read, radians, before the keypoints' word counts: beyond 60 degrees it reads 40 and less. */
const PROFILE_YAW = (35 * Math.PI) / 180;

/** A followed face as the stage gives it out: measured and judged. `canonical` in camera axes. */
export function reportFace(
  track: Track,
  frame: Frame,
  options: { readonly canonical: CanonicalFace; readonly validity: ValidityLimits },
): TrackedFace {
  const { canonical, validity: limits } = options;
  const common = {
    trackId: track.id,
    detectionScore: track.detectionScore === null ? null : probability(track.detectionScore),
  };
  if (track.bare) {
    const { bare } = track;
    const quality = bareQuality(bare, track.presence, frame);
    const validity = judgeBare(bare, quality, limits);
    return {
      ...common,
      box: bare.box,
      mesh: null,
      pose: null,
      eyes: null,
      keypoints: bare.keypoints,
      quality,
      validity,
    };
  }
  const { mesh } = track;
  const box = meshBox(mesh);
  const pose = headPose(mesh, canonical, frame);
  const quality = {
    interocularPx: interocularPx(mesh),
    sharpness: null,
    presence: probability(track.presence),
    insideFrame: probability(shareInside(box, frame)),
  };
  const face = { ...common, box, mesh, pose, eyes: eyeOpenness(mesh), keypoints: null, quality };
  const judged = judgeValidity(quality, pose, limits);
  if (judged !== 'ok') return { ...face, validity: judged };
  if (isProfile(track.noseOffset) && Math.abs(pose.yaw) > PROFILE_YAW) return { ...face, validity: 'profile' };
  return { ...face, validity: 'ok' };
}
