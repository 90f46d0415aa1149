import { readFileSync, writeFileSync } from 'node:fs';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pageTimes } from '../../../src/source/animated-webp.js';
import { openVideo } from '../../../src/source/video-file.js';
import { readAll, videoFolder } from '../../support/make-video.js';

const folder = videoFolder();
afterAll(folder.remove);
const path = folder.path('pages.webp');
const [width, height, delay] = [60, 41, [100, 40, 500, 0, 200]];

beforeAll(async () => {
  // Page n is gray of 40 n: the left half, and black besides.
  const pages = delay.map((_, page) =>
    Buffer.from(
      Array.from({ length: width * height * 3 }, (_, at) => (at % (width * 3) < width * 1.5 ? 40 * page : 0)),
    ),
  );
  const raw = { width, height: height * pages.length, channels: 3, pageHeight: height } as const;
  await sharp(Buffer.concat(pages), { raw }).webp({ lossless: true, delay }).toFile(path);
});

test('pages are shown for as long as they say; none, or almost none, is 100 ms', () => {
  expect(pageTimes(delay, 5)).toEqual({ ptsUs: [0, 100_000, 140_000, 640_000, 740_000], endUs: 940_000 });
  expect(pageTimes([], 2)).toEqual({ ptsUs: [0, 100_000], endUs: 200_000 });
});

test('every page is a frame, at its time, with its picture', async () => {
  const source = await openVideo({ path });
  expect(source.info).toMatchObject({ codec: 'webp', widthPx: 60, heightPx: 40, sourceHeightPx: 41, frameCount: 5 });
  expect(source.info.durationSeconds).toBeCloseTo(0.94);
  const { frames, error } = await readAll(source);
  expect(error).toBeUndefined();
  expect(frames.map(({ ptsUs }) => ptsUs)).toEqual([0, 100_000, 140_000, 640_000, 740_000]);
  for (const [page, { meanLuma }] of frames.entries())
    expect(Math.abs(meanLuma - (16 + (20 * page * 219) / 255))).toBeLessThan(1.5);
});

test('a turn, a smaller size, a range and a rate hold as for any video', async () => {
  const turned = await openVideo({ path, turn: 90, maxSidePx: 30 });
  expect(turned.info).toMatchObject({ widthPx: 20, heightPx: 30, sourceWidthPx: 41, sourceHeightPx: 60 });
  for await (const { frame, release } of turned.frames(new AbortController().signal)) {
    // Turned clockwise, the left half is on top.
    if (frame.index === 4) expect([frame.data[0]! > 120, frame.data[20 * 29]! < 20]).toEqual([true, true]);
    release();
  }
  const times = async (options: object) =>
    (await readAll(await openVideo({ path, ...options }))).frames.map(({ ptsUs }) => ptsUs / 1000);
  expect(await times({ startSeconds: 0.1, endSeconds: 0.74 })).toEqual([100, 140, 640]);
  expect(await times({ sampleFps: 5 })).toEqual([0, 640]);
});

test('refused: a start behind the end, a second stream, one still picture', async () => {
  await expect(openVideo({ path, startSeconds: 5 })).rejects.toMatchObject({ code: 'USAGE' });
  await expect(openVideo({ path, streamIndex: 1 })).rejects.toMatchObject({ code: 'INPUT_NO_VIDEO' });
  const still = folder.path('still.webp');
  await sharp(path).toFile(still);
  await expect(openVideo({ path: still })).rejects.toMatchObject({ code: 'INPUT_NO_VIDEO' });
});

test('damage is told, whether the file is cut or a picture in it broken', async () => {
  const [cut, broken] = [folder.path('cut.webp'), folder.path('broken.webp')];
  const bytes = readFileSync(path);
  writeFileSync(cut, bytes.subarray(0, bytes.length / 2));
  await expect(openVideo({ path: cut })).rejects.toMatchObject({ code: 'INPUT_DAMAGED' });
  // Behind the headers of the chunk, of the page and of its lossless picture.
  bytes.fill(0xff, bytes.lastIndexOf('ANMF') + 37);
  writeFileSync(broken, bytes);
  const { error } = await readAll(await openVideo({ path: broken }));
  expect(error).toMatchObject({ code: 'INPUT_DAMAGED', message: expect.stringContaining(broken) });
});
