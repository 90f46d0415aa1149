import { MESH_POINTS } from '../../src/domain/face.js';
import type { Tensor } from '../../src/domain/tensor.js';

/** FaceMesh vertices of the corners of the subject's right and left eye. */
const CORNERS = [
  [33, 133],
  [263, 362],
] as const;

const LOOK_VALUES = 48;

/** What the eye network would say of eyes that look straight ahead: irises midway between the corners, round openings. */
export function fakeEyes(landmarks: Float32Array): Record<string, Tensor> {
  const faces = landmarks.length / (MESH_POINTS * 3);
  const irises: number[] = [];
  const eyes: number[] = [];
  for (let face = 0; face < faces; face++) {
    for (const corners of CORNERS) {
      const at = (vertex: number, axis: 0 | 1): number => landmarks[(face * MESH_POINTS + vertex) * 3 + axis]!;
      const [outer, inner] = corners.map((vertex) => ({ x: at(vertex, 0), y: at(vertex, 1) })) as [Place, Place];
      const middle = { x: (outer.x + inner.x) / 2, y: (outer.y + inner.y) / 2 };
      for (let point = 0; point < 5; point++) irises.push(middle.x, middle.y);
      for (let point = 0; point < 71; point++) eyes.push(...outline(point, outer, inner));
    }
  }
  return {
    irises: { dtype: 'float32', shape: [faces, 2, 5, 2], data: Float32Array.from(irises) },
    eyes: { dtype: 'float32', shape: [faces, 2, 71, 2], data: Float32Array.from(eyes) },
    looks: { dtype: 'float32', shape: [faces, 2, LOOK_VALUES], data: new Float32Array(faces * 2 * LOOK_VALUES) },
  };
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Points 0 to 8 run along the lower lid, 9 to 15 along the upper one, both from the outer corner. */
function outline(point: number, outer: Place, inner: Place): readonly [number, number] {
  const [along, side] = point <= 8 ? [point / 8, 1] : [(point - 8) / 8, -1];
  const height = 0.3 * Math.abs(inner.x - outer.x) * Math.sin(Math.PI * along) * side;
  return [outer.x + along * (inner.x - outer.x), outer.y + along * (inner.y - outer.y) + height];
}
