import type { Decoder } from '../domain/decoder.js';
import { clockRule } from './clock-rule.js';
import { fpsPassthrough } from './ffmpeg-version.js';
import { decoderArguments } from './hardware-log.js';
import type { ProbedVideo } from './probe.js';
import { TURN_FILTERS } from './turn-filters.js';

/**
 * NUT cannot hold a negative PTS, and ffmpeg would silently move such a stream. Frames travel with this much added
 * (1001 s: whole in every common time base), and it is taken off again on arrival.
 */
export const PTS_OFFSET_US = 1_001_000_000;

export interface DecodeOptions {
  readonly startSeconds: number | undefined;
  readonly endSeconds: number | undefined;
  readonly sampleFps: number | undefined;
  readonly decoderThreads: number;
  /** @default 'none' */
  readonly decoder?: Decoder;
}

/** ffmpeg's arguments before and after `-i <input>`: one yuv420p NUT stream on standard output. */
export interface FfmpegArguments {
  readonly input: readonly string[];
  readonly output: readonly string[];
}

/** Name of the scale filter in ffmpeg's log: its lines tell when the picture changes its size (decode-log.ts). */
export const FIT_NAME = 'scale@fit';

/** Formats whose clock may be restarted, and whose end nobody declares. */
export const UNDECLARED_END = /mpegts|^mpeg$|^mpegvideo$/;

/** Formats with an index: seeking lands on the key frame before the target. The others get a longer run-up. */
const INDEXED = /mov|matroska|webm|avi|flv|asf|ogg/;

/** Pure: what ffmpeg 5 to 7 must be told to decode the probed stream with its own timestamps. */
export function decodeArguments(video: ProbedVideo, options: DecodeOptions): FfmpegArguments {
  return {
    input: [
      '-nostdin',
      '-nostats',
      '-hide_banner',
      '-loglevel',
      'repeat+level+verbose',
      '-copyts',
      '-protocol_whitelist',
      'file',
      '-threads',
      String(options.decoderThreads),
      ...decoderArguments(options.decoder ?? 'none'),
      // The filters take a change of size themselves, and so keep their clock; turning the picture cannot.
      ...(video.info.rotationDegrees === 0 ? ['-reinit_filter', '0'] : []),
      ...seekArguments(video, options.startSeconds),
    ],
    output: [
      '-map',
      `0:${video.containerStreamIndex}`,
      '-map_metadata',
      '-1',
      '-map_chapters',
      '-1',
      '-vf',
      filters(video, options),
      ...fpsPassthrough(video.ffmpeg),
      '-enc_time_base',
      '1:1000000',
      '-c:v',
      'rawvideo',
      '-f',
      'nut',
      '-write_index',
      '0',
    ],
  };
}

/** Where to begin reading so that what lies at `startSeconds` is decoded whole. */
export function seekArguments(
  video: Pick<ProbedVideo, 'info' | 'format' | 'startSeconds'>,
  startSeconds: number | undefined,
): string[] {
  if (startSeconds === undefined) return [];
  // The margin covers reordered frames, and unindexed formats where the landing place is not a key frame.
  const target = startSeconds + video.info.startOffsetSeconds - (INDEXED.test(video.format) ? 1 : 10);
  if (target <= (video.startSeconds ?? 0)) return [];
  return ['-noaccurate_seek', '-seek_timestamp', '1', '-ss', target.toFixed(6)];
}

function filters(video: ProbedVideo, { startSeconds, endSeconds, sampleFps }: DecodeOptions): string {
  const { nominalFps, startOffsetSeconds } = video.info;
  const offsetSeconds = PTS_OFFSET_US / 1e6;
  const clock = clockRule({
    zeroUs: PTS_OFFSET_US - Math.round(startOffsetSeconds * 1e6),
    stepUs: Math.round(1e6 / (nominalFps ?? 25)),
    leaps: UNDECLARED_END.test(video.format),
    tell: true,
  });
  const chain = ['settb=1/1000000', `setpts='${clock}'`];
  if (startSeconds !== undefined || endSeconds !== undefined) {
    const bounds = [
      startSeconds === undefined ? '' : `start=${(startSeconds + offsetSeconds).toFixed(6)}`,
      endSeconds === undefined ? '' : `end=${(endSeconds + offsetSeconds).toFixed(6)}`,
    ];
    chain.push(`trim=${bounds.filter(Boolean).join(':')}`);
  }
  if (sampleFps !== undefined) {
    // The first frame of each interval of 1/fps, counted from PTS 0. The 1e-6 absorbs the rounding of PTS to µs.
    const interval = (time: string) => `floor((${time}-${offsetSeconds})*${sampleFps}+1e-6*${sampleFps}+1e-9)`;
    chain.push(`select='isnan(prev_selected_t)+gt(${interval('t')},${interval('prev_selected_t')})'`);
  }
  chain.push(...TURN_FILTERS[video.turn]);
  chain.push(...fitted(video, video.colour.scaleOptions), ...video.colour.after, 'format=yuv420p');
  return chain.join(',');
}

/** Turned pictures and odd frames, which ffmpeg cannot pad without loss, are scaled to the first size whatever their aspect. */
export function fitsLaterSizes({ rotationDegrees, widthPx, heightPx }: ProbedVideo['info']): boolean {
  return rotationDegrees === 0 && widthPx % 2 === 0 && heightPx % 2 === 0;
}

/**
 * The first size fills the frame, but for two pixels of rounding. Another one later is fitted into the same frame with its
 * own aspect, in the middle of black bars. Pixels of the file are not square where `sar` is not 1.
 */
function fitted({ info }: ProbedVideo, range: string): string[] {
  const { widthPx, heightPx } = info;
  if (!fitsLaterSizes(info)) return [`${FIT_NAME}=${widthPx}:${heightPx}${range}`];
  const shown = { width: 'iw*max(1,sar)', height: 'ih/min(1,sar)' };
  const shrink = `min(${widthPx}/(${shown.width}),${heightPx}/(${shown.height}))`;
  const side = (length: string, full: number) =>
    `st(0,max(2,2*round(${length}*${shrink}/2)));if(lte(${full}-ld(0),2),${full},ld(0))`;
  return [
    `${FIT_NAME}=w='${side(shown.width, widthPx)}':h='${side(shown.height, heightPx)}':eval=frame${range}`,
    `pad=${widthPx}:${heightPx}:(ow-iw)/2:(oh-ih)/2:eval=frame`,
  ];
}
