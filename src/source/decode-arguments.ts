import { fpsPassthrough } from './ffmpeg-version.js';
import type { ProbedVideo } from './probe.js';

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
}

/** ffmpeg's arguments before and after `-i <input>`: one yuv420p NUT stream on standard output. */
export interface FfmpegArguments {
  readonly input: readonly string[];
  readonly output: readonly string[];
}

/** Formats with an index: seeking lands on the key frame before the target. The others get a longer run-up. */
const INDEXED = /mov|matroska|webm|avi|flv|asf|ogg/;

/** Pure: what ffmpeg 5 to 7 must be told to decode the probed stream with its own timestamps. */
export function decodeArguments(video: ProbedVideo, options: DecodeOptions): FfmpegArguments {
  return {
    input: [
      '-nostdin',
      '-hide_banner',
      '-loglevel',
      'repeat+level+warning',
      '-copyts',
      '-protocol_whitelist',
      'file',
      '-threads',
      String(options.decoderThreads),
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

function seekArguments(video: ProbedVideo, startSeconds: number | undefined): string[] {
  if (startSeconds === undefined) return [];
  // The margin covers reordered frames, and unindexed formats where the landing place is not a key frame.
  const target = startSeconds - (INDEXED.test(video.format) ? 1 : 10);
  if (target <= (video.startSeconds ?? 0)) return [];
  return ['-noaccurate_seek', '-seek_timestamp', '1', '-ss', target.toFixed(6)];
}

function filters(video: ProbedVideo, { startSeconds, endSeconds, sampleFps }: DecodeOptions): string {
  const { widthPx, heightPx } = video.info;
  const offsetSeconds = PTS_OFFSET_US / 1e6;
  const chain = ['settb=1/1000000', `setpts='${steadyPts(video)}'`];
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
  const range = video.limitedRange ? '' : ':out_range=tv';
  chain.push(`scale=${widthPx}:${heightPx}${range}`, 'format=yuv420p');
  return chain.join(',');
}

/**
 * The rule for bad timestamps, in ffmpeg's expression language, in µs. A frame not later than its predecessor is put
 * 1 ms after it; where the clock fell back by more than 1 s it was restarted, and what follows is moved as a whole
 * so that it goes on one nominal frame interval later. A frame without PTS follows by that interval too.
 * Variable 0 is the move so far, 1 the moved PTS.
 */
function steadyPts(video: ProbedVideo): string {
  const stepUs = Math.round(1e6 / (video.info.nominalFps ?? 25));
  const late = `if(gt(PREV_OUTPTS-ld(1),1000000),st(0,ld(0)+PREV_OUTPTS+${stepUs}-ld(1))*0+PREV_OUTPTS+${stepUs},PREV_OUTPTS+1000)`;
  const unknown = `if(isnan(PREV_OUTPTS),${PTS_OFFSET_US},PREV_OUTPTS+${stepUs})`;
  const known = `st(1,PTS+${PTS_OFFSET_US}+ld(0))*0+if(isnan(PREV_OUTPTS),ld(1),if(gt(ld(1),PREV_OUTPTS),ld(1),${late}))`;
  return `if(isnan(PTS),${unknown},${known})`;
}
