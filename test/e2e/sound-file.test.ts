import { afterAll, describe, expect, it } from 'vitest';
import type { SoundChoice, SoundPiece } from '../../src/domain/sound.js';
import { askFfprobe } from '../../src/source/ffprobe.js';
import { type OpenSoundOptions, openSound } from '../../src/source/sound-file.js';
import { childProcesses } from '../support/child-processes.js';
import { ffmpeg, H264, testPicture, videoFolder } from '../support/make-video.js';

const folder = videoFolder();
afterAll(() => folder.remove());

const tone = (seconds: number, hertz = 440) => ['-f', 'lavfi', '-i', `sine=frequency=${hertz}:duration=${seconds}`];

async function open(path: string, more: Partial<OpenSoundOptions> & { readonly sound?: SoundChoice } = {}) {
  return openSound({ path, answer: await askFfprobe(path, undefined), ...more });
}

/** All its pieces; stretches without a gap joined, as [from, to] in seconds. */
async function read(path: string, more: Parameters<typeof open>[1] = {}) {
  const sound = (await open(path, more))!;
  const pieces: SoundPiece[] = [];
  for await (const piece of sound.pieces(new AbortController().signal)) pieces.push(piece);
  const stretches: [number, number][] = [];
  for (const { ptsUs, samples } of pieces) {
    const [from, to] = [ptsUs / 1e6, ptsUs / 1e6 + samples.length / 16_000];
    const last = stretches.at(-1);
    if (last && Math.abs(from - last[1]) < 0.001) last[1] = to;
    else stretches.push([from, to]);
  }
  return { pieces, stretches, notes: sound.notes };
}

describe('the sound of a file', () => {
  it('is on the clock of the picture: it may begin later, and end earlier', async () => {
    const path = folder.path('later.mkv');
    ffmpeg(...testPicture({ seconds: 4 }), '-itsoffset', '1.5', ...tone(2), ...H264, '-c:a', 'pcm_s16le', path);
    const { stretches, pieces } = await read(path);
    expect(stretches).toHaveLength(1);
    expect(stretches[0]![0]).toBeCloseTo(1.5, 2);
    expect(stretches[0]![1]).toBeCloseTo(3.5, 2);
    const loudest = Math.max(...pieces.flatMap(({ samples }) => [...samples]));
    expect(loudest).toBeGreaterThan(3_000);
  });

  it('keeps its gaps', async () => {
    const path = folder.path('gap.mkv');
    const cut = "[1:a]aselect='lt(t,1)+gt(t,2)'[a]";
    const maps = ['-filter_complex', cut, '-map', '0:v', '-map', '[a]'];
    ffmpeg(...testPicture({ seconds: 3 }), ...tone(3), ...maps, ...H264, '-c:a', 'pcm_s16le', path);
    const { stretches } = await read(path);
    expect(stretches.map(([from]) => from)).toEqual([0, expect.closeTo(2, 1)]);
    expect(stretches[0]![1]).toBeCloseTo(1, 1);
  });

  it('is read from two seconds before the start asked for to two after the end', async () => {
    const path = folder.path('long.mp4');
    ffmpeg(...testPicture({ seconds: 10 }), ...tone(10), ...H264, '-c:a', 'aac', path);
    const { stretches } = await read(path, { startSeconds: 5, endSeconds: 6 });
    expect(stretches).toEqual([[expect.closeTo(3, 1), expect.closeTo(8, 1)]]);
  });

  it('is none in a file without, and the one of several that was asked for', async () => {
    const mute = folder.path('mute.mp4');
    ffmpeg(...testPicture(), ...H264, mute);
    expect(await open(mute)).toBeNull();
    const two = folder.path('two.mkv');
    const maps = ['-map', '0:v', '-map', '1:a', '-map', '2:a'];
    ffmpeg(...testPicture(), ...tone(1, 0.001), ...tone(1), ...maps, ...H264, '-c:a', 'pcm_s16le', two);
    const loudest = async (sound: SoundChoice) =>
      Math.max(...(await read(two, { sound })).pieces.flatMap(({ samples }) => [...samples]));
    expect(await loudest(0)).toBeLessThan(100);
    expect(await loudest(1)).toBeGreaterThan(3_000);
    expect((await open(two))!.choice).toMatch(/^has 2 sound streams/);
    await expect(open(two, { sound: 2 })).rejects.toMatchObject({ code: 'USAGE' });
  });

  it('leaves no process behind when nobody takes the rest', async () => {
    const path = folder.path('left.mp4');
    ffmpeg(...testPicture({ seconds: 60, fps: 1 }), ...tone(60), ...H264, '-c:a', 'aac', path);
    const before = childProcesses().length;
    for await (const _ of (await open(path))!.pieces(new AbortController().signal)) break;
    expect(childProcesses()).toHaveLength(before);
  });
});
