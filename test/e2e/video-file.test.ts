import { appendFileSync, copyFileSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { yuv420pBytes } from '../../src/domain/frame.js';
import { type OpenVideoOptions, openVideo } from '../../src/source/video-file.js';
import {
  copyWith,
  ffmpeg,
  ffprobePts,
  H264,
  readAll,
  referenceHashes,
  testPicture,
  videoFolder,
} from '../support/make-video.js';

const folder = videoFolder();
afterAll(folder.remove);
const at = folder.path;

const VFR = ['-vf', "select='not(mod(n,3))+gt(n,20)',setpts='PTS+0.013*mod(N,2)/TB'", '-vsync', 'vfr'];
/** 25 frames a second; the encoder may write them at any time of a fine clock. */
const FINE = ['-video_track_timescale', '90000'];

interface Case {
  readonly what: string;
  readonly file: string;
  readonly make: readonly string[];
  readonly shown: string;
  readonly options?: Omit<OpenVideoOptions, 'path'>;
  readonly stream?: string;
  /** That its colours are converted to: it has none of its own. */
  readonly matrix?: string;
}

const cases: Case[] = [
  { what: 'constant frame rate', file: 'cfr.mp4', make: [...testPicture(), ...H264], shown: '160x120' },
  { what: 'NTSC frame rate', file: 'ntsc.mkv', make: [...testPicture({ fps: 29.97 }), ...H264], shown: '160x120' },
  {
    what: 'variable frame rate',
    file: 'vfr.mp4',
    make: [...testPicture({ seconds: 2 }), ...VFR, ...FINE, ...H264],
    shown: '160x120',
  },
  {
    what: 'odd size',
    file: 'odd.mkv',
    make: [...testPicture(), '-vf', 'scale=321:241', '-c:v', 'ffv1'],
    shown: '321x241',
  },
  {
    what: 'start that is not zero (transport stream)',
    file: 'start.ts',
    make: [...testPicture(), '-output_ts_offset', '7.5', ...H264],
    shown: '160x120',
  },
  {
    what: 'negative start',
    file: 'negative.asf',
    make: [...testPicture(), ...H264, '-bf', '0', '-avoid_negative_ts', 'disabled', '-output_ts_offset', '-0.4'],
    shown: '160x120',
  },
  {
    what: '10 bit',
    file: 'ten.mkv',
    make: [...testPicture(), '-pix_fmt', 'yuv420p10le', '-c:v', 'ffv1'],
    shown: '160x120',
  },
  { what: 'gray', file: 'gray.mkv', make: [...testPicture(), '-pix_fmt', 'gray', '-c:v', 'ffv1'], shown: '160x120' },
  {
    what: '4:4:4',
    file: 'full.mkv',
    make: [...testPicture(), '-pix_fmt', 'yuv444p', '-c:v', 'ffv1'],
    shown: '160x120',
  },
  {
    what: 'RGB',
    file: 'rgb.mov',
    make: [...testPicture(), '-pix_fmt', 'rgb24', '-c:v', 'png'],
    shown: '160x120',
    matrix: 'bt709',
  },
  { what: 'palette', file: 'palette.gif', make: [...testPicture({ fps: 10 })], shown: '160x120', matrix: 'bt709' },
  {
    what: 'full range',
    file: 'jpeg.avi',
    make: [...testPicture(), '-pix_fmt', 'yuvj420p', '-c:v', 'mjpeg'],
    shown: '160x120',
  },
  { what: 'wide pixels', file: 'wide.mkv', make: [...testPicture(), ...H264, '-aspect', '16:9'], shown: '213x120' },
  { what: 'tall pixels', file: 'tall.mkv', make: [...testPicture(), ...H264, '-aspect', '1:1'], shown: '160x160' },
  {
    what: 'second of two video streams',
    file: 'two.mkv',
    make: [...testPicture(), ...testPicture({ size: '96x64', fps: 10 }), '-map', '0:v', '-map', '1:v', ...H264],
    shown: '96x64',
    options: { streamIndex: 1 },
    stream: 'v:1',
  },
  {
    what: 'larger than the working resolution',
    file: 'large.mkv',
    make: [...testPicture({ size: '640x360', seconds: 0.4 }), ...H264],
    shown: '100x56',
    options: { maxSidePx: 100 },
  },
];

describe.each(cases)('$what', ({ file, make, shown, options, stream = 'v:0', matrix }) => {
  test('PTS are those of ffprobe and pixels those of ffmpeg', async () => {
    const path = at(file);
    ffmpeg(...make, path);
    const source = await openVideo({ path, ...options });
    const { widthPx, heightPx } = source.info;
    expect(`${widthPx}x${heightPx}`).toBe(shown);
    const { frames, error } = await readAll(source);
    expect(error).toBeUndefined();
    const expected = ffprobePts(path, stream);
    expect(expected.length).toBeGreaterThan(4);
    expect(frames).toHaveLength(expected.length);
    for (const [index, frame] of frames.entries()) expect(frame.ptsUs / 1e6).toBeCloseTo(expected[index]!, 5);
    const frameBytes = yuv420pBytes(widthPx, heightPx);
    const hashes = referenceHashes({
      path,
      widthPx,
      heightPx,
      frameBytes,
      stream: `0:${stream}`,
      ...(matrix && { matrix }),
    });
    expect(frames.map((frame) => frame.hash)).toEqual(hashes);
  });
});

test.each([
  { degrees: 90, corner: 'top right', shown: { widthPx: 120, heightPx: 160 } },
  { degrees: 180, corner: 'bottom right', shown: { widthPx: 160, heightPx: 120 } },
  { degrees: 270, corner: 'bottom left', shown: { widthPx: 120, heightPx: 160 } },
])('a picture marked as turned by $degrees degrees comes upright', async ({ degrees, corner, shown }) => {
  const flat = at('flat.mp4');
  const white = 'color=black:size=160x120:duration=0.4,drawbox=w=80:h=60:color=white:t=fill';
  ffmpeg('-f', 'lavfi', '-i', white, ...H264, flat); // The box is top left.
  const path = copyWith(flat, at(`turned${degrees}.mp4`), (bytes) => withRotation(bytes, degrees));
  const source = await openVideo({ path });
  expect(source.info).toMatchObject({ ...shown, rotationDegrees: degrees });
  expect(await whiteCorner(source)).toBe(corner);
});

/** Sets the display matrix in the track header of an MP4 (ISO 14496-12, 8.3.2) to a clockwise rotation. */
function withRotation(bytes: Buffer, degrees: number): Buffer {
  const matrixAt = bytes.indexOf('tkhd') + 44;
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const cells = [cos, sin, 0, -sin, cos, 0];
  for (const [cell, value] of cells.entries()) bytes.writeInt32BE(Math.round(value * 65_536), matrixAt + cell * 4);
  return bytes;
}

async function whiteCorner(source: Awaited<ReturnType<typeof openVideo>>): Promise<string> {
  for await (const { frame, release } of source.frames(new AbortController().signal)) {
    const { widthPx, heightPx, data } = frame;
    const lumaAt = (x: number, y: number) => data[Math.floor(y * heightPx) * widthPx + Math.floor(x * widthPx)]!;
    const corners = {
      'top left': [0.2, 0.2],
      'top right': [0.8, 0.2],
      'bottom left': [0.2, 0.8],
      'bottom right': [0.8, 0.8],
    };
    const white = Object.entries(corners).filter(([, [x, y]]) => lumaAt(x!, y!) > 128);
    release();
    return white.map(([name]) => name).join();
  }
  return 'no frame';
}

describe('a part of a file', () => {
  const path = at('part.mp4');
  ffmpeg(...testPicture({ seconds: 4 }), ...H264, path);
  const stream = at('part.ts');
  ffmpeg('-i', path, '-c', 'copy', '-output_ts_offset', '20', stream);

  test.each([
    { what: 'start', options: { startSeconds: 2.5 }, within: (pts: number) => pts >= 2.5 },
    { what: 'start between two frames', options: { startSeconds: 2.51 }, within: (pts: number) => pts >= 2.51 },
    { what: 'end', options: { endSeconds: 1 }, within: (pts: number) => pts < 1 },
    { what: 'both', options: { startSeconds: 1.2, endSeconds: 1.6 }, within: (pts: number) => pts >= 1.2 && pts < 1.6 },
  ])('$what: exactly the frames within, with their own PTS and pixels', async ({ options, within }) => {
    const whole = await readAll(await openVideo({ path }));
    const part = await readAll(await openVideo({ path, ...options }));
    expect(part.error).toBeUndefined();
    const strip = ({ frames }: typeof whole) => frames.map(({ ptsUs, hash }) => ({ ptsUs, hash }));
    expect(strip(part)).toEqual(strip(whole).filter(({ ptsUs }) => within(ptsUs / 1e6)));
  });

  test('a start beyond the end is refused, and the end told', async () => {
    await expect(openVideo({ path, startSeconds: 9 })).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('ends at 4.0 s, before the start asked for (9 s)'),
    });
    // In the time that players show, which a transport stream does not count from 0.
    await expect(openVideo({ path: stream, startSeconds: 9 })).rejects.toMatchObject({ code: 'USAGE' });
  });

  test('start and end count from the start of the container, as players do', async () => {
    const source = await openVideo({ path: stream, startSeconds: 2.5, endSeconds: 3 });
    const { frames, error } = await readAll(source);
    expect(error).toBeUndefined();
    expect(source.info.startOffsetSeconds).toBeCloseTo(21.4, 1);
    expect(frames.map(({ ptsUs }) => ptsUs / 1000)).toEqual(Array.from({ length: 12 }, (_, n) => 2520 + 40 * n));
  });

  test('sampling keeps the first frame of every interval, with its real PTS', async () => {
    const { frames } = await readAll(await openVideo({ path, sampleFps: 4 }));
    // 25 fps: frames at 0, 0.28 (the first in [0.25, 0.5)), 0.52, 0.76, ...
    const expected = [0, 1, 2, 3].flatMap((second) => [0, 280, 520, 760].map((part) => second * 1000 + part));
    expect(frames.map(({ ptsUs }) => ptsUs / 1000)).toEqual(expected);
  });

  test('sampling faster than the file keeps every frame', async () => {
    const { frames } = await readAll(await openVideo({ path, sampleFps: 120 }));
    expect(frames).toHaveLength(100);
  });
});

