import { MESH_POINTS, type MeshPoints } from '../domain/face.js';
import type { Frame } from '../domain/frame.js';
import { correlation, spread } from './correlation.js';
import { writeCropMatrix } from './crop-matrix.js';
import { interocularPx, roiFromMesh } from './mesh-geometry.js';

/**
 * What a face and its surroundings look like in one frame, coarsely: enough to notice that another face has taken a place, not to
 * know anyone again. It is compared within one track only and dropped with it.
 */
export interface Appearance {
  /** Luma at every fourth vertex of the mesh. */
  readonly skin: Uint8Array;
  /** Mean chroma (U, V) at the same vertices. */
  readonly tint: readonly [number, number];
  /** Luma, 12 × 12 cells of a square twice the face's size, turned with the head. */
  readonly around: Uint8Array;
  /** U and V of the same cells, one after the other. */
  readonly aroundTint: Uint8Array;
}

const VERTEX_STEP = 4;
const CELLS = 12;
/** Side of the square around the face, in sides of the mesh's crop (which is 1.5 times the face). */
const AROUND_SCALE = 1.4;
/** Pixels of one sample lie this far from its middle, in eye distances and in cells. */
const SKIN_REACH = 0.04;
const CELL_REACH = 0.25;
const CORNERS = [
  [-1, -1],
  [1, -1],
  [-1, 1],
  [1, 1],
] as const;

/** Mean luma and chroma of four pixels around a point; outside the frame its border counts. */
function sampler(frame: Frame): (x: number, y: number, reachPx: number) => readonly [number, number, number] {
  const { widthPx, heightPx, data } = frame;
  const chromaWidth = Math.ceil(widthPx / 2);
  const u = widthPx * heightPx;
  const v = u + chromaWidth * Math.ceil(heightPx / 2);
  const inside = (value: number, length: number): number => Math.max(0, Math.min(length - 1, Math.floor(value)));
  return (x, y, reachPx) => {
    const sum: [number, number, number] = [0, 0, 0];
    for (const [dx, dy] of CORNERS) {
      const column = inside(x + dx * reachPx, widthPx);
      const row = inside(y + dy * reachPx, heightPx);
      const chroma = (row >> 1) * chromaWidth + (column >> 1);
      sum[0] += data[row * widthPx + column]! / 4;
      sum[1] += data[u + chroma]! / 4;
      sum[2] += data[v + chroma]! / 4;
    }
    return sum;
  };
}

/** Some 260 samples of the frame, whatever the size of the face. */
export function readAppearance(frame: Frame, mesh: MeshPoints): Appearance {
  const sample = sampler(frame);
  const skin = new Uint8Array(MESH_POINTS / VERTEX_STEP);
  const tint: [number, number] = [0, 0];
  const reachPx = Math.max(1, SKIN_REACH * interocularPx(mesh));
  for (let at = 0; at < skin.length; at++) {
    const vertex = at * VERTEX_STEP * 3;
    const [y, u, v] = sample(mesh[vertex]!, mesh[vertex + 1]!, reachPx);
    skin[at] = y;
    tint[0] += u / skin.length;
    tint[1] += v / skin.length;
  }
  const roi = roiFromMesh(mesh);
  const matrix = new Float32Array(6);
  writeCropMatrix(matrix, 0, { ...roi, sidePx: AROUND_SCALE * roi.sidePx });
  const [a, b, left, c, d, top] = matrix as unknown as [number, number, number, number, number, number];
  const around = new Uint8Array(CELLS * CELLS);
  const aroundTint = new Uint8Array(2 * around.length);
  const cellPx = (AROUND_SCALE * roi.sidePx) / CELLS;
  for (let cell = 0; cell < around.length; cell++) {
    const column = ((cell % CELLS) + 0.5) / CELLS;
    const row = (Math.floor(cell / CELLS) + 0.5) / CELLS;
    const [y, u, v] = sample(a * column + b * row + left, c * column + d * row + top, CELL_REACH * cellPx);
    around[cell] = y;
    aroundTint[cell] = u;
    aroundTint[around.length + cell] = v;
  }
  return { skin, tint, around, aroundTint };
}

/** Standard deviation of luma, levels, under which a sample shows too little to be compared. */
const LEAST_SPREAD = 5;

/** 1 minus the correlation of two samples; 0 where one shows nothing. */
function unlikeness(a: Uint8Array, b: Uint8Array): number {
  return Math.min(spread(a), spread(b)) < LEAST_SPREAD ? 0 : 1 - correlation(a, b);
}

/** What one level of chroma counts, and the most that colour counts in all: a lamp may change it at once. */
const TINT_WEIGHT = 0.05;
const MOST_TINT = 0.4;

function aroundTintChange(a: Uint8Array, b: Uint8Array): number {
  const cells = a.length / 2;
  let sum = 0;
  for (let cell = 0; cell < cells; cell++) sum += Math.hypot(a[cell]! - b[cell]!, a[cells + cell]! - b[cells + cell]!);
  return Math.min(MOST_TINT, (TINT_WEIGHT * sum) / cells);
}

/** How unlike two looks are: of the face itself, and of what is around it. 0 alike; other people are about 0.9 and 1.4 apart. */
export function appearanceDistance(
  before: Appearance,
  now: Appearance,
): { readonly skin: number; readonly around: number } {
  const shift = TINT_WEIGHT * Math.hypot(before.tint[0] - now.tint[0], before.tint[1] - now.tint[1]);
  return {
    skin: unlikeness(before.skin, now.skin) + Math.min(MOST_TINT, shift),
    around: unlikeness(before.around, now.around) + aroundTintChange(before.aroundTint, now.aroundTint),
  };
}

/** From this much of both on it is another face, and from this much of the face alone; less is needed of one that was out of sight. */
const OTHER_BOTH = 1.2;
const OTHER_SKIN = { followed: 0.7, back: 0.6 } as const;

/** Up to this much of the face alone a followed mesh is surely still on it: so are 99.6 % of the frames of twelve clips. */
const SURELY_SAME = 0.3;

/** Whether a followed mesh is beyond doubt still on the same face; otherwise it needs another look. */
export function isSurelySame(before: Appearance, now: Appearance): boolean {
  const { skin, around } = appearanceDistance(before, now);
  return skin <= SURELY_SAME && skin + around <= OTHER_BOTH / 2;
}

/**
 * Whether another face has taken a track's place. Measured thresholds: docs/decisions/0008-track-identity.md.
 *
 * @param sight - `followed` from frame to frame, or `back` after the face was lost
 */
export function isOtherFace(before: Appearance, now: Appearance, sight: 'followed' | 'back'): boolean {
  const { skin, around } = appearanceDistance(before, now);
  return skin > OTHER_SKIN[sight] || skin + around > OTHER_BOTH;
}
