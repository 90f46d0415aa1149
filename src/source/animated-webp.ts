import sharp, { type Sharp } from 'sharp';
import { AffectError } from '../domain/errors.js';
import type { FrameLease, FrameSource, Turn, VideoInfo } from '../domain/frame.js';
import { micros } from '../domain/units.js';
import { rgbToYuv420p } from './camera/rgb-to-yuv.js';
import { FramePool } from './frame-pool.js';
import { workingSize } from './working-size.js';

export interface AnimatedWebpOptions {
  readonly path: string;
  readonly streamIndex: number | undefined;
  readonly maxSidePx: number;
  readonly turn: Turn;
  readonly poolSlots: number;
  readonly startSeconds: number | undefined;
  readonly endSeconds: number | undefined;
  readonly sampleFps: number | undefined;
}

/** A page is built on those before it, so each reading begins at the first: many pages at a time, within this memory. */
const BLOCK_BYTES = 64 * 2 ** 20;

/**
 * An animated WebP, which ffmpeg (5.1 seen) cannot decode, read through sharp; undefined for a still one. It is
 * played once, however often it asks for. Both sides of a frame are even. Errors here: INPUT_DAMAGED for a WebP that is
 * cut off, INPUT_NO_VIDEO for another stream than 0; of `frames`, after the good ones: INPUT_DAMAGED.
 */
export async function openAnimatedWebp(options: AnimatedWebpOptions): Promise<FrameSource | undefined> {
  const { path, streamIndex = 0, maxSidePx, turn } = options;
  const facts = await sharp(path)
    .metadata()
    .catch((cause: unknown) => {
      throw damaged(path, 'no frame could be read', cause);
    });
  if ((facts.pages ?? 1) < 2) return undefined;
  if (streamIndex > 0)
    throw new AffectError('INPUT_NO_VIDEO', `${path}: has no video stream ${streamIndex}; choose only 0`);
  const times = pageTimes(facts.delay ?? [], facts.pages!);
  const size = workingSize({
    codedWidthPx: facts.width,
    codedHeightPx: facts.pageHeight ?? facts.height,
    pixelAspect: 1,
    rotationDegrees: turn,
    maxSidePx,
  });
  const durationSeconds = times.endUs / 1e6;
  const info: VideoInfo = {
    path,
    streamIndex: 0,
    codec: 'webp',
    pixelFormat: null,
    ...size,
    widthPx: even(size.widthPx),
    heightPx: even(size.heightPx),
    rotationDegrees: 0,
    startOffsetSeconds: 0,
    durationSeconds,
    frameCount: facts.pages!,
    nominalFps: facts.pages! / durationSeconds,
  };
  return { info, notes: [], frames: (signal) => frames(info, times.ptsUs, options, signal) };
}

/**
 * Pure: when each page is shown, µs, and when the last ends. A delay of 10 ms or less, or none, is 100 ms: so browsers
 * play it.
 */
export function pageTimes(
  delaysMs: readonly number[],
  pages: number,
): { readonly ptsUs: number[]; readonly endUs: number } {
  let endUs = 0;
  const ptsUs = Array.from({ length: pages }, (_, page) => {
    const at = endUs;
    const delayMs = delaysMs[page] ?? 0;
    endUs += 1_000 * (delayMs > 10 ? delayMs : 100);
    return at;
  });
  return { ptsUs, endUs };
}

async function* frames(
  info: VideoInfo,
  ptsUs: readonly number[],
  options: AnimatedWebpOptions,
  signal: AbortSignal,
): AsyncGenerator<FrameLease, void, void> {
  const { widthPx, heightPx } = info;
  const wanted = wantedPages(ptsUs, options);
  const pool = new FramePool({ slots: options.poolSlots, widthPx, heightPx });
  const stop = () => pool.close();
  signal.addEventListener('abort', stop, { once: true });
  let index = 0;
  try {
    for await (const { page, rgb } of readPages(info, wanted, options.turn, signal)) {
      const slot = await pool.acquire();
      if (signal.aborted || !slot) return;
      rgbToYuv420p({ widthPx, heightPx, rgb }, slot.data);
      yield slot.lend({ index: index++, ptsUs: micros(ptsUs[page]!) });
    }
  } catch (cause) {
    if (signal.aborted || !(cause instanceof Error) || cause instanceof RangeError) throw cause;
    const upTo = index === 0 ? 'no frame could be read' : `read up to frame ${index} of ${wanted.length}`;
    throw damaged(info.path, upTo, cause);
  } finally {
    signal.removeEventListener('abort', stop);
    pool.close();
  }
}

function damaged(path: string, upTo: string, cause: unknown): AffectError {
  return new AffectError('INPUT_DAMAGED', `${path}: damaged, ${upTo}; copy or record it again`, { cause });
}

/** Pure: the pages within start and end; of each interval of 1/sampleFps s the first. */
function wantedPages(ptsUs: readonly number[], options: AnimatedWebpOptions): number[] {
  const { startSeconds = 0, endSeconds = Number.POSITIVE_INFINITY, sampleFps } = options;
  let interval = -1;
  return [...ptsUs.keys()].filter((page) => {
    const seconds = ptsUs[page]! / 1e6;
    if (seconds < startSeconds || seconds >= endSeconds) return false;
    if (sampleFps === undefined) return true;
    const own = Math.floor(seconds * sampleFps);
    const first = own > interval;
    interval = own;
    return first;
  });
}

interface Page {
  readonly page: number;
  readonly rgb: Uint8Array;
}

async function* readPages(
  info: VideoInfo,
  wanted: readonly number[],
  turn: Turn,
  signal: AbortSignal,
): AsyncGenerator<Page> {
  const turned = turn % 180 === 90;
  const [width, height] = turned
    ? [info.sourceHeightPx, info.sourceWidthPx]
    : [info.sourceWidthPx, info.sourceHeightPx];
  const pageBytes = width * height * 3;
  const blockPages = Math.max(1, Math.floor(BLOCK_BYTES / pageBytes));
  const last = wanted.at(-1) ?? -1;
  const chosen = new Set(wanted);
  for (let from = wanted[0] ?? 0; from <= last; from += blockPages) {
    const pages = Math.min(blockPages, last + 1 - from);
    const block = await sharp(info.path, { page: from, pages, failOn: 'error' })
      .flatten({ background: '#000' })
      .toColourspace('srgb')
      .raw()
      .toBuffer();
    for (let at = 0; at < pages; at++) {
      if (signal.aborted) return;
      if (!chosen.has(from + at)) continue;
      const rgb = block.subarray(at * pageBytes, (at + 1) * pageBytes);
      const picture = sharp(rgb, { raw: { width, height, channels: 3 } });
      const same = turn === 0 && width === info.widthPx && height === info.heightPx;
      yield { page: from + at, rgb: same ? rgb : await fitted(picture, info, turn) };
    }
  }
}

function fitted(picture: Sharp, { widthPx, heightPx }: VideoInfo, turn: Turn): Promise<Buffer> {
  return picture.rotate(turn).resize({ width: widthPx, height: heightPx, fit: 'fill' }).raw().toBuffer();
}

const even = (length: number): number => Math.max(2, length - (length % 2));
