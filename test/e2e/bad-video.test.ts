import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AffectError, type ErrorCode } from '../../src/domain/errors.js';
import { yuv420pBytes } from '../../src/domain/frame.js';
import { openVideo } from '../../src/source/video-file.js';
import { copyWith, ffmpeg, H264, readAll, seededRandom, testPicture, videoFolder } from '../support/make-video.js';

const folder = videoFolder();
const at = folder.path;
const good = at('good.mp4');
beforeAll(() => {
  ffmpeg(...testPicture({ seconds: 3 }), ...H264, good);
});
afterAll(folder.remove);

/** Opens and reads; gives the error that ended it and the frames before. */
async function attempt(path: string, options: { streamIndex?: number; stallMs?: number } = {}) {
  try {
    return await readAll(await openVideo({ path, ...options }));
  } catch (error) {
    return { frames: [], error };
  }
}

function expectError(error: unknown, code: ErrorCode, path: string): void {
  expect(error).toBeInstanceOf(AffectError);
  const { code: actual, message } = error as AffectError;
  expect({ actual, message }).toEqual({ actual: code, message: expect.stringContaining(path) });
  expect(message).toMatch(/^[^\n]{10,500}$/);
  expect(message, 'the words of ffmpeg').not.toMatch(
    /@ 0x|_pipe|image2|moov|invalid data|no frame|codec with id|partial file/i,
  );
  expect(message).toContain(';'); // What is wrong; what to do.
}

const cutAt = (part: number) => (bytes: Buffer) => bytes.subarray(0, Math.floor(bytes.length * part));

describe('refused when opened', () => {
  test.each<{ what: string; code: ErrorCode; make: (path: string) => void; name: string; streamIndex?: number }>([
    { what: 'no such file', name: 'none.mp4', code: 'INPUT_NOT_FOUND', make: () => undefined },
    {
      what: 'a link to nothing',
      name: 'link.mp4',
      code: 'INPUT_NOT_FOUND',
      make: (path) => symlinkSync(at('gone'), path),
    },
    { what: 'a folder', name: 'folder.mp4', code: 'INPUT_NO_VIDEO', make: (path) => mkdirSync(path) },
    { what: 'an empty file', name: 'empty.mp4', code: 'INPUT_NO_VIDEO', make: (path) => writeFileSync(path, '') },
    {
      what: 'text called .mp4',
      name: 'text.mp4',
      code: 'INPUT_NO_VIDEO',
      make: (path) => writeFileSync(path, 'This is not a video.\n'.repeat(300)),
    },
    {
      what: 'text called .txt (ffprobe has a text "video" format)',
      name: 'notes.txt',
      code: 'INPUT_NO_VIDEO',
      make: (path) => writeFileSync(path, 'This is not a video.\n'.repeat(300)),
    },
    {
      what: 'an archive called .mp4',
      name: 'zip.mp4',
      code: 'INPUT_NO_VIDEO',
      make: (path) => writeFileSync(path, Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(3_000, 7)])),
    },
    {
      what: 'the first bytes of a Matroska file',
      name: 'begin.mkv',
      code: 'INPUT_DAMAGED',
      make: (path) => {
        ffmpeg('-i', good, '-c', 'copy', path);
        copyWith(path, path, (bytes) => bytes.subarray(0, 300));
      },
    },
    {
      what: 'noise',
      name: 'noise.mkv',
      code: 'INPUT_NO_VIDEO',
      make: (path) => {
        const random = seededRandom(5);
        writeFileSync(path, Buffer.from(Array.from({ length: 20_000 }, () => random() * 256)));
      },
    },
    {
      what: 'audio only',
      name: 'audio.mp4',
      code: 'INPUT_NO_VIDEO',
      make: (path) => ffmpeg('-f', 'lavfi', '-i', 'sine=duration=1', path),
    },
    {
      what: 'a still picture',
      name: 'still.png',
      code: 'INPUT_NO_VIDEO',
      make: (path) => ffmpeg(...testPicture(), '-frames:v', '1', path),
    },
    {
      what: 'a playlist that names a file on the network',
      name: 'list.m3u8',
      code: 'INPUT_NO_VIDEO',
      make: (path) => writeFileSync(path, '#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/x.ts\n#EXT-X-ENDLIST\n'),
    },
    {
      what: 'a stream index that is not there',
      name: 'index.mp4',
      code: 'INPUT_NO_VIDEO',
      streamIndex: 3,
      make: (path) => copyWith(good, path, (bytes) => bytes),
    },
    {
      what: 'MP4 cut before its index',
      name: 'cut.mp4',
      code: 'INPUT_DAMAGED',
      make: (path) => copyWith(good, path, cutAt(0.5)),
    },
    {
      what: 'a codec nobody knows',
      name: 'codec.mp4',
      code: 'INPUT_UNSUPPORTED',
      make: (path) =>
        copyWith(good, path, (bytes) => {
          bytes.write('zzzz', bytes.indexOf('avc1', bytes.indexOf('stsd')));
          return bytes;
        }),
    },
  ])('$what: $code', async ({ name, code, make, streamIndex }) => {
    const path = at(name);
    make(path);
    const { error } = await attempt(path, streamIndex === undefined ? {} : { streamIndex });
    expectError(error, code, path);
  });

  test('cover art alone is no video', async () => {
    const [cover, path] = [at('cover.png'), at('song.mp4')];
    ffmpeg(...testPicture({ size: '64x64' }), '-frames:v', '1', cover);
    const song = ['-f', 'lavfi', '-i', 'sine=duration=1', '-i', cover, '-map', '0', '-map', '1'];
    ffmpeg(...song, '-c:v', 'copy', '-disposition:v:0', 'attached_pic', path);
    expectError((await attempt(path)).error, 'INPUT_NO_VIDEO', path);
  });
});

