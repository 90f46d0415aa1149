import type { MeshPoints } from '../domain/face.js';
import { IBUG_68 } from '../record/landmarks-68.js';

/** Points of the set. */
export const POINTS_106 = 106;

/**
 * Which of the 106 points the 68 iBUG points are, in iBUG order: the numbering of InsightFace's 2d106det, EmoLA's detector, as it is
 * commonly mapped to 68.
 */
const OF_68: readonly number[] = [
  1, 10, 12, 14, 16, 3, 5, 7, 0, 23, 21, 19, 32, 30, 28, 26, 17, 43, 48, 49, 51, 50, 102, 103, 104, 105, 101, 72, 73,
  74, 86, 78, 79, 80, 85, 84, 35, 41, 42, 39, 37, 36, 89, 95, 96, 93, 91, 90, 52, 64, 63, 71, 67, 68, 61, 58, 59, 53,
  56, 55, 65, 66, 62, 70, 69, 57, 60, 54,
];

/** Contour points between two of iBUG's: each is the middle of the mesh points of both neighbours. */
const BETWEEN: readonly (readonly [point: number, before: number, after: number])[] = [
  [9, 1, 10],
  [11, 10, 12],
  [13, 12, 14],
  [15, 14, 16],
  [2, 16, 3],
  [4, 3, 5],
  [6, 5, 7],
  [8, 7, 0],
  [24, 0, 23],
  [22, 23, 21],
  [20, 21, 19],
  [18, 19, 32],
  [31, 32, 30],
  [29, 30, 28],
  [27, 28, 26],
  [25, 26, 17],
];

/** Mesh vertices of the points that iBUG has not: lower edges of the brows, lids, pupils, sides of the nose. */
const VERTICES: Readonly<Record<number, readonly number[]>> = {
  44: [53],
  45: [52],
  47: [65],
  46: [55],
  100: [283],
  99: [282],
  98: [295],
  97: [285],
  40: [159],
  33: [145],
  34: [159, 145],
  38: [159, 145],
  94: [386],
  87: [374],
  88: [386, 374],
  92: [386, 374],
  75: [193],
  76: [198],
  77: [129],
  81: [417],
  82: [420],
  83: [358],
};

/** Mesh vertices whose mean each of the 106 points is. */
export const VERTICES_OF_106: readonly (readonly number[])[] = verticesOf();

function verticesOf(): readonly (readonly number[])[] {
  const vertices = new Map<number, readonly number[]>(OF_68.map((point, at) => [point, [IBUG_68[at]!]]));
  for (const [point, before, after] of BETWEEN)
    vertices.set(point, [...vertices.get(before)!, ...vertices.get(after)!]);
  for (const [point, own] of Object.entries(VERTICES)) vertices.set(Number(point), own);
  return Array.from({ length: POINTS_106 }, (_, point) => vertices.get(point)!);
}

/**
 * The 212 numbers of the 106 points: x, y of each, -1 to 1 across the whole picture, as the detector gives them. They stand where the
 * mesh puts them; the detector's own differ by some pixels, most on the contour.
 *
 * @param mesh - x and y 0..1 in the picture
 */
export function points106(mesh: MeshPoints): Float32Array {
  const numbers = new Float32Array(POINTS_106 * 2);
  for (const [point, vertices] of VERTICES_OF_106.entries()) {
    for (const axis of [0, 1]) {
      const mean = vertices.reduce((sum, vertex) => sum + mesh[vertex * 3 + axis]!, 0) / vertices.length;
      numbers[point * 2 + axis] = 2 * mean - 1;
    }
  }
  return numbers;
}
