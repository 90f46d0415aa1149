import sharp from 'sharp';
import { type ColourMatrix, matrixOf } from '../domain/colour.js';
import type { Box, MeshPoints } from '../domain/face.js';
import type { Frame } from '../domain/frame.js';
import { MLLM_DEFAULTS } from '../domain/mllm-defaults.js';
import { contextSquare, type TurnedSquare, uprightSquare } from './face-square.js';
import { copyPatch, type Patch } from './patch.js';
import { type RgbSquare, sampleSquare } from './sample-square.js';

export interface CropOptions {
  readonly frame: Frame;
  readonly mesh: MeshPoints;
  readonly box: Box<'frame'>;
  /** Side of both JPEGs. Default MLLM_DEFAULTS.imagePx. */
  readonly sizePx?: number;
  /** Whether a picture with shoulders and surroundings is wanted too. Default false. */
  readonly context?: boolean;
}

export interface KeyframeCrops {
  readonly faceJpeg: Uint8Array;
  readonly contextJpeg: Uint8Array | null;
}

/** Added around the mesh, which ends at chin and upper forehead, as a share of its longer side. */
const MARGIN = 0.15;
const QUALITY = 90;

/**
 * The pictures of a keyframe, as JPEG in sRGB: the face upright (turned so that its eyes are level), and its
 * surroundings. What is needed of the frame is copied before this returns: it may be released at once. The rest is done
 * in small steps between which the event loop turns. Parts outside the frame repeat its edge.
 */
export function cutKeyframe(options: CropOptions): Promise<KeyframeCrops> {
  const { frame, sizePx = MLLM_DEFAULTS.imagePx } = options;
  const face = copyPatch(frame, uprightSquare(options.mesh, MARGIN));
  const context = options.context === true ? copyPatch(frame, contextSquare(options.box)) : null;
  return encodeBoth({ face, context, sizePx, matrix: matrixOf(frame) });
}

async function encodeBoth({
  face,
  context,
  sizePx,
  matrix,
}: {
  face: Patch;
  context: Patch | null;
  sizePx: number;
  matrix: ColourMatrix;
}): Promise<KeyframeCrops> {
  const picture = async ({ planes, square }: Patch): Promise<Uint8Array> =>
    encode(await sampleSquare(planes, { square, sizePx: sampledSide(square, sizePx), matrix }), sizePx);
  return { faceJpeg: await picture(face), contextJpeg: context && (await picture(context)) };
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