test('full range and RGB black and white arrive as 16 and 235', async () => {
  const source = 'color=white:size=64x64:duration=0.2,drawbox=w=32:h=64:color=black:t=fill';
  const gray = ['-f', 'lavfi', '-i', source];
  const variants = {
    'full.avi': ['-pix_fmt', 'yuvj420p', '-c:v', 'mjpeg', '-q:v', '1'],
    'rgb.mkv': ['-pix_fmt', 'bgr0', '-c:v', 'ffv1'],
  };
  for (const [name, encode] of Object.entries(variants)) {
    ffmpeg(...gray, ...encode, at(name));
    for await (const { frame, release } of (await openVideo({ path: at(name) })).frames(new AbortController().signal)) {
      expect([frame.data[64 * 32 + 8], frame.data[64 * 32 + 56]], name).toEqual([16, 235]);
      release();
    }
  }
});

test('a later size is fitted into the first with its own aspect, and time runs on', async () => {
  const [wide, tall, joined] = [at('wide.ts'), at('tall.ts'), at('turned.ts')];
  const white = (size: string) => ['-f', 'lavfi', '-i', `color=white:size=${size}:rate=25:duration=0.6`];
  ffmpeg(...white('160x90'), ...H264, wide);
  ffmpeg(...white('90x160'), ...H264, tall);
  copyFileSync(wide, joined);
  appendFileSync(joined, readFileSync(tall));
  const source = await openVideo({ path: joined });
  const { frames, error } = await readAll(source);
  expect(error).toBeUndefined();
  expect(frames.map(({ ptsUs }) => ptsUs / 1000)).toEqual(Array.from({ length: 30 }, (_, n) => 40 * n));
  // 50 of 160 columns are white (235), the others black (16).
  expect(frames.at(-1)!.meanLuma).toBeCloseTo(16 + (219 * 50) / 160, 0);
  expect(source.notes).toContain('its clock fell back 1 time; time runs on');
  expect(source.notes).toContain(
    'the picture size changes from 160x90 to 90x160; later sizes are fitted into the first',
  );
});

