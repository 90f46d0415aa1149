import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { AffectError } from '../../src/domain/errors.js';
import { beginRecording } from '../../src/recording/begin-recording.js';
import { openRecording } from '../../src/recording/open-recording.js';
import { READING_DEFAULTS } from '../../src/recording/reading-options.js';
import { askFfprobe } from '../../src/source/ffprobe.js';
import { openVideo } from '../../src/source/video-file.js';
import { childProcesses } from '../support/child-processes.js';
import { fakeRuntime } from '../support/fake-runtime.js';
import { ffmpeg, H264, readAll, testPicture, videoFolder } from '../support/make-video.js';

const folder = videoFolder();
const at = folder.path;
const clip = at('clip.mp4');
beforeAll(() => {
  ffmpeg(...testPicture(), ...H264, clip);
});
afterEach(() => void vi.unstubAllEnvs());
afterAll(folder.remove);

/** Lets a shell script stand in for ffmpeg; ffprobe stays the real one. */
function replaceFfmpeg(name: string, script: string): void {
  writeFileSync(at(name), `#!/bin/sh\n${script}\n`);
  chmodSync(at(name), 0o755);
  vi.stubEnv('FFMPEG_PATH', at(name));
}

test('an ffmpeg that hangs is killed, and the file counts as damaged', async () => {
  replaceFfmpeg('hang', "trap '' TERM; while :; do sleep 0.05; done");
  const { frames, error } = await readAll(await openVideo({ path: clip, stallMs: 50 }));
  expect(frames).toEqual([]);
  expect(error).toMatchObject({ code: 'INPUT_DAMAGED', message: expect.stringContaining('stopped answering') });
});

test('an ffmpeg that dies, sends garbage, or stops in a frame', async () => {
  const cases: [string, string, RegExp][] = [
    ['dies', 'kill -9 $$', /died \(SIGKILL\)/],
    ['garbage', 'head -c 300000 /dev/zero', /what ffmpeg sent makes no sense/],
    ['fails', 'echo "[error] out of luck" >&2; exit 3', /its data are broken/],
    ['silent', 'exit 3', /its data are broken/],
  ];
  for (const [name, script, message] of cases) {
    replaceFfmpeg(name, script);
    const { error } = await readAll(await openVideo({ path: clip }));
    const { code, message: said } = error as AffectError;
    expect({ name, code, said }).toEqual({ name, code: 'INPUT_DAMAGED', said: expect.stringMatching(message) });
  }
});

test.runIf(process.platform === 'linux')('an ffmpeg stopped by Ctrl-C is no damage', async () => {
  const path = at('long.mp4'); // More than the pipe and its buffers hold, so that ffmpeg is still at work.
  ffmpeg(...testPicture({ seconds: 2, size: '640x360' }), ...H264, path);
  const source = await openVideo({ path, poolSlots: 1 });
  const frames = source.frames(new AbortController().signal);
  (await frames.next()).value?.release();
  for (const pid of childProcesses()) process.kill(pid, 'SIGINT');
  const rest = async () => {
    for await (const { release } of frames) release();
  };
  await expect(rest()).rejects.toMatchObject({ code: 'INTERRUPTED' });
});

test('a missing ffmpeg or ffprobe is named', async () => {
  vi.stubEnv('FFMPEG_PATH', at('nowhere'));
  const { error } = await readAll(await openVideo({ path: clip }));
  expect(error).toMatchObject({ code: 'FFMPEG_MISSING', message: expect.stringContaining('FFMPEG_PATH') });
  vi.stubEnv('FFMPEG_PATH', '');
  vi.stubEnv('FFPROBE_PATH', '');
  vi.stubEnv('PATH', at('.'));
  await expect(openVideo({ path: clip })).rejects.toMatchObject({ code: 'FFMPEG_MISSING' });
});

test('an ffmpeg that cannot be started is named, and does not end our process', async () => {
  writeFileSync(at('broken'), '#!/nowhere/shell\n');
  chmodSync(at('broken'), 0o755);
  vi.stubEnv('FFMPEG_PATH', at('broken'));
  const { error } = await readAll(await openVideo({ path: clip }));
  expect(error).toMatchObject({ code: 'FFMPEG_MISSING', message: expect.stringContaining('reinstall') });
});

test('ffprobe is asked once of a recorded video, however often that is opened', async () => {
  writeFileSync(at('counting'), `#!/bin/sh\necho asked >> '${at('asked.txt')}'\nexec ffprobe "$@"\n`);
  chmodSync(at('counting'), 0o755);
  vi.stubEnv('FFPROBE_PATH', at('counting'));
  const { runtime } = fakeRuntime({ faces: [] });
  const signal = new AbortController().signal;
  const options = { plan: { input: clip, name: 'clip' }, reading: READING_DEFAULTS };
  const begun = beginRecording(options, signal);
  const { look } = await openRecording({ runtime, ...options }, begun, signal);
  await begun.end();
  await look.open({ maxSidePx: 64 });
  expect(readFileSync(at('asked.txt'), 'utf8')).toBe('asked\n');
});

test('an ffprobe that is stopped is gone when that is told, and none is begun for a signal that has aborted', async () => {
  writeFileSync(at('silent'), '#!/bin/sh\nexec sleep 100\n');
  chmodSync(at('silent'), 0o755);
  vi.stubEnv('FFPROBE_PATH', at('silent'));
  const before = childProcesses();
  const stop = new AbortController();
  const asked = askFfprobe(clip, stop.signal);
  await vi.waitUntil(() => childProcesses().length > before.length, { timeout: 30_000 });
  stop.abort();
  await expect(asked).rejects.toMatchObject({ code: 'INTERRUPTED' });
  expect(childProcesses()).toEqual(before);
  await expect(askFfprobe(clip, stop.signal)).rejects.toMatchObject({ code: 'INTERRUPTED' });
  expect(childProcesses()).toEqual(before);
});

test('an old ffmpeg is refused', async () => {
  writeFileSync(at('old'), '#!/bin/sh\necho \'{"program_version":{"version":"4.4.2"}}\'\n');
  chmodSync(at('old'), 0o755);
  vi.stubEnv('FFPROBE_PATH', at('old'));
  await expect(openVideo({ path: clip })).rejects.toMatchObject({ code: 'FFMPEG_MISSING' });
});

test.each([
  { poolSlots: 0 },
  { maxSidePx: 1.5 },
  { streamIndex: -1 },
  { sampleFps: 0 },
  { startSeconds: Number.NaN },
  { startSeconds: 2, endSeconds: 2 },
])('options out of range are refused: %o', async (options) => {
  await expect(openVideo({ path: clip, ...options })).rejects.toThrow(RangeError);
});
