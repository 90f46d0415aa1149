import { mkdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import sharp from 'sharp';
import { hideFaces } from '../areas/hide-faces.js';
import { yuv420pBytes } from '../domain/frame.js';
import type { Preview } from '../domain/live.js';
import { micros } from '../domain/units.js';
import { decodeJpeg, type RgbPicture } from '../source/camera/jpeg-frame.js';
import { rgbToYuv420p } from '../source/camera/rgb-to-yuv.js';
import { openEncoder } from '../source/video-encoder.js';
import { WRITING } from './kept-names.js';
import type { SeenFaces } from './picture-ring.js';
import { moveInto } from './settle-file.js';

const SNAPSHOT_QUALITY = 80;
/** x264: smaller than what `analyze` draws on, which people look at longer. */
const CLIP_QUALITY = 23;

/** A picture, and the faces that are to be hidden in it. */
export interface PictureToKeep {
  readonly preview: Preview;
  readonly hide: readonly SeenFaces[];
}

/** Frames of one size together, none of them empty: what is nearly the same place is hidden once. */
function ofOneSize(hide: readonly SeenFaces[]): [SeenFaces, ...SeenFaces[]][] {
  const groups = new Map<string, [SeenFaces, ...SeenFaces[]]>();
  for (const seen of hide) {
    const key = `${seen.widthPx}x${seen.heightPx}`;
    const group = groups.get(key);
    if (group) group.push(seen);
    else groups.set(key, [seen]);
  }
  return [...groups.values()];
}

/** Decodes a picture and hides faces in it; null for one that cannot be decoded. */
async function shown({ preview, hide }: PictureToKeep): Promise<RgbPicture | null> {
  const { widthPx, heightPx, jpeg } = preview;
  const decoded = await decodeJpeg(jpeg, { maxSidePx: Math.max(widthPx, heightPx), turn: 0 });
  if (!decoded) return null;
  const { rgb, ...size } = decoded;
  const picture = { ...size, data: new Uint8ClampedArray(rgb.buffer, rgb.byteOffset, rgb.byteLength) };
  for (const [frame, ...more] of ofOneSize(hide)) {
    const boxes = [frame, ...more].flatMap((seen) => seen.boxes);
    hideFaces(picture, boxes, frame);
  }
  return decoded;
}

/**
 * Writes a file where no reader looks, and puts it in its place once it is whole. Rejects with the first failure; nothing
 * is left then.
 *
 * @param place - path of the camera's day and name
 */
async function whole(place: string, write: (path: string) => Promise<void>): Promise<void> {
  const path = join(dirname(dirname(place)), WRITING, basename(place));
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    await write(path);
    await moveInto(path, place);
  } catch (error) {
    await rm(path, { force: true }).catch(() => undefined); // The first failure is the cause.
    throw error;
  }
}

/** Keeps one picture as JPEG. Rejects with what the file system says. @returns false for one that cannot be decoded */
export async function keepSnapshot(place: string, picture: PictureToKeep): Promise<boolean> {
  const decoded = await shown(picture);
  if (!decoded) return false;
  const { widthPx: width, heightPx: height, rgb } = decoded;
  await whole(place, async (path) => {
    await sharp(rgb, { raw: { width, height, channels: 3 } })
      .jpeg({ quality: SNAPSHOT_QUALITY })
      .toFile(path);
  });
  return true;
}

/**
 * Keeps pictures, in order of their time, as an MP4. Those of another size than the first are left out, and those that
 * are left when the signal aborts. Rejects with OUTPUT_UNWRITABLE, FFMPEG_MISSING, or what the file system says.
 *
 * @returns false when none was written
 */
export async function keepClip(
  place: string,
  pictures: readonly PictureToKeep[],
  { nominalFps, signal }: { readonly nominalFps: number; readonly signal: AbortSignal },
): Promise<boolean> {
  const firstUs = pictures[0]?.preview.ptsUs ?? 0;
  let encoder: Awaited<ReturnType<typeof openEncoder>> | undefined;
  let size: Pick<RgbPicture, 'widthPx' | 'heightPx'> | undefined;
  let yuv = new Uint8Array();
  await whole(place, async (path) => {
    try {
      for (const picture of pictures) {
        if (signal.aborted) break;
        const decoded = await shown(picture);
        if (!decoded || (size && (size.widthPx !== decoded.widthPx || size.heightPx !== decoded.heightPx))) continue;
        if (!encoder) {
          size = { widthPx: decoded.widthPx, heightPx: decoded.heightPx };
          yuv = new Uint8Array(yuv420pBytes(size.widthPx, size.heightPx));
          encoder = await openEncoder({
            path,
            ...size,
            nominalFps,
            overwrite: true,
            quality: CLIP_QUALITY,
            threads: 1,
          });
        }
        rgbToYuv420p(decoded, yuv);
        await encoder.write(yuv, micros(picture.preview.ptsUs - firstUs));
      }
    } finally {
      await encoder?.close();
    }
    if (!encoder) throw NOTHING;
  }).catch((error: unknown) => {
    if (error !== NOTHING) throw error;
  });
  return encoder !== undefined;
}

const NOTHING = new Error('no picture was written');
