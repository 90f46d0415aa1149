import { afterAll, expect, test } from 'vitest';
import { matrixOf } from '../../src/domain/colour.js';
import { createLiveSource } from '../../src/source/camera/live-source.js';
import { openVideo } from '../../src/source/video-file.js';
import { cameraConfig, watchRun } from '../support/live-watch.js';
import { ffmpeg, H264, testPicture, videoFolder } from '../support/make-video.js';

const folder = videoFolder();
afterAll(() => folder.remove());

/** One flat colour with these samples and tags, as a file; the planes' means as we read it. */
async function readFlat(
  name: string,
  { samples, format, tags }: { samples: readonly number[]; format: string; tags: readonly string[] },
) {
  const path = folder.path(`${name}.mkv`);
  const [y, u, v] = samples;
  const picture = `color=gray:size=64x48:rate=5:duration=0.4,format=${format},geq=lum=${y}:cb=${u}:cr=${v}`;
  ffmpeg('-f', 'lavfi', '-i', picture, '-c:v', 'ffv1', ...tags, path);
  const source = await openVideo({ path });
  for await (const { frame, release } of source.frames(new AbortController().signal)) {
    const at = frame.widthPx * frame.heightPx;
    const planes = [frame.data[0], frame.data[at], frame.data[at + at / 4]];
    release();
    return { planes, matrix: frame.matrix };
  }
  throw new Error('no frame');
}

const BT2020 = ['-colorspace', 'bt2020nc', '-color_primaries', 'bt2020', '-color_range', 'tv'];
const near = (value: number, within = 2) =>
  expect.toSatisfy((read: number) => Math.abs(read - value) <= within, `${value} within ${within}`);

// Expected luma from the standards by hand: light relative to 203 cd/m², bent above 0.7, to the power of 1/2.4.
test.each([
  { what: 'PQ, 100 cd/m²: 0.493 of white', format: 'yuv420p10le', y: 509, trc: 'smpte2084', luma: 179 },
  { what: 'PQ, 12 bits', format: 'yuv420p12le', y: 2036, trc: 'smpte2084', luma: 179 },
  { what: 'PQ, black', format: 'yuv420p10le', y: 64, trc: 'smpte2084', luma: 16 },
  { what: 'PQ, 10000 cd/m²: white and no more', format: 'yuv420p10le', y: 940, trc: 'smpte2084', luma: 235 },
  { what: 'HLG 0.5: 0.25 of white', format: 'yuv420p10le', y: 502, trc: 'arib-std-b67', luma: 139 },
  { what: 'HLG 0.75: white, pressed to 0.851', format: 'yuv420p10le', y: 721, trc: 'arib-std-b67', luma: 221 },
  { what: 'BT.2020 with an ordinary curve', format: 'yuv420p10le', y: 502, trc: 'bt2020-10', luma: 126 },
])('$what: luma $luma, no colour', async ({ what, format, y, trc, luma }) => {
  const grey = format.includes('12') ? 2048 : 512;
  const tags = [...BT2020, '-color_trc', trc];
  const { planes, matrix } = await readFlat(what.replace(/\W/g, ''), { samples: [y, grey, grey], format, tags });
  expect(planes).toEqual([near(luma), near(128), near(128)]);
  expect(matrix).toBe('bt709');
});

test('a saturated colour of the wider gamut stays within the smaller one', async () => {
  // BT.2020 red at 203 cd/m² in PQ.
  const tags = [...BT2020, '-color_trc', 'smpte2084'];
  const { planes } = await readFlat('red', { samples: [198, 429, 759], format: 'yuv420p10le', tags });
  expect(planes[2]).toBeGreaterThan(200);
  expect(planes[0]).toBeLessThan(90);
});

test.each([
  { what: 'bt601', tags: ['-colorspace', 'smpte170m'], matrix: 'bt601' },
  { what: 'bt709 though small', tags: ['-colorspace', 'bt709'], matrix: 'bt709' },
  { what: 'nothing said', tags: [], matrix: 'bt601' },
])('$what: its samples are kept, its matrix is told', async ({ what, tags, matrix }) => {
  const read = await readFlat(what.replace(/\W/g, ''), { samples: [100, 90, 170], format: 'yuv420p', tags });
  expect(read).toEqual({ planes: [100, 90, 170], matrix });
});

test('full range is brought to limited range', async () => {
  const read = await readFlat('full', { samples: [255, 128, 128], format: 'yuv420p', tags: ['-color_range', 'pc'] });
  expect(read.planes).toEqual([near(235, 1), 128, 128]);
});

async function recordedFrame(path: string, maxSidePx: number) {
  const source = await openVideo({ path, maxSidePx });
  for await (const { frame, release } of source.frames(new AbortController().signal)) {
    release();
    return frame;
  }
  throw new Error('no frame');
}

async function liveFrame(path: string, maxSidePx: number) {
  const { watch, stop } = watchRun(
    createLiveSource(cameraConfig({ type: 'file', path, loop: true }, { maxSidePx, maxFps: null })),
  );
  watch.hold = true;
  await watch.more(1);
  const { lease } = watch.held[0]!;
  lease.release();
  await stop();
  return lease.frame;
}

// Shrunk frames would have another matrix by their own size: it is the coded size, or the stream's word, that counts.
test.each([
  { what: 'portrait, nothing said', size: '480x640', tags: [], maxSidePx: 1280, matrix: 'bt601' },
  { what: 'portrait, shrunk', size: '720x1280', tags: [], maxSidePx: 480, matrix: 'bt709' },
  { what: 'portrait, BT.709', size: '480x640', tags: ['-colorspace', 'bt709'], maxSidePx: 1280, matrix: 'bt709' },
  { what: 'large, BT.601', size: '720x1280', tags: ['-colorspace', 'smpte170m'], maxSidePx: 1280, matrix: 'bt601' },
])('$what ($size): $matrix, recorded and live', async ({ what, size, tags, maxSidePx, matrix }) => {
  const path = folder.path(`${what.replace(/\W/g, '')}.mp4`);
  ffmpeg(...testPicture({ seconds: 0.4, size, fps: 10 }), ...H264, ...tags, path);
  const frames = [await recordedFrame(path, maxSidePx), await liveFrame(path, maxSidePx)];
  expect(frames.map(matrixOf)).toEqual([matrix, matrix]);
});
