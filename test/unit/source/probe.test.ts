import { describe, expect, test } from 'vitest';
import { parseFfmpegVersion } from '../../../src/source/ffmpeg-version.js';
import { readProbe } from '../../../src/source/probe.js';

const video = { index: 0, codec_name: 'h264', codec_type: 'video', width: 640, height: 480, pix_fmt: 'yuv420p' };

function probe(
  streams: readonly object[],
  { format = {}, warnings = '', streamIndex }: { format?: object; warnings?: string; streamIndex?: number } = {},
) {
  const json = { streams, format: { format_name: 'mov,mp4', ...format } };
  return readProbe({
    path: 'x.mp4',
    json,
    warnings,
    streamIndex,
    maxSidePx: 1280,
    turn: 0,
    ffmpeg: parseFfmpegVersion('5.1'),
  });
}

describe('what a file tells of itself', () => {
  test.each([
    { what: 'NTSC rate', stream: { avg_frame_rate: '30000/1001' }, info: { nominalFps: 30_000 / 1001 } },
    { what: 'average rate unknown', stream: { avg_frame_rate: '0/0', r_frame_rate: '25/1' }, info: { nominalFps: 25 } },
    { what: 'no rate', stream: {}, info: { nominalFps: null, durationSeconds: null, frameCount: null } },
    { what: 'a frame count', stream: { nb_frames: '77', duration: '9' }, info: { frameCount: 77, durationSeconds: 9 } },
    {
      what: 'an estimated frame count',
      stream: { avg_frame_rate: '25/1', duration: '2.02' },
      info: { frameCount: 51 },
    },
    {
      what: 'rotation in the display matrix (counterclockwise there)',
      stream: { side_data_list: [{ side_data_type: 'x' }, { rotation: -90 }] },
      info: { rotationDegrees: 90, widthPx: 480, heightPx: 640 },
    },
    {
      what: 'rotation in the old tag',
      stream: { tags: { rotate: '270' } },
      info: { rotationDegrees: 270, widthPx: 480 },
    },
    { what: 'pixel aspect', stream: { sample_aspect_ratio: '4:3' }, info: { widthPx: 853, heightPx: 480 } },
    { what: 'pixel aspect unknown', stream: { sample_aspect_ratio: '0:1' }, info: { widthPx: 640, heightPx: 480 } },
  ])('$what', ({ stream, info }) => {
    expect(probe([{ ...video, ...stream }]).info).toMatchObject(info);
  });

  test.each([
    { pix_fmt: 'yuv420p', color_range: undefined, limited: true },
    { pix_fmt: 'yuv420p10le', color_range: 'tv', limited: true },
    { pix_fmt: 'yuv420p', color_range: 'pc', limited: false },
    { pix_fmt: 'yuvj420p', color_range: undefined, limited: false },
    { pix_fmt: 'gray', color_range: undefined, limited: false },
    { pix_fmt: 'rgb24', color_range: undefined, limited: false },
    { pix_fmt: 'pal8', color_range: undefined, limited: false },
  ])('$pix_fmt, range $color_range: limited $limited', ({ pix_fmt, color_range, limited }) => {
    expect(probe([{ ...video, pix_fmt, color_range }]).colour.scaleOptions.includes('out_range=tv')).toBe(!limited);
  });

  test.each([
    { what: 'duration of the stream', stream: { start_time: '1.5', duration: '10' }, end: 11.5 },
    {
      what: 'DURATION tag of Matroska',
      stream: { start_time: '1.5', tags: { DURATION: '00:01:02.500000000' } },
      end: 62.5,
    },
    { what: 'only the container, which may mean the sound', stream: { start_time: '0' }, end: 99 },
  ])('declared end: $what', ({ stream, end }) => {
    expect(probe([{ ...video, ...stream }], { format: { duration: '99' } }).endSeconds).toBe(end);
  });
});

test('the chosen stream is counted among videos that are not cover art', () => {
  const cover = { ...video, index: 0, codec_name: 'png', disposition: { attached_pic: 1 } };
  const streams = [cover, { index: 1, codec_type: 'audio' }, { ...video, index: 2 }, { ...video, index: 3, width: 99 }];
  expect(probe(streams).containerStreamIndex).toBe(2);
  expect(probe(streams, { streamIndex: 1 })).toMatchObject({ containerStreamIndex: 3, info: { streamIndex: 1 } });
});

test.each([
  { what: 'no streams', streams: [], code: 'INPUT_NO_VIDEO', says: /no stream/ },
  { what: 'audio', streams: [{ index: 0, codec_type: 'audio' }], code: 'INPUT_NO_VIDEO', says: /no video stream/ },
  {
    what: 'cover',
    streams: [{ ...video, disposition: { attached_pic: 1 } }],
    code: 'INPUT_NO_VIDEO',
    says: /cover art/,
  },
  { what: 'index', streams: [video], streamIndex: 2, code: 'INPUT_NO_VIDEO', says: /no video stream 2; choose only 0/ },
  { what: 'text', streams: [video], format: { format_name: 'tty' }, code: 'INPUT_NO_VIDEO', says: /not a video/ },
  {
    what: 'picture',
    streams: [video],
    format: { format_name: 'png_pipe' },
    code: 'INPUT_NO_VIDEO',
    says: /not a video/,
  },
  { what: 'codec', streams: [{ ...video, codec_name: undefined }], code: 'INPUT_UNSUPPORTED', says: /cannot decode/ },
  {
    what: 'decoder',
    streams: [video],
    warnings: 'Unsupported codec with id 105 for input stream 0\n',
    code: 'INPUT_UNSUPPORTED',
    says: /cannot decode/,
  },
  { what: 'size', streams: [{ ...video, width: 0 }], code: 'INPUT_DAMAGED', says: /no readable picture size/ },
  { what: 'nonsense', streams: [{ index: 'x' }], code: 'INPUT_DAMAGED', says: /makes no sense/ },
])('refused: $what', ({ streams, code, says, ...options }) => {
  let thrown: unknown;
  try {
    probe(streams, options);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({ code, message: expect.stringMatching(says) });
});
