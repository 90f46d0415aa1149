import { describe, expect, test } from 'vitest';
import { yuv420pBytes } from '../../../src/domain/frame.js';
import { NutDemuxer } from '../../../src/source/nut-demuxer.js';
import { NUT_FILE_ID } from '../../../src/source/nut-format.js';
import { nutFileHeader, nutFrame } from '../../../src/source/nut-muxer.js';
import { ffmpeg, seededRandom, testPicture } from '../../support/make-video.js';
import { demux, sampleNut } from '../../support/nut-samples.js';

const PTS = [0, 40_000, 40_001, 1_000_000_000, 3_600_000_000_123];

describe('any piece boundaries give the frames that were written', () => {
  test.each([
    { widthPx: 4, heightPx: 4 },
    { widthPx: 5, heightPx: 3 },
    { widthPx: 1, heightPx: 1 },
    { widthPx: 97, heightPx: 61 }, // above 4096 bytes
  ])('$widthPx x $heightPx', (size) => {
    const random = seededRandom(size.widthPx);
    const { bytes, frames } = sampleNut({ ...size, ptsUs: PTS, random });
    for (const largestPieceBytes of [1, 2, 7, 40, 200, 5_000, bytes.length * 2]) {
      const read = demux(bytes, { largestPieceBytes, random });
      expect(read).toEqual({ frames, problem: undefined, atBoundary: true });
    }
  });
});

test("ffmpeg's own NUT, with info packets and index, gives its frames and times", () => {
  const picture = testPicture({ seconds: 2, size: '320x180' });
  const raw = ffmpeg(...picture, '-pix_fmt', 'yuv420p', '-f', 'rawvideo', 'pipe:1');
  const nut = ffmpeg(
    ...picture,
    '-pix_fmt',
    'yuv420p',
    '-c:v',
    'rawvideo',
    '-metadata',
    'title=x',
    '-f',
    'nut',
    'pipe:1',
  );
  const { frames, problem } = demux(nut, { largestPieceBytes: 70_000, random: seededRandom(3) });
  expect(problem).toBeUndefined();
  expect(frames.map(({ ptsUs }) => ptsUs)).toEqual(Array.from({ length: 50 }, (_, index) => index * 40_000));
  const frameBytes = yuv420pBytes(320, 180);
  for (const [index, { yuv420p }] of frames.entries()) {
    expect(Buffer.compare(yuv420p, raw.subarray(index * frameBytes, (index + 1) * frameBytes))).toBe(0);
  }
});

test('headers may be repeated, as ffmpeg does in long files, but must not change', () => {
  const random = seededRandom(4);
  const { bytes, frames } = sampleNut({ widthPx: 4, heightPx: 4, ptsUs: [0, 1], random });
  const headers = nutFileHeader({ widthPx: 4, heightPx: 4 });
  const again = (repeated: Uint8Array) => {
    const packets = repeated.subarray(NUT_FILE_ID.length);
    return demux(Buffer.concat([bytes, packets, bytes.subarray(headers.length)]), { largestPieceBytes: 30, random });
  };
  expect(again(headers)).toEqual({ frames: [...frames, ...frames], problem: undefined, atBoundary: true });
  expect(again(nutFileHeader({ widthPx: 4, heightPx: 5 })).problem).toMatch(/size changed/);
});

describe('what is not such a file ends as broken', () => {
  const random = seededRandom(1);
  const { bytes } = sampleNut({ widthPx: 4, heightPx: 4, ptsUs: [0, 1], random });
  const ffmpegNut = (...output: string[]) => ffmpeg(...testPicture({ seconds: 0.2 }), ...output, '-f', 'nut', 'pipe:1');

  test.each<[string, () => Uint8Array, RegExp]>([
    ['text', () => Buffer.from('hello '.repeat(20)), /not a NUT file/],
    ['another pixel format', () => ffmpegNut('-pix_fmt', 'rgb24', '-c:v', 'rawvideo'), /not yuv420p/],
    ['another codec', () => ffmpegNut('-c:v', 'mpeg4'), /not yuv420p/],
    ['a changed header', () => bytes.with(40, bytes[40]! ^ 1), /checksum of the main packet/],
    ['an absurd frame size', () => nutFileHeader({ widthPx: 60_000, heightPx: 60_000 }), /frames of/],
    [
      'garbage after the headers',
      () => Buffer.concat([nutFileHeader({ widthPx: 4, heightPx: 4 }), Buffer.alloc(64)]),
      /frame code/,
    ],
  ])('%s', (_what, make, problem) => {
    const read = demux(make(), { largestPieceBytes: 1_000, random });
    expect(read.frames).toEqual([]);
    expect(read.problem).toMatch(problem);
  });

  test('stays broken and takes no more bytes', () => {
    const demuxer = new NutDemuxer();
    demuxer.push(Buffer.alloc(64));
    const first = demuxer.next();
    expect(first.kind).toBe('broken');
    demuxer.push(bytes);
    expect(demuxer.next()).toBe(first);
  });
});

