import { describe, expect, test } from 'vitest';
import { type DecodeOptions, decodeArguments } from '../../../src/source/decode-arguments.js';
import { parseFfmpegVersion } from '../../../src/source/ffmpeg-version.js';
import type { ProbedVideo } from '../../../src/source/probe.js';

const video: ProbedVideo = {
  info: {
    path: 'x.mp4',
    streamIndex: 0,
    codec: 'h264',
    pixelFormat: 'yuv420p',
    widthPx: 64,
    heightPx: 48,
    sourceWidthPx: 64,
    sourceHeightPx: 48,
    startOffsetSeconds: 5,
    rotationDegrees: 0,
    durationSeconds: 100,
    frameCount: 2500,
    nominalFps: 25,
  },
  containerStreamIndex: 3,
  format: 'mov,mp4',
  startSeconds: 5,
  endSeconds: 105,
  colour: { scaleOptions: '', after: [], matrix: 'bt601', note: null },
  turn: 0,
  ffmpeg: parseFfmpegVersion('5.1'),
};
const whole: DecodeOptions = {
  startSeconds: undefined,
  endSeconds: undefined,
  sampleFps: undefined,
  decoderThreads: 1,
};
const valueAfter = (list: readonly string[], name: string) => list[list.indexOf(name) + 1];

test('the whole of a plain file: no seek, no conversion', () => {
  const { input, output } = decodeArguments(video, whole);
  expect(input).not.toContain('-ss');
  expect(valueAfter(output, '-map')).toBe('0:3');
  expect(valueAfter(output, '-fps_mode')).toBe('passthrough');
  expect(valueAfter(output, '-vf')).toMatch(
    /^settb=1\/1000000,setpts='.*',scale@fit=w='.*':h='.*':eval=frame,pad=64:48:.*,format=yuv420p$/,
  );
});

test('full range and RGB are brought to limited range', () => {
  expect(
    valueAfter(
      decodeArguments({ ...video, colour: { ...video.colour, scaleOptions: ':out_range=tv' } }, whole).output,
      '-vf',
    ),
  ).toContain(':out_range=tv');
});

describe('seeking lands before the start', () => {
  test.each([
    { what: 'indexed', format: 'mov,mp4', startSeconds: 60, seek: '64.000000' },
    { what: 'without index: a longer run-up', format: 'mpegts', startSeconds: 60, seek: '55.000000' },
    { what: 'near the beginning: not at all', format: 'mov,mp4', startSeconds: 0.9, seek: undefined },
    { what: 'near the beginning, without index', format: 'mpegts', startSeconds: 9, seek: undefined },
  ])('$what', ({ format, startSeconds, seek }) => {
    const { input, output } = decodeArguments({ ...video, format }, { ...whole, startSeconds });
    expect(input.includes('-ss') ? valueAfter(input, '-ss') : undefined).toBe(seek);
    expect(valueAfter(output, '-vf')).toContain(`trim=start=${(startSeconds + 1001).toFixed(6)},`);
  });
});

test('sampling comes after the repair of PTS and before scaling', () => {
  const filters = valueAfter(decodeArguments(video, { ...whole, endSeconds: 7, sampleFps: 5 }).output, '-vf')!;
  const order = ['settb', 'setpts', 'trim=end=1008.000000', 'select', 'scale', 'format'].map((name) =>
    filters.indexOf(name),
  );
  expect(order).toEqual([...order].sort((a, b) => a - b));
  expect(order).not.toContain(-1);
});

test('ffmpeg 5.0 is told in its own words', () => {
  const { output } = decodeArguments({ ...video, ffmpeg: parseFfmpegVersion('5.0.1') }, whole);
  expect(valueAfter(output, '-vsync')).toBe('passthrough');
  expect(output).not.toContain('-fps_mode');
});
