import { z } from 'zod';
import { AffectError } from '../domain/errors.js';
import type { Turn, VideoInfo } from '../domain/frame.js';
import { chooseStream } from './choose-stream.js';
import { type ColourPlan, colourPlan } from './colour-plan.js';
import type { FfmpegVersion } from './ffmpeg-version.js';
import { workingSize } from './working-size.js';

/** What ffprobe tells of a file: what the program shows, and what only decoding needs. */
export interface ProbedVideo {
  readonly info: VideoInfo;
  /** Index among all streams of the container, for `-map`. */
  readonly containerStreamIndex: number;
  /** ffmpeg's names of the container format, comma separated. */
  readonly format: string;
  /** First PTS of the stream in the source's own clock, where the container tells it. */
  readonly startSeconds: number | null;
  /** End that is declared for this stream, else for the container, in the source's own clock. */
  readonly endSeconds: number | null;
  readonly colour: ColourPlan;
  /** Asked for, beside the rotation that the file itself tells. */
  readonly turn: Turn;
  readonly ffmpeg: FfmpegVersion;
}

const text = z.string().optional();
const streamSchema = z.looseObject({
  index: z.number(),
  codec_name: text,
  codec_type: text,
  width: z.number().optional(),
  height: z.number().optional(),
  sample_aspect_ratio: text,
  pix_fmt: text,
  color_range: text,
  color_space: text,
  color_transfer: text,
  r_frame_rate: text,
  avg_frame_rate: text,
  start_time: text,
  duration: text,
  nb_frames: text,
  disposition: z.record(z.string(), z.number()).optional(),
  tags: z.record(z.string(), z.string()).optional(),
  side_data_list: z.array(z.looseObject({ rotation: z.number().optional() })).optional(),
});
type Stream = z.infer<typeof streamSchema>;
const probeSchema = z.looseObject({
  streams: z.array(streamSchema).default([]),
  format: z.looseObject({ format_name: z.string().default(''), duration: text, start_time: text }).optional(),
});

/** Text and still pictures, which ffprobe also calls video. */
const NOT_VIDEO_FORMATS = /(^|,)(tty|image2|bin|idf|xbin|adf)(,|$)|_pipe\b/;

export interface ProbeInput {
  readonly path: string;
  /** ffprobe's JSON: -show_streams -show_format. */
  readonly json: unknown;
  readonly warnings: string;
  /** 0-based among the video streams, attached pictures not counted; the first that moves when left out. */
  readonly streamIndex: number | undefined;
  readonly maxSidePx: number;
  readonly turn: Turn;
  readonly ffmpeg: FfmpegVersion;
}

/**
 * The chosen video stream of a file from ffprobe's JSON. Throws INPUT_NO_VIDEO when there is none (or no such index),
 * INPUT_UNSUPPORTED when ffmpeg has no decoder for it, INPUT_DAMAGED when its size is not known.
 */