describe('damage is told after the good frames', () => {
  test.each([
    { what: 'MP4 with its index first, cut', name: 'fast.mp4', least: 30, change: cutAt(0.6) },
    { what: 'Matroska, cut', name: 'cut.mkv', least: 30, change: cutAt(0.6) },
    {
      what: 'bytes overwritten in the middle',
      name: 'holes.mp4',
      least: 20,
      change: (bytes: Buffer) => bytes.fill(0xff, Math.floor(bytes.length * 0.5), Math.floor(bytes.length * 0.55)),
    },
  ])('$what', async ({ name, least, change }) => {
    const whole = at(`whole-${name}`);
    ffmpeg('-i', good, '-c', 'copy', '-movflags', '+faststart', whole);
    const path = copyWith(whole, at(name), change);
    const { frames, error } = await attempt(path);
    expectError(error, 'INPUT_DAMAGED', path);
    expect((error as AffectError).message).toMatch(/read up to \d+\.\d+ s/);
    const intact = await attempt(good);
    expect(frames.length).toBeGreaterThanOrEqual(least);
    const prefix = (read: typeof frames) => read.slice(0, least).map(({ ptsUs, hash }) => ({ ptsUs, hash }));
    expect(prefix(frames)).toEqual(prefix(intact.frames));
  });

  test('a transport stream cut in the middle yields what is there', async () => {
    const whole = at('whole.ts');
    ffmpeg('-i', good, '-c', 'copy', whole);
    const { frames } = await attempt(copyWith(whole, at('cut.ts'), cutAt(0.6)));
    expect(frames.length).toBeGreaterThan(30);
  });

  test('a last picture shown for long is not damage', async () => {
    const path = at('slide.mp4');
    ffmpeg(
      ...testPicture({ seconds: 0.4 }),
      '-vf',
      "setpts='PTS+if(eq(N,9),5/TB,0)',tpad=stop=1",
      '-vsync',
      'vfr',
      ...H264,
      path,
    );
    expect((await attempt(path)).error).toBeUndefined();
  });
});

describe('mutated copies', () => {
  /** A quick share here; `MIEN_FUZZ_VIDEOS=200 npx vitest run test/e2e/bad-video.test.ts` tries them all. */
  const copies = Number(process.env.MIEN_FUZZ_VIDEOS ?? 40);
  const allowed: ReadonlySet<string> = new Set(['INPUT_DAMAGED', 'INPUT_NO_VIDEO', 'INPUT_UNSUPPORTED']);

  test(`${copies} of them: a known error or none, and only complete frames`, {
    timeout: 20_000 + copies * 5_000,
  }, async () => {
    const small = at('small.mp4');
    ffmpeg(...testPicture({ seconds: 1, size: '96x64' }), ...H264, small);
    const random = seededRandom(2026);
    const ends = new Map<string, number>();
    for (let copy = 0; copy < copies; copy++) {
      const path = copyWith(small, at('mutated.mp4'), (bytes) => mutate(bytes, random));
      const outcome = await open(path);
      const before = { index: -1, ptsUs: Number.NEGATIVE_INFINITY };
      for (const { index, ptsUs, bytes } of outcome.frames) {
        expect(bytes).toBe(outcome.frameBytes);
        expect(index).toBe(before.index + 1);
        expect(ptsUs).toBeGreaterThan(before.ptsUs);
        Object.assign(before, { index, ptsUs });
      }
      if (outcome.error !== undefined) {
        const { code, message } = outcome.error as AffectError;
        expect(allowed, `copy ${copy}: ${outcome.error}`).toContain(code);
        expect(message).not.toContain('\n');
      }
      const end = (outcome.error as AffectError | undefined)?.code ?? 'complete';
      ends.set(end, (ends.get(end) ?? 0) + 1);
    }
    // The mutations must bite, and must not all be fatal.
    expect(ends.get('INPUT_DAMAGED')).toBeGreaterThan(copies / 10);
    expect([...ends.values()].reduce((sum, number) => sum + number, 0)).toBe(copies);
  });

  async function open(path: string) {
    try {
      const source = await openVideo({ path, stallMs: 10_000 });
      return { ...(await readAll(source)), frameBytes: yuv420pBytes(source.info.widthPx, source.info.heightPx) };
    } catch (error) {
      return { frames: [], error, frameBytes: 0 };
    }
  }

  /** Flips bytes, overwrites a stretch, cuts the end, or removes a piece. */
  function mutate(bytes: Buffer, random: () => number): Buffer {
    const place = () => Math.floor(random() * bytes.length);
    const kind = Math.floor(random() * 5);
    if (kind === 0) return bytes.subarray(0, place());
    if (kind === 1) {
      const from = place();
      return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + 1 + Math.floor(random() * 200))]);
    }
    if (kind === 2) return bytes.fill(random() * 256, place(), place());
    for (let flips = 1 + Math.floor(random() * (kind === 3 ? 5 : 300)); flips > 0; flips--)
      bytes[place()] = random() * 256;
    return bytes;
  }
});