test('a change of size in mid-stream keeps the size of the first', async () => {
  const [small, large, joined] = [at('small.ts'), at('large.ts'), at('joined.ts')];
  ffmpeg(...testPicture({ seconds: 0.6 }), ...H264, small);
  ffmpeg(...testPicture({ seconds: 0.6, size: '320x240' }), '-output_ts_offset', '0.6', ...H264, large);
  ffmpeg('-i', `concat:${small}|${large}`, '-c', 'copy', joined);
  const { frames, error } = await readAll(await openVideo({ path: joined }));
  expect(error).toBeUndefined();
  expect(frames).toHaveLength(30);
  expect(new Set(frames.map(({ bytes }) => bytes))).toEqual(new Set([yuv420pBytes(160, 120)]));
});

test('time that falls back goes on where it was', async () => {
  const [one, joined] = [at('one.ts'), at('back.ts')];
  ffmpeg(...testPicture({ seconds: 3 }), ...H264, '-bf', '0', one);
  copyFileSync(one, joined);
  appendFileSync(joined, readFileSync(one));
  const { frames } = await readAll(await openVideo({ path: joined }));
  expect(frames).toHaveLength(150);
  const steps = frames.slice(1).map(({ ptsUs }, index) => ptsUs - frames[index]!.ptsUs);
  expect(Math.min(...steps)).toBeGreaterThan(0);
  expect(steps.filter((step) => step === 40_000).length).toBeGreaterThan(145);
});

