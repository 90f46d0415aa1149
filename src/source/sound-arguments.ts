import { SOUND_RATE } from '../domain/sound.js';
import { type FfmpegArguments, PTS_OFFSET_US, seekArguments } from './decode-arguments.js';
import type { ProbedVideo } from './probe.js';

/** Sound is listened to from so long before the first frame on, and to so long after the last: what is heard has a past. */
export const SOUND_MARGIN_SECONDS = 2;

/** Pure: what ffmpeg must be told to decode one sound stream with its own time stamps, as mono of 16 bit in NUT. */
export function soundArguments(
  video: Pick<ProbedVideo, 'info' | 'format' | 'startSeconds'>,
  options: {
    readonly containerStreamIndex: number;
    readonly startSeconds: number | undefined;
    readonly endSeconds: number | undefined;
  },
): FfmpegArguments {
  const { containerStreamIndex, endSeconds } = options;
  const from = options.startSeconds === undefined ? undefined : options.startSeconds - SOUND_MARGIN_SECONDS;
  const zero = PTS_OFFSET_US / 1e6;
  const shift = Math.round((zero - video.info.startOffsetSeconds) * SOUND_RATE);
  const bounds = [
    from === undefined ? '' : `start=${(from + zero).toFixed(6)}`,
    endSeconds === undefined ? '' : `end=${(endSeconds + SOUND_MARGIN_SECONDS + zero).toFixed(6)}`,
  ].filter(Boolean);
  const chain = [
    `aresample=${SOUND_RATE}`,
    'aformat=sample_fmts=s16:channel_layouts=mono',
    `asettb=1/${SOUND_RATE}`,
    `asetpts=PTS+${shift}`,
    ...(bounds.length > 0 ? [`atrim=${bounds.join(':')}`] : []),
  ];
  return {
    input: [
      '-nostdin',
      '-nostats',
      '-hide_banner',
      '-loglevel',
      'repeat+level+warning',
      '-copyts',
      '-protocol_whitelist',
      'file',
      '-vn',
      ...seekArguments(video, from),
    ],
    output: [
      '-map',
      `0:${containerStreamIndex}`,
      '-map_metadata',
      '-1',
      '-map_chapters',
      '-1',
      '-af',
      chain.join(','),
      '-c:a',
      'pcm_s16le',
      '-f',
      'nut',
      '-write_index',
      '0',
    ],
  };
}
