import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { yuv420pBytes } from '../../src/domain/frame.js';
import { micros } from '../../src/domain/units.js';
import { openEncoder } from '../../src/source/video-encoder.js';
import { openVideo } from '../../src/source/video-file.js';
import { childProcesses } from '../support/child-processes.js';
import { ffprobePts, readAll, videoFolder } from '../support/make-video.js';

const folder = videoFolder();
const at = folder.path;
afterAll(folder.remove);

/** A frame whose luma is all the same. */
function flatFrame(size: { widthPx: number; heightPx: number }, luma: number): Uint8Array {
  return new Uint8Array(yuv420pBytes(size.widthPx, size.heightPx))
    .fill(128)
    .fill(luma, 0, size.widthPx * size.heightPx);
}

describe.each([
  {
    what: 'even size, irregular times',
    widthPx: 64,
    heightPx: 48,
    shown: '64x48',
    ptsMs: [0, 40, 50, 400, 401, 2_000],
  },
  { what: 'odd size, late start', widthPx: 65, heightPx: 47, shown: '66x48', ptsMs: [7_500, 7_540, 7_600, 9_000] },
])('$what', ({ widthPx, heightPx, shown, ptsMs }) => {
  test('frames come back in order, at their times', async () => {
    const path = at(`${shown}.mp4`);
    const encoder = await openEncoder({ path, widthPx, heightPx, nominalFps: 25, overwrite: false });
    const lumas = ptsMs.map((_, index) => 30 + index * 35);
    const reused = flatFrame({ widthPx, heightPx }, 0);
    for (const [index, pts] of ptsMs.entries()) {
      reused.set(flatFrame({ widthPx, heightPx }, lumas[index]!));
      await encoder.write(reused, micros(pts * 1000));
    }
    await encoder.close();
    await encoder.close();
    const pts = ffprobePts(path);
    expect(pts).toHaveLength(ptsMs.length);
    for (const [index, seconds] of pts.entries()) expect(seconds).toBeCloseTo((ptsMs[index]! - ptsMs[0]!) / 1000, 3);
    const source = await openVideo({ path });
    expect(`${source.info.widthPx}x${source.info.heightPx}`).toBe(shown);
    const read: number[] = [];
    for await (const { frame, release } of source.frames(new AbortController().signal)) {
      read.push(frame.data[frame.widthPx * 20 + 20]!);
      release();
    }
    for (const [index, luma] of read.entries()) expect(Math.abs(luma - lumas[index]!)).toBeLessThan(6);
    // The index stands before the pictures, so that a player can start at once.
    const bytes = readFileSync(path);
    expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'));
  });
});

test.runIf(process.platform === 'linux')('Ctrl-C leaves a file that is valid up to there', async () => {
  const path = at('interrupted.mp4');
  const size = { widthPx: 64, heightPx: 48 };
  const encoder = await openEncoder({ ...size, path, nominalFps: 25, overwrite: false });
  const write = async () => {
    for (let frame = 0; frame < 20_000; frame++) {
      await encoder.write(flatFrame(size, frame % 200), micros(frame * 40_000));
      if (frame === 2_000) for (const pid of childProcesses()) process.kill(pid, 'SIGINT');
    }
  };
  await expect(write()).rejects.toMatchObject({ code: 'INTERRUPTED' });
  await encoder.close();
  const { frames, error } = await readAll(await openVideo({ path }));
  expect(error).toBeUndefined();
  expect(frames.length).toBeGreaterThan(500);
});

describe('what cannot be written', () => {
  const size = { widthPx: 64, heightPx: 48, nominalFps: 25 };

  test('an output that exists is kept', async () => {
    const path = at('exists.mp4');
    writeFileSync(path, 'mine');
    await expect(openEncoder({ ...size, path, overwrite: false })).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
    expect(readFileSync(path, 'utf8')).toBe('mine');
  });

  test('and replaced when that is wished', async () => {
    const path = at('replaced.mp4');
    writeFileSync(path, 'mine');
    const encoder = await openEncoder({ ...size, path, overwrite: true });
    await encoder.write(flatFrame(size, 99), micros(0));
    await encoder.close();
    expect(ffprobePts(path)).toEqual([0]);
  });

  test('a folder that is missing', async () => {
    const path = at('gone/out.mp4');
    const write = async () => {
      const encoder = await openEncoder({ ...size, path, overwrite: false });
      for (let frame = 0; frame < 500; frame++) await encoder.write(flatFrame(size, 99), micros(frame * 1000));
      await encoder.close();
    };
    await expect(write()).rejects.toMatchObject({
      code: 'OUTPUT_UNWRITABLE',
      message: expect.stringMatching(/gone.*;/),
    });
  });

  test.runIf(existsSync('/dev/full'))('a full disk', async () => {
    const path = '/dev/full';
    const write = async () => {
      const encoder = await openEncoder({ ...size, path, overwrite: true });
      for (let frame = 0; frame < 500; frame++)
        await encoder.write(flatFrame(size, frame % 256), micros(frame * 40_000));
      await encoder.close();
    };
    await expect(write()).rejects.toMatchObject({ code: 'OUTPUT_UNWRITABLE', message: expect.stringContaining(path) });
  });

  test('a frame of the wrong size, and a wrong PTS', async () => {
    const encoder = await openEncoder({ ...size, path: at('wrong.mp4'), overwrite: false });
    await expect(encoder.write(new Uint8Array(5), micros(0))).rejects.toThrow(/must have 4608 bytes, got 5/);
    await encoder.write(flatFrame(size, 50), micros(0));
    await encoder.close();
  });
});