test.each([
  '-dash.mp4',
  'a%03d b.mp4',
  'it\'s "q":x.mp4',
  'http:x.mp4',
  'concat:a|b.mp4',
  'Ünïcødé 影.mp4',
  '[a]{b}*.mp4',
])('the name %s is only a name', async (name) => {
  const plain = at('plain.mp4');
  ffmpeg(...testPicture({ seconds: 0.2 }), ...H264, plain);
  copyFileSync(plain, at(name));
  const before = process.cwd();
  process.chdir(at('.'));
  try {
    const { frames, error } = await readAll(await openVideo({ path: name }));
    expect(error).toBeUndefined();
    expect(frames).toHaveLength(5);
  } finally {
    process.chdir(before);
  }
});

test('a cover picture is not the video', async () => {
  const [cover, path] = [at('cover.png'), at('covered.mp4')];
  ffmpeg(...testPicture({ seconds: 0.04, size: '64x64' }), '-frames:v', '1', cover);
  const inputs = ['-i', cover, ...testPicture({ seconds: 0.4 })];
  ffmpeg(
    ...inputs,
    '-map',
    '0',
    '-map',
    '1',
    '-c:v:0',
    'copy',
    '-disposition:v:0',
    'attached_pic',
    '-c:v:1',
    'libx264',
    path,
  );
  const source = await openVideo({ path });
  expect(source.info).toMatchObject({ widthPx: 160, heightPx: 120, codec: 'h264', streamIndex: 0 });
  expect((await readAll(source)).frames).toHaveLength(10);
});
