import { type ColourMatrix, matrixOf } from '../domain/colour.js';
import { type Frame, type VideoInfo, yuv420pBytes } from '../domain/frame.js';
import type { FaceRecord, Sink } from '../domain/records.js';
import type { Micros } from '../domain/units.js';
import { drawFaces, drawingStyle } from './draw-faces.js';
import { refuseExisting } from './output-file.js';
import { copyEven, evenSize } from './pad-even.js';

/** What the overlay needs of an encoder. */
export interface VideoEncoder {
  /** Takes one yuv420p frame; the bytes may be reused once the promise resolves. Times rise strictly. */
  write(frameYuv420p: Uint8Array, ptsUs: Micros): Promise<void>;
  /** Finishes the file; it is playable afterwards. */
  close(): Promise<void>;
}

/** Opens an encoder for frames of one size; both sides are even. */
export type OpenEncoder = (options: {
  readonly path: string;
  readonly widthPx: number;
  readonly heightPx: number;
  /** For display only; the frames' own times are what counts. */
  readonly nominalFps: number | null;
  /** Of the frames; the file says it to players. */
  readonly matrix: ColourMatrix;
  readonly overwrite: boolean;
}) => Promise<VideoEncoder>;

export interface OverlaySinkOptions {
  readonly path: string;
  readonly info: VideoInfo;
  /** Replace an existing file. */
  readonly overwrite: boolean;
  readonly encoder: OpenEncoder;
}

export interface OverlaySink extends Sink {
  /**
   * Draws the records on a copy of the frame and encodes it. The copy is made before this returns, so the frame may
   * then be released. Await the promise before the next frame: one copy is held. Throws RangeError otherwise.
   */
  frame(frame: Frame, records: readonly FaceRecord[]): Promise<void>;
}

/**
 * The analysed video with what was read drawn on it: boxes, landmark contours, track numbers and labels. Frames keep
 * their own times. Sizes with an odd side gain a column or row, which H.264 needs. Throws OUTPUT_EXISTS.
 */
export async function createOverlaySink(options: OverlaySinkOptions): Promise<OverlaySink> {
  const { path, info, overwrite } = options;
  await refuseExisting(path, overwrite);
  const size = evenSize(info);
  const matrix = matrixOf(info);
  const encoder = await options.encoder({ path, ...size, nominalFps: info.nominalFps, matrix, overwrite });
  const style = drawingStyle({ ...size, matrix });
  const picture = new Uint8Array(yuv420pBytes(size.widthPx, size.heightPx));
  let writing: Promise<void> | null = null;
  return {
    name: 'overlay',
    records: () => undefined,
    episode: () => undefined,
    frame(frame, records) {
      if (writing) throw new RangeError('frame must be awaited before the next frame');
      if (frame.widthPx !== info.widthPx || frame.heightPx !== info.heightPx) {
        throw new RangeError(`frame is ${frame.widthPx}x${frame.heightPx}, expected ${info.widthPx}x${info.heightPx}`);
      }
      copyEven(frame, picture);
      drawFaces({ ...size, data: picture }, records, style);
      writing = encoder.write(picture, frame.ptsUs).finally(() => {
        writing = null;
      });
      return writing;
    },
    async close() {
      // A failed write has been reported to the caller of frame.
      await writing?.catch(() => undefined);
      await encoder.close();
    },
  };
}
