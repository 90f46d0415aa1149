import sharp from 'sharp';
import { writeAlignedMesh } from '../../domain/aligned-mesh.js';
import { type AlignmentTemplate, alignmentPoints, writeAlignment } from '../../domain/alignment.js';
import { MESH_POINTS, type MeshPoints } from '../../domain/face.js';
import type { ReleaseConfig } from './release.js';

/** Side of the crops, as mien-affect takes them. */
export const CROP_PX = 144;
/** Values of one face's landmarks: 468 points, x, y, z. */
export const LANDMARK_VALUES = MESH_POINTS * 3;

/** A face as the encoder takes it. */
export interface FaceInput {
  /** uint8 [144, 144]: aligned by eyes and mouth, gray, full range. */
  readonly crop: Uint8Array;
  /** float32 [468, 3] in crop unit coordinates; all 0 without a mesh. */
  readonly landmarks: Float32Array;
}

interface Gray {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly data: Uint8Array;
}

/**
 * A face from its picture: aligned by its mesh, or the picture's central square where there is none. Rejects where the
 * picture cannot be decoded.
 *
 * @param mesh - x and y 0..1 in the picture, as `EngineEvidence` has it
 */
export async function faceInput(
  jpeg: Uint8Array,
  mesh: MeshPoints | null,
  alignment: ReleaseConfig['alignment'],
): Promise<FaceInput> {
  const picture = await grayOf(jpeg);
  const { widthPx, heightPx } = picture;
  const landmarks = new Float32Array(LANDMARK_VALUES);
  const side = Math.min(widthPx, heightPx);
  const matrix = Float32Array.of(side, 0, (widthPx - side) / 2, 0, side, (heightPx - side) / 2);
  if (mesh?.length === LANDMARK_VALUES) {
    const inPixels = mesh.map((value, at) => value * (at % 3 === 1 ? heightPx : widthPx));
    writeAlignment(matrix, 0, templateOf(alignment), alignmentPoints(inPixels));
    writeAlignedMesh(landmarks, 0, matrix, inPixels);
  }
  return { crop: sampled(picture, matrix), landmarks };
}

const templateOf = ({ rightEye, leftEye, mouth }: ReleaseConfig['alignment']): AlignmentTemplate => ({
  rightEye: { x: rightEye[0], y: rightEye[1] },
  leftEye: { x: leftEye[0], y: leftEye[1] },
  mouth: { x: mouth[0], y: mouth[1] },
});

/** Luma by ITU-R BT.601, which JPEG has, as frames have it; not the gray of linear light that sharp makes. */
async function grayOf(jpeg: Uint8Array): Promise<Gray> {
  const { data: rgb, info } = await sharp(jpeg)
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const data = new Uint8Array(info.width * info.height);
  for (let at = 0; at < data.length; at++)
    data[at] = Math.round(0.299 * rgb[at * 3]! + 0.587 * rgb[at * 3 + 1]! + 0.114 * rgb[at * 3 + 2]!);
  return { widthPx: info.width, heightPx: info.height, data };
}

/** A crop as mien-affect's run-time graph samples it: between pixels, edges repeat. */
function sampled({ widthPx, heightPx, data }: Gray, matrix: Float32Array): Uint8Array {
  const [a, b, left, d, e, top] = matrix as unknown as [number, number, number, number, number, number];
  const crop = new Uint8Array(CROP_PX * CROP_PX);
  for (let at = 0; at < crop.length; at++) {
    const u = ((at % CROP_PX) + 0.5) / CROP_PX;
    const v = (Math.floor(at / CROP_PX) + 0.5) / CROP_PX;
    const x = Math.min(widthPx - 1, Math.max(0, a * u + b * v + left - 0.5));
    const y = Math.min(heightPx - 1, Math.max(0, d * u + e * v + top - 0.5));
    const [x0, y0] = [Math.floor(x), Math.floor(y)];
    const [x1, y1] = [Math.min(x0 + 1, widthPx - 1), Math.min(y0 + 1, heightPx - 1)];
    const [fx, fy] = [x - x0, y - y0];
    const upper = data[y0 * widthPx + x0]! * (1 - fx) + data[y0 * widthPx + x1]! * fx;
    const lower = data[y1 * widthPx + x0]! * (1 - fx) + data[y1 * widthPx + x1]! * fx;
    crop[at] = Math.round(upper * (1 - fy) + lower * fy);
  }
  return crop;
}
