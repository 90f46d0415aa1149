import type { Decoder } from '../../domain/decoder.js';
import type { Turn } from '../../domain/frame.js';
import { clockRule } from '../clock-rule.js';
import type { ColourPlan } from '../colour-plan.js';
import { type FfmpegArguments, PTS_OFFSET_US } from '../decode-arguments.js';
import { type FfmpegVersion, fpsPassthrough } from '../ffmpeg-version.js';
import { decoderArguments } from '../hardware-log.js';
import { TURN_FILTERS } from '../turn-filters.js';
import { streamKindOf } from './kinds.js';
import type { StreamInput } from './stream-kind.js';

export interface LiveArgumentOptions {
  readonly input: StreamInput;
  readonly ffmpeg: FfmpegVersion;
  /** Longer side of the frames, pixels; never enlarged. */
  readonly maxSidePx: number;
  /** Raising it helps streams of large pictures; with slices it costs no latency. */
  readonly decoderThreads: number;
  /** Silence of the network after which ffmpeg itself gives up; our own watchdog comes first. */
  readonly networkTimeoutMs: number;
  readonly platform: NodeJS.Platform;
  /** For addresses: what stands in for them (`Mediator.url`), so that no argument of ffmpeg is secret. */
  readonly mediatorUrl: string | null;
  /** For HDR and wide gamut, once ffmpeg's log has told of it. @default null: samples as they are, in limited range */
  readonly colour?: ColourPlan | null;
  /** @default 'none' */
  readonly decoder?: Decoder;
  /** @default 0 */
  readonly turn?: Turn;
}

/** Name of the scale filter in ffmpeg's log: its lines tell the size of the output (live-log.ts). */
export const SCALE_NAME = 'scale@mien';
/** Of the filter that writes a line for each picture: what the decoder complains of before it is of this picture. */
const PICTURE_NAME = 'showinfo@mien';

/**
 * Pure: what ffmpeg 5 to 7 must be told to play a camera with least delay into yuv420p NUT on standard output, and the
 * address to open. Every value is a word of its own, so nothing in it can become an option.
 *
 * `nobuffer` is left out on purpose: with it ffmpeg throws away what it read while it analysed the stream, the key frame
 * among it, and the first frame comes one key-frame interval later (docs/source.md has the measurement).
 */
export function liveArguments(options: LiveArgumentOptions): FfmpegArguments & { readonly address: string } {
  const { input, platform, mediatorUrl, decoderThreads } = options;
  const kind = streamKindOf(input);
  const address = 'opens' in kind ? kind.opens(input, platform) : mediatorUrl;
  if (address === null) throw new RangeError('an address is only opened through a mediator');
  const networkTimeoutUs = String(Math.round(options.networkTimeoutMs * 1000));
  return {
    address,
    input: [
      ...['-nostdin', '-nostats', '-hide_banner', '-loglevel', 'repeat+level+verbose'],
      ...kind.arguments(input, { networkTimeoutUs, platform }),
      ...['-threads', String(decoderThreads), '-thread_type', 'slice'],
      ...decoderArguments(options.decoder ?? 'none'),
    ],
    output: [
      ...['-map', '0:v:0', '-an', '-sn', '-dn', '-map_metadata', '-1', '-map_chapters', '-1'],
      ...['-vf', filters(options), '-autoscale', '0'],
      ...fpsPassthrough(options.ffmpeg),
      // The raw "encoder" would work with frame threads, and so keep a frame back for each of them.
      ...['-enc_time_base', '1:1000000', '-c:v', 'rawvideo', '-threads', '1'],
      ...['-f', 'nut', '-write_index', '0', '-flush_packets', '1'],
    ],
  };
}

/**
 * Turned, square pixels, longer side at most `maxSidePx`, even sizes, limited range. The size is worked out by ffmpeg, as it is
 * not known beforehand; `-autoscale 0` keeps ffmpeg from squeezing a later size into the first one.
 */
function filters({ maxSidePx, colour, turn = 0 }: LiveArgumentOptions): string {
  const side = 2 * Math.floor(maxSidePx / 2);
  const shown = { width: 'iw*max(1,sar)', height: 'ih/min(1,sar)' };
  const shrink = `min(1,${side}/max(${shown.width},${shown.height}))`;
  const even = (length: string) => `2*max(1,trunc((${length}*${shrink}+0.01)/2))`;
  const scale = `${SCALE_NAME}=w='${even(shown.width)}':h='${even(shown.height)}'${colour?.scaleOptions ?? ':out_range=tv'}`;
  return [
    'settb=1/1000000',
    `setpts='${RISING_PTS}'`,
    `${PICTURE_NAME}=checksum=0`,
    ...TURN_FILTERS[turn],
    scale,
    ...(colour?.after ?? []),
    'setsar=1',
    'format=yuv420p',
  ].join(',');
}

/** Keeps PTS rising inside ffmpeg, as NUT needs. Variable 6 is the wall clock of the frame before. */
const RISING_PTS = (() => {
  const now = 'time(0)*1000000';
  const rule = clockRule({ zeroUs: PTS_OFFSET_US, stepUs: `max(1000,${now}-ld(6))`, leaps: true, tell: false });
  return `${rule};st(6,${now});ld(5)`;
})();
