import { MESH_POINTS, type MeshPoints } from '../domain/face.js';
import type { LandmarkMaker } from '../domain/landmark-maker.js';
import type { CanonicalFace } from '../faces/head-pose.js';
import { type TurnToFront, turnToFront } from './front-mesh.js';
import { POINTS_106, points106 } from './points-106.js';

/** Which numbers: those of a detector of 106 points, or the whole mesh turned to the front. */
export const POINT_SETS = ['106', 'mesh'] as const;
/** One of `POINT_SETS`. */
export type PointSet = (typeof POINT_SETS)[number];

/** How the numbers of a set are arranged. */
export const SHAPES: Readonly<Record<PointSet, readonly number[]>> = {
  '106': [POINTS_106 * 2],
  mesh: [MESH_POINTS, 3],
};

/** Decimals that are kept: less than a thousandth of a pixel. */
const DECIMALS = 6;

/** A face in a picture. */
export interface FaceInPicture {
  /** x and y 0..1 in the picture, z by its width. */
  readonly mesh: MeshPoints;
  /** Sides of the picture, in any unit. */
  readonly width: number;
  readonly height: number;
}

/** The numbers of one face. The mesh is turned where both axes have one unit. */
export function landmarkNumbers({ mesh, width, height }: FaceInPicture, points: PointSet, front: TurnToFront) {
  if (points === '106') return points106(mesh);
  return front(mesh.map((value, at) => value * (at % 3 === 1 ? height : width)));
}

/** Numbers as they are written to files and sent. */
export const rounded = (numbers: Float32Array): number[] =>
  Array.from(numbers, (value) => Number(value.toFixed(DECIMALS)));

const sizeOf = (points: PointSet): number => SHAPES[points].reduce((product, side) => product * side, 1);

/**
 * Makes the numbers of a set that is told by how many they are.
 *
 * @param canonical - the face that ships with the mesh; asked for when a mesh is first turned
 */
export function landmarkMaker(canonical: () => CanonicalFace): LandmarkMaker {
  let front: TurnToFront | null = null;
  const turn: TurnToFront = (mesh) => {
    front ??= turnToFront(canonical());
    return front(mesh);
  };
  return {
    sizes: POINT_SETS.map(sizeOf),
    of(size, mesh, aspect) {
      const points = POINT_SETS.find((set) => sizeOf(set) === size);
      if (points === undefined) throw new RangeError(`no set of points has ${size} numbers`);
      return rounded(landmarkNumbers({ mesh, width: 1, height: aspect }, points, turn));
    },
  };
}
