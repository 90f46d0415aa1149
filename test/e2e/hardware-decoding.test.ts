import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import type { Decoder } from '../../src/domain/decoder.js';
import { createLiveSource } from '../../src/source/camera/live-source.js';
import { settleDecoder } from '../../src/source/settle-decoder.js';
import { openVideo } from '../../src/source/video-file.js';
import { cameraConfig, watchRun } from '../support/live-watch.js';
import { ffmpeg, H264, readAll, testPicture, videoFolder } from '../support/make-video.js';
import { ABSENT, LOST_AFTER_TEN, pretendHardware } from '../support/pretended-hardware.js';

const folder = videoFolder();
const clip = folder.path('clip.mp4');
ffmpeg(...testPicture({ seconds: 1 }), ...H264, clip);
const softly = readAll(await openVideo({ path: clip }));
let scripts = 0;
const script = () => folder.path(`ffmpeg-${scripts++}`);
const IN_SOFTWARE = `video is decoded in software, not by ${ABSENT}: `;

afterEach(() => void vi.unstubAllEnvs());
afterAll(folder.remove);

async function read(decoder: Decoder) {
  const source = await openVideo({ path: clip, decoder });
  const { frames, error } = await readAll(source);
  return { frames, error, notes: source.notes };
}

describe('a recorded video', () => {
  it('is decoded by hardware where that works', async () => {
    const hardware = pretendHardware(script());
    const { frames, error, notes } = await read('vaapi');
    expect({ frames, error, notes }).toEqual({ ...(await softly), notes: [] });
    expect(hardware.starts()).toEqual(['vaapi']);
  });

  it('is decoded in software by the real ffmpeg where hardware is not there, and a note says why', async () => {
    const { frames, error, notes } = await read(ABSENT);
    expect({ frames, error }).toEqual(await softly);
    expect(notes).toEqual([expect.stringMatching(`^${IN_SOFTWARE}\\S.*\\w$`)]);
  });

  it.each([
    ['is lost on the way', LOST_AFTER_TEN, 'Failed to transfer data to output frame: -5'],
    ['dies without a word', 'exit 3', 'not every picture came whole'],
    [
      'leaves out what comes last',
      LOST_AFTER_TEN.replace(/echo.*\n.*exit 1/, 'exit 0'),
      'not every picture came whole',
    ],
    [
      'is refused for this stream',
      'echo "[h264 @ 0x1] [error] Failed setup for format vaapi: hwaccel initialisation returned error." >&2',
      'Failed setup for format vaapi: hwaccel initialisation returned error',
    ],
  ])('hardware that %s costs no frame and brings none twice', async (_, instead, why) => {
    const hardware = pretendHardware(script(), { instead });
    const { frames, error, notes } = await read('vaapi');
    expect({ frames, error }).toEqual(await softly);
    expect(notes).toEqual([expect.stringContaining(`not by vaapi: ${why}`)]);
    expect(hardware.starts()).toEqual(['vaapi', 'none']);
  });

  it('that is damaged is judged by software alone', async () => {
    const cut = folder.path('cut.ts');
    ffmpeg(...testPicture({ seconds: 1 }), ...H264, '-bsf:v', 'noise=amount=300', cut);
    const read = async (decoder: Decoder) => {
      const { frames, error } = await readAll(await openVideo({ path: cut, decoder }));
      return { frames, error: error && String(error) };
    };
    const inSoftware = await read('none');
    expect(inSoftware.error).toMatch(/damaged/);
    pretendHardware(script());
    expect(await read('cuda')).toEqual(inSoftware);
  });
});

describe('settleDecoder', () => {
  it('asks nobody for software, which auto is', async () => {
    vi.stubEnv('FFMPEG_PATH', folder.path('nowhere'));
    expect(await settleDecoder('auto')).toEqual({ asked: 'auto', used: 'none', problem: null });
    expect(await settleDecoder('none')).toEqual({ asked: 'none', used: 'none', problem: null });
    await expect(settleDecoder('cuda')).rejects.toMatchObject({ code: 'FFMPEG_MISSING' });
    await expect(settleDecoder('nvdec' as 'cuda')).rejects.toThrow(/decode must be one of auto, none,.* got nvdec/);
  });

  it('takes hardware that opens, and says in one line why another does not', async () => {
    expect(await settleDecoder(ABSENT)).toEqual({
      asked: ABSENT,
      used: 'none',
      problem: expect.stringMatching(`^${IN_SOFTWARE}.+$`),
    });
    pretendHardware(script());
    expect(await settleDecoder('qsv')).toEqual({ asked: 'qsv', used: 'qsv', problem: null });
  });
});

describe('a camera', () => {
  const play = (decode: Decoder) =>
    createLiveSource(cameraConfig({ type: 'file', path: clip, loop: true }, { decode }), { firstFrameMs: 10_000 });

  it('is decoded by hardware where that works', async () => {
    const hardware = pretendHardware(script());
    const run = watchRun(play('cuda'));
    await run.watch.more(3);
    await run.stop();
    expect(run.opened).toMatchObject([{ decoder: 'cuda', decoderProblem: null }]);
    expect(hardware.starts()).toEqual(['cuda']);
  });

  it('that hardware refuses is opened once more in software at once, and only in software from then on', async () => {
    const instead =
      'echo "[AVHWDeviceContext @ 0x1] [error] Cannot load libcuda.so.1" >&2; echo "[error] Device creation failed: -1." >&2; exit 1';
    const hardware = pretendHardware(script(), { instead });
    const source = play('cuda');
    const why = {
      decoder: 'none',
      decoderProblem: 'video is decoded in software, not by cuda: Cannot load libcuda.so.1',
    };
    for (const starts of [
      ['cuda', 'none'],
      ['cuda', 'none', 'none'],
    ]) {
      const run = watchRun(source);
      await run.watch.more(3);
      await run.stop();
      expect(run.opened).toMatchObject([why]);
      expect(hardware.starts()).toEqual(starts);
    }
  });

  it('that brings no picture either way goes on being tried by hardware', async () => {
    const nothing = folder.path('nothing.mp4');
    ffmpeg('-f', 'lavfi', '-i', 'sine=d=0.2', nothing);
    const hardware = pretendHardware(script());
    const source = createLiveSource(cameraConfig({ type: 'file', path: nothing, loop: true }, { decode: 'cuda' }));
    const ends = [await watchRun(source).end, await watchRun(source).end];
    expect(ends.map(({ reason }) => reason)).toEqual(['undecodable', 'undecodable']);
    expect(hardware.starts()).toEqual(['cuda', 'none', 'cuda', 'none']);
  });

  it('goes on in software after a connection on which the hardware was lost', async () => {
    const hardware = pretendHardware(script(), { instead: LOST_AFTER_TEN });
    const source = play('cuda');
    const first = watchRun(source);
    expect(await first.end).toMatchObject({ reason: 'ended' });
    expect(first.watch.frames).toHaveLength(10);
    const second = watchRun(source);
    await second.watch.more(3);
    await second.stop();
    expect(second.opened).toMatchObject([
      { decoder: 'none', decoderProblem: expect.stringContaining('output frame: -5') },
    ]);
    expect(hardware.starts()).toEqual(['cuda', 'none']);
  });
});
