import type { MeshPoints, Point } from './face.js';

/** Where eye centres and mouth centre lie in the crops a model was trained on, in crop unit coordinates. */
export interface AlignmentTemplate {
  readonly rightEye: Point;
  readonly leftEye: Point;
  readonly mouth: Point;
}

/** The same three points of a face, in frame pixels. */
export type AlignmentTargets = AlignmentTemplate;

const NAMES = ['rightEye', 'leftEye', 'mouth'] as const;

/**
 * Writes the 2×3 matrix that maps crop unit coordinates to frame pixels so that the template's points fall on the
 * face's, in the least-squares sense over similarities (Umeyama 1991, two dimensions, no reflection).
 */
export function writeAlignment(
  target: Float32Array,
  offset: number,
  template: AlignmentTemplate,
  face: AlignmentTargets,
): void {
  let mx = 0;
  let my = 0;
  let fx = 0;
  let fy = 0;
  for (const name of NAMES) {
    mx += template[name].x / 3;
    my += template[name].y / 3;
    fx += face[name].x / 3;
    fy += face[name].y / 3;
  }
  let dot = 0;
  let cross = 0;
  let spread = 0;
  for (const name of NAMES) {
    const tx = template[name].x - mx;
    const ty = template[name].y - my;
    const px = face[name].x - fx;
    const py = face[name].y - fy;
    dot += tx * px + ty * py;
    cross += tx * py - ty * px;
    spread += tx * tx + ty * ty;
  }
  const c = dot / spread;
  const s = cross / spread;
  target[offset] = c;
  target[offset + 1] = -s;
  target[offset + 2] = fx - (c * mx - s * my);
  target[offset + 3] = s;
  target[offset + 4] = c;
  target[offset + 5] = fy - (s * mx + c * my);
}

/** FaceMesh vertices that an eye or the mouth lies between; right and left are the subject's. */
const BETWEEN = { rightEye: [33, 133], leftEye: [263, 362], mouth: [61, 291] } as const;

/** Eye centres and mouth centre of a face mesh, in its own coordinates. */
export function alignmentPoints(mesh: MeshPoints): AlignmentTargets {
  const middle = ([a, b]: readonly [number, number]): Point => ({
    x: (mesh[a * 3]! + mesh[b * 3]!) / 2,
    y: (mesh[a * 3 + 1]! + mesh[b * 3 + 1]!) / 2,
  });
  return { rightEye: middle(BETWEEN.rightEye), leftEye: middle(BETWEEN.leftEye), mouth: middle(BETWEEN.mouth) };
}
