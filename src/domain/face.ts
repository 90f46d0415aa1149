import type { Micros, Probability, Radians } from './units.js';

/** Axis-aligned box. Space 'frame': pixels of the working frame, x right, y down. Space 'unit': 0..1 of it. */
export interface Box<Space extends 'frame' | 'unit'> {
  readonly space: Space;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A place in the picture: pixels of the working frame, x right, y down. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The six BlazeFace keypoints in frame pixels. Left and right are the subject's. */
export interface FaceKeypoints {
  readonly rightEye: Point;
  readonly leftEye: Point;
  readonly nose: Point;
  readonly mouth: Point;
  readonly rightEar: Point;
  readonly leftEar: Point;
}

/** A face as the detector finds it, before it is followed. */
export interface Detection {
  readonly box: Box<'frame'>;
  readonly keypoints: FaceKeypoints;
  readonly score: Probability;
}

/** Number of FaceMesh vertices. */
export const MESH_POINTS = 468;

/**
 * 468 FaceMesh vertices, interleaved x, y, z. x and y in frame pixels; z in the same scale, negative towards
 * the camera, relative to the head's centre (weak perspective).
 */
export type MeshPoints = Float32Array;

/** Which landmarks a record's JSON carries: none, the 68 iBUG points, or the whole mesh. */
export const LANDMARK_CHOICES = ['none', '68', '468'] as const;
/** One of `LANDMARK_CHOICES`. */
export type LandmarkChoice = (typeof LANDMARK_CHOICES)[number];

/**
 * Head rotation, Tait-Bryan angles applied yaw, then pitch, then roll, seen from the camera:
 * yaw > 0 the subject turns to the left of the image (their right), pitch > 0 looks up, roll > 0 the head
 * leans clockwise in the image: R = Ry(yaw) · Rx(-pitch) · Rz(roll) about the camera's axes (x right, y down, z away), so
 * roll is about the head's own axis. All zero: facing the camera upright. Translation in millimetres, camera at the
 * origin, x right, y down, z away from the camera.
 */
export interface HeadPose {
  readonly yaw: Radians;
  readonly pitch: Radians;
  readonly roll: Radians;
  readonly translationMm: { readonly x: number; readonly y: number; readonly z: number };
}

/** Opening of each eye: 0 closed, 1 a normal open eye (lid gap over eye width, scaled). Subject's left and right. */
export interface EyeOpenness {
  readonly left: number;
  readonly right: number;
}

/** Why a face (or a frame) has no valid reading; `ok` when it has one. */
export const VALIDITY = [
  'ok',
  'no-face',
  'too-small',
  'blurred',
  'profile',
  'occluded',
  'out-of-frame',
  'low-confidence',
  'model-off',
] as const;
/** One of `VALIDITY`. */
export type Validity = (typeof VALIDITY)[number];

/** Measured quality of one face image. */
export interface FaceQuality {
  /** Inter-ocular distance in frame pixels (3-D corrected for yaw). */
  readonly interocularPx: number;
  /** Normalised gradient energy of the aligned crop, 0 flat .. 1 crisp; null when no crop was sampled. */
  readonly sharpness: number | null;
  /** FaceMesh's own probability that the crop holds a face. */
  readonly presence: Probability;
  /** Share of the face box inside the frame. */
  readonly insideFrame: Probability;
}

/** One face in one frame, located, followed and judged. */
export interface TrackedFace {
  /** Counter of this run, from 1; never derived from the face. */
  readonly trackId: number;
  readonly box: Box<'frame'>;
  readonly detectionScore: Probability | null;
  /** Null, as pose and eyes are, where the mesh finds no face in what the detector is sure of: a view from the side, mostly. */
  readonly mesh: MeshPoints | null;
  readonly pose: HeadPose | null;
  readonly eyes: EyeOpenness | null;
  /** The detector's keypoints of a face without a mesh; else null. */
  readonly keypoints: FaceKeypoints | null;
  readonly quality: FaceQuality;
  readonly validity: Validity;
}

/** A face that the mesh lies on: every face that is `ok`. */
export type MeshedFace = TrackedFace & {
  readonly mesh: MeshPoints;
  readonly pose: HeadPose;
  readonly eyes: EyeOpenness;
};

/** Whether a face has a mesh, and with it pose and eyes: a large face that only the detector sees has none. */
export function hasMesh(face: TrackedFace): face is MeshedFace {
  return face.mesh !== null;
}

/** What need not be read in every frame: emotions and action units, where the eyes look, and what lies before the face. */
export const LOOKS = ['affect', 'gaze', 'cover'] as const;
/** One of them. */
export type Look = (typeof LOOKS)[number];

/** All faces of one frame, and the tracks that ended with it. */
export interface FrameFaces {
  readonly frameIndex: number;
  readonly ptsUs: Micros;
  readonly faces: readonly TrackedFace[];
  /** Ids whose track is over (left, lost for too long, or a scene cut), in rising order. */
  readonly endedTracks: readonly number[];
  readonly sceneCut: boolean;
  /** Ids of the faces that each look is due of; absent: all. */
  readonly due?: Readonly<Record<Look, ReadonlySet<number>>>;
}
