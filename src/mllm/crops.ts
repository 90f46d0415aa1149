import sharp from 'sharp';
import { type ColourMatrix, colourMatrixOf, yuvToRgbFactors } from '../domain/colour.js';
import type { Box, MeshPoints } from '../domain/face.js';
import type { Frame } from '../domain/frame.js';
import { contextSquare, type TurnedSquare, uprightSquare } from './face-square.js';

export interface CropOptions {
  readonly frame: Frame;
  readonly mesh: MeshPoints;
  readonly box: Box<'frame'>;
  /** Side of both JPEGs. Default 336 (CLIP ViT-L/14-336 of LLaVA-1.5); UniFER was run on 224. */
  readonly sizePx?: number;
  /** Whether a picture with shoulders and surroundings is wanted too. Default false. */
  readonly context?: boolean;
  /** Default: by the size of the frame. Pass it where the source was larger than the working frame. */
  readonly matrix?: ColourMatrix;
}

export interface KeyframeCrops {
  readonly faceJpeg: Uint8Array;
  readonly contextJpeg: Uint8Array | null;
}

export const DEFAULT_CROP_PX = 336;
/** Added around the mesh, which ends at chin and upper forehead, as a share of its longer side. */
const MARGIN = 0.15;
const QUALITY = 90;

/**
 * The pictures of a keyframe, as JPEG in sRGB: the face upright (turned so that its eyes are level), and its
 * surroundings. All pixels are read before this returns: the frame may be released at once. Parts outside the frame
 * repeat its edge.
 */
export function cutKeyframe(options: CropOptions): Promise<KeyframeCrops> {
  const sizePx = options.sizePx ?? DEFAULT_CROP_PX;
  const matrix = options.matrix ?? colourMatrixOf(options.frame);
  const sample = (square: TurnedSquare): RgbSquare =>
    sampleSquare(options.frame, { square, sizePx: sampledSide(square, sizePx), matrix });
  const face = sample(uprightSquare(options.mesh, MARGIN));
  const context = options.context === true ? sample(contextSquare(options.box)) : null;
  return encodeBoth({ face, context, sizePx });
}

async function encodeBoth(crops: {
  face: RgbSquare;
  context: RgbSquare | null;
  sizePx: number;
}): Promise<KeyframeCrops> {
  const [faceJpeg, contextJpeg] = await Promise.all([
    encode(crops.face, crops.sizePx),
    crops.context === null ? null : encode(crops.context, crops.sizePx),
  ]);
  return { faceJpeg, contextJpeg };
}

function encode({ data, sizePx }: RgbSquare, targetPx: number): Promise<Buffer> {
  return sharp(data, { raw: { width: sizePx, height: sizePx, channels: 3 } })
    .resize(targetPx, targetPx)
    .jpeg({ quality: QUALITY })
    .toBuffer();
}

/** Samples a side: no more than the square has, and at most twice the target, so that the cost is bounded. */
function sampledSide({ sidePx }: TurnedSquare, targetPx: number): number {
  return Math.max(2, Math.round(Math.min(sidePx, targetPx * 2)));
}

/** A square of a frame as RGB, 3 bytes a pixel. */
export interface RgbSquare {
  readonly sizePx: number;
  readonly data: Uint8ClampedArray;
}

/** Samples a turned square: luma between pixels, chroma (half the resolution) of the nearest. */
export function sampleSquare(
  frame: Frame,
  options: { readonly square: TurnedSquare; readonly sizePx: number; readonly matrix: ColourMatrix },
): RgbSquare {
  const { square, sizePx } = options;
  const { widthPx, heightPx, data: source } = frame;
  const chromaWidth = Math.ceil(widthPx / 2);
  const uPlane = widthPx * heightPx;
  const vPlane = uPlane + chromaWidth * Math.ceil(heightPx / 2);
  const { luma, redV, greenU, greenV, blueU } = yuvToRgbFactors(options.matrix);
  const c = (Math.cos(square.angle) * square.sidePx) / sizePx;
  const s = (Math.sin(square.angle) * square.sidePx) / sizePx;
  const data = new Uint8ClampedArray(sizePx * sizePx * 3);
  let out = 0;
  for (let row = 0; row < sizePx; row++) {
    const v = row + 0.5 - sizePx / 2;
    for (let col = 0; col < sizePx; col++) {
      const u = col + 0.5 - sizePx / 2;
      const x = clamped(square.centre.x + c * u - s * v - 0.5, widthPx);
      const y = clamped(square.centre.y + s * u + c * v - 0.5, heightPx);
      const left = Math.floor(x);
      const top = Math.floor(y);
      const right = Math.min(left + 1, widthPx - 1);
      const below = Math.min(top + 1, heightPx - 1);
      const [fx, fy] = [x - left, y - top];
      const upper = source[top * widthPx + left]! * (1 - fx) + source[top * widthPx + right]! * fx;
      const lower = source[below * widthPx + left]! * (1 - fx) + source[below * widthPx + right]! * fx;
      const grey = luma * (upper * (1 - fy) + lower * fy - 16);
      const chroma = (Math.round(y) >> 1) * chromaWidth + (Math.round(x) >> 1);
      const du = source[uPlane + chroma]! - 128;
      const dv = source[vPlane + chroma]! - 128;
      data[out++] = grey + redV * dv;
      data[out++] = grey + greenU * du + greenV * dv;
      data[out++] = grey + blueU * du;
    }
  }
  return { sizePx, data };
}

const clamped = (position: number, size: number): number => Math.min(size - 1, Math.max(0, position));