test('an end inside a frame is seen', () => {
  const random = seededRandom(2);
  const { bytes, frames } = sampleNut({ widthPx: 4, heightPx: 4, ptsUs: [0, 1], random });
  const read = demux(bytes.subarray(0, bytes.length - 1), { largestPieceBytes: 9, random });
  expect(read).toEqual({ frames: frames.slice(0, 1), problem: undefined, atBoundary: false });
});

test('5000 mutated files: frames of the right size or broken, never a throw or more frames than bytes', () => {
  const random = seededRandom(7);
  const { bytes } = sampleNut({ widthPx: 6, heightPx: 5, ptsUs: PTS, random });
  let broken = 0;
  for (let round = 0; round < 5_000; round++) {
    const mutated = Uint8Array.from(bytes);
    for (let flips = 1 + Math.floor(random() * 8); flips > 0; flips--) {
      mutated[Math.floor(random() * mutated.length)] = random() * 256;
    }
    const read = demux(mutated, { largestPieceBytes: 400, random });
    expect(read.frames.reduce((sum, frame) => sum + frame.yuv420p.length, 0)).toBeLessThan(bytes.length);
    if (read.problem !== undefined) broken++;
  }
  expect(broken).toBeGreaterThan(1_000);
});

test('misuse throws: a wrong buffer, no buffer, a push too early', () => {
  const { bytes } = sampleNut({ widthPx: 4, heightPx: 4, ptsUs: [0], random: seededRandom(1) });
  const demuxer = new NutDemuxer();
  demuxer.push(bytes);
  expect(() => demuxer.push(bytes)).toThrow(/before the last piece/);
  expect(() => demuxer.fill(new Uint8Array(24))).toThrow(/no frame waits/);
  while (demuxer.next().kind !== 'frame-start');
  expect(() => demuxer.next()).toThrow(/must follow frame-start/);
  expect(() => demuxer.fill(new Uint8Array(23))).toThrow(/must have 24 bytes, got 23/);
});

test('a discarded frame is read over, in pieces of any size', () => {
  const random = seededRandom(5);
  const { bytes, frames } = sampleNut({ widthPx: 97, heightPx: 61, ptsUs: PTS, random });
  for (const pieceBytes of [1, 33, 5_000, bytes.length]) {
    const demuxer = new NutDemuxer();
    const kept: Uint8Array[] = [];
    let [starts, ends] = [0, 0];
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      demuxer.push(bytes.subarray(at, at + pieceBytes));
      for (let event = demuxer.next(); event.kind !== 'need-data'; event = demuxer.next()) {
        expect(event.kind).not.toBe('broken');
        if (event.kind === 'frame-end') ends++;
        if (event.kind !== 'frame-start') continue;
        if (starts++ % 2 === 0) demuxer.discard();
        else {
          kept.push(new Uint8Array(yuv420pBytes(97, 61)));
          demuxer.fill(kept.at(-1)!);
        }
      }
    }
    expect({ starts, ends, atBoundary: demuxer.atBoundary }).toEqual({ starts: 5, ends: 5, atBoundary: true });
    expect(kept).toEqual([frames[1]!.yuv420p, frames[3]!.yuv420p]);
  }
  expect(() => new NutDemuxer().discard()).toThrow(RangeError);
});

test('frames of another size than the header says are told from nonsense', () => {
  const last = (bytes: Uint8Array) => {
    const demuxer = new NutDemuxer();
    demuxer.push(bytes);
    for (;;) {
      const event = demuxer.next();
      if (event.kind === 'frame-start') demuxer.discard();
      if (event.kind === 'broken' || event.kind === 'need-data') return event;
    }
  };
  const small = { widthPx: 4, heightPx: 4 };
  const large = { widthPx: 8, heightPx: 8 };
  const frame = nutFrame(large, { ptsUs: 0, yuv420p: new Uint8Array(96) });
  expect(last(Buffer.concat([nutFileHeader(small), frame]))).toMatchObject({ kind: 'broken', sizeChanged: true });
  expect(last(Buffer.alloc(100, 3))).toMatchObject({ kind: 'broken', sizeChanged: false });
});