export function readProbe({ path, json, warnings, streamIndex, maxSidePx, turn, ffmpeg }: ProbeInput): ProbedVideo {
  const parsed = probeSchema.safeParse(json);
  if (!parsed.success)
    throw new AffectError('INPUT_DAMAGED', `${path}: ffprobe's answer makes no sense; is the file intact?`);
  const { streams, format } = parsed.data;
  const formatName = format?.format_name ?? '';
  if (NOT_VIDEO_FORMATS.test(formatName)) {
    throw new AffectError('INPUT_NO_VIDEO', `${path}: ${notVideo(formatName)}; give a video file`);
  }
  const { stream, index, note } = chooseStream(path, streams, streamIndex);
  const codec = stream.codec_name ?? 'unknown';
  const undecodable = new RegExp(`Unsupported codec with id \\d+ for input stream ${stream.index}\\b`).test(warnings);
  if (undecodable || codec === 'unknown' || codec === 'none') {
    const hint = 'convert it to H.264, or install an ffmpeg built with that decoder';
    throw new AffectError(
      'INPUT_UNSUPPORTED',
      `${path}: this ffmpeg cannot decode its video (codec ${codec}); ${hint}`,
    );
  }
  if (!stream.width || !stream.height) {
    throw new AffectError(
      'INPUT_DAMAGED',
      `${path}: its video (${codec}) has no readable picture size; copy the file again`,
    );
  }
  const rotationDegrees = rotationOf(stream);
  const size = workingSize({
    codedWidthPx: stream.width,
    codedHeightPx: stream.height,
    pixelAspect: ratio(stream.sample_aspect_ratio?.replace(':', '/')) ?? 1,
    rotationDegrees: rotationDegrees + turn,
    maxSidePx,
  });
  const colour = colourOf(stream);
  const startSeconds = finite(stream.start_time);
  const startOffsetSeconds = finite(format?.start_time) ?? startSeconds ?? 0;
  const ownDuration = finite(stream.duration) ?? clockSeconds(stream.tags?.DURATION);
  const durationSeconds = ownDuration ?? finite(format?.duration);
  const nominalFps = ratio(stream.avg_frame_rate) ?? ratio(stream.r_frame_rate);
  const estimate = durationSeconds && nominalFps ? Math.max(1, Math.round(durationSeconds * nominalFps)) : null;
  return {
    info: {
      path,
      streamIndex: index,
      codec,
      pixelFormat: stream.pix_fmt ?? null,
      ...size,
      rotationDegrees,
      startOffsetSeconds,
      durationSeconds,
      frameCount: positive(finite(stream.nb_frames)) ?? estimate,
      nominalFps,
      matrix: colour.matrix,
      notes: [note, colour.note].filter((line) => line !== null),
    },
    containerStreamIndex: stream.index,
    format: formatName,
    startSeconds,
    endSeconds: declaredEnd(stream, format, startOffsetSeconds),
    colour,
    turn,
    ffmpeg,
  };
}

function declaredEnd(
  stream: Stream,
  format: { readonly duration?: string | undefined } | undefined,
  startOffsetSeconds: number,
): number | null {
  const length = finite(stream.duration);
  if (length !== null) return length + (finite(stream.start_time) ?? 0);
  // A Matroska DURATION tag is the end of the last frame, not a length.
  const end = clockSeconds(stream.tags?.DURATION);
  if (end !== null) return end;
  const whole = positive(finite(format?.duration));
  return whole === null ? null : whole + startOffsetSeconds;
}

function notVideo(format: string): string {
  if (/(^|,)image2|_pipe\b/.test(format)) return 'is a still picture, not a video';
  return 'is text, not a video';
}

/** Clockwise rotation that shows the picture upright, 0 to 359, from the display matrix or the old `rotate` tag. */
function rotationOf(stream: Stream): number {
  const matrix = stream.side_data_list?.find((data) => data.rotation !== undefined)?.rotation;
  const clockwise = matrix === undefined ? (finite(stream.tags?.rotate) ?? 0) : -matrix;
  return ((Math.round(clockwise) % 360) + 360) % 360;
}

function colourOf(stream: Stream): ColourPlan {
  return colourPlan({
    pixelFormat: stream.pix_fmt ?? null,
    range: stream.color_range ?? null,
    matrix: stream.color_space ?? null,
    transfer: stream.color_transfer ?? null,
    widthPx: stream.width ?? 0,
    heightPx: stream.height ?? 0,
  });
}

function finite(value: string | undefined): number | null {
  const number = value === undefined || value === '' ? Number.NaN : Number(value);
  return Number.isFinite(number) ? number : null;
}

function positive(value: number | null): number | null {
  return value !== null && value > 0 ? value : null;
}

function ratio(value: string | undefined): number | null {
  const [numerator, denominator] = (value ?? '').split('/').map(Number);
  const number = numerator! / (denominator ?? 1);
  return Number.isFinite(number) && number > 0 ? number : null;
}

/** "00:01:02.5" as seconds. */
function clockSeconds(value: string | undefined): number | null {
  const match = /^(\d+):(\d+):(\d+(?:\.\d+)?)$/.exec(value ?? '');
  return match ? Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3]) : null;
}
