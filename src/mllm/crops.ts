import sharp from 'sharp';
import { type ColourMatrix, matrixOf } from '../domain/colour.js';
import type { Box, MeshPoints } from '../domain/face.js';
import type { Frame } from '../domain/frame.js';
import type { PictureSet } from '../domain/prompt-template.js';
import type { Earlier } from './earlier-views.js';
import { contextSquare, meshInSquare, type TurnedSquare, uprightSquare } from './face-square.js';
import { copyPatch, type Patch } from './patch.js';
import { type PictureWant, wantKey } from './picture-wants.js';
import { type RgbSquare, sampleSquare } from './sample-square.js';

export interface CropOptions {
  readonly frame: Frame;
  readonly mesh: MeshPoints;
  readonly box: Box<'frame'>;
  /** Pictures that questions want; at least one. */
  readonly wants: readonly PictureWant[];
  /** Views of the face before this frame. Default: none. */
  readonly earlier?: Earlier;
}

export interface KeyframeCrops {
  /** The face as large as any question wants it. */
  readonly faceJpeg: Uint8Array;
  /** By `wantKey`: what each question is sent, in order. */
  readonly pictures: Readonly<Record<string, readonly Uint8Array[]>>;
  /** The mesh in the picture of the face: see `EngineEvidence`. */
  readonly mesh: MeshPoints;
}

/** Added around the mesh, which ends at chin and upper forehead, as a share of its longer side. */
const MARGIN = 0.15;
const QUALITY = 90;

/** The part of a frame that shows a face upright. */
export function faceView(frame: Frame, mesh: MeshPoints): Patch {
  return copyPatch(frame, uprightSquare(mesh, MARGIN));
}

/**
 * The pictures of a keyframe, as JPEG in sRGB: the face upright (turned so that its eyes are level), its surroundings,
 * and earlier views of it. What is needed of the frame is copied before this returns: it may be released at once. The
 * rest is done in small steps between which the event loop turns. Parts outside the frame repeat its edge.
 */
export function cutKeyframe({ frame, mesh, box, wants, earlier }: CropOptions): Promise<KeyframeCrops> {
  const face = faceView(frame, mesh);
  const context = wants.some(({ set }) => set === 'face+context') ? copyPatch(frame, contextSquare(box)) : null;
  const views = { face, context, onset: earlier?.onset ?? null, clip: earlier?.clip ?? [] };
  return encodeWanted(views, {
    wants,
    matrix: matrixOf(frame),
    mesh: meshInSquare(mesh, uprightSquare(mesh, MARGIN)),
  });
}

interface Views extends Earlier {
  readonly face: Patch;
  readonly context: Patch | null;
}

/** The views of a set, in the order a prompt speaks of them: what is asked about comes last. */
function viewsOf(set: PictureSet, { face, context, onset, clip }: Views): readonly Patch[] {
  switch (set) {
    case 'face':
      return [face];
    case 'face+context':
      return context === null ? [face] : [context, face];
    case 'onset+apex':
      return onset === null ? [face] : [onset, face];
    case 'clip':
      return [...clip, face];
  }
}

async function encodeWanted(
  views: Views,
  options: { readonly wants: readonly PictureWant[]; readonly matrix: ColourMatrix; readonly mesh: MeshPoints },
): Promise<KeyframeCrops> {
  const { wants, matrix, mesh } = options;
  const made = new Map<Patch, Map<number, Uint8Array>>();
  const jpeg = async (patch: Patch, px: number): Promise<Uint8Array> => {
    const sizes = made.get(patch) ?? new Map<number, Uint8Array>();
    made.set(patch, sizes);
    const { planes, square } = patch;
    const encoded =
      sizes.get(px) ??
      (await encode(await sampleSquare(planes, { square, sizePx: sampledSide(square, px), matrix }), px));
    sizes.set(px, encoded);
    return encoded;
  };
  const pictures: Record<string, Uint8Array[]> = {};
  for (const want of wants) {
    const list: Uint8Array[] = [];
    for (const patch of viewsOf(want.set, views)) list.push(await jpeg(patch, want.px));
    pictures[wantKey(want)] = list;
  }
  return { faceJpeg: await jpeg(views.face, Math.max(...wants.map(({ px }) => px))), pictures, mesh };
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
