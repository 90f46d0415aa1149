import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { CameraConfig, LiveSource, SourceEnd, StreamFacts } from '../../../src/domain/live.js';
import { tryCamera } from '../../../src/live/try-camera.js';
import { cameraConfig, FrameLender } from '../../support/live-frames.js';
import { ManualClock } from '../../support/manual-clock.js';

const FACTS: StreamFacts = { widthPx: 64, heightPx: 48, codec: 'h264', decoder: 'none', decoderProblem: null };
const input = { type: 'rtsp', url: 'rtsp://cam.test/a', transport: 'tcp' } as const;
const DOOR = cameraConfig('door', { input });
const stopped: SourceEnd = { reason: 'stopped', message: 'rtsp://cam.test/a: stopped' };
type Run = Parameters<LiveSource['run']>[0];

/** A camera that does what the script says, until it is stopped or says how it ends. */
function setUp(config: CameraConfig = DOOR, picture: 'shown' | 'blurred' | null = 'shown') {
  const clock = new ManualClock();
  const frames = new FrameLender();
  const asked = new AbortController();
  let run: Run | undefined;
  let finish: (end: SourceEnd) => void = () => undefined;
  let opened: CameraConfig | undefined;
  const source: LiveSource = {
    run: (options) => {
      run = options;
      options.signal.addEventListener('abort', () => finish(stopped));
      return new Promise((resolve) => {
        finish = resolve;
      });
    },
  };
  const open = (bare: CameraConfig): LiveSource => {
    opened = bare;
    return source;
  };
  const tested = tryCamera(config, { open, picture, signal: asked.signal, clock });
  return {
    clock,
    asked,
    tested,
    out: frames.out,
    opened: () => opened!,
    frame: () => {
      run!.onOpen(FACTS);
      run!.onFrame(frames.lend({ arrivedAt: clock.nowMs() }));
    },
    drop: () => run!.onDrop('damaged', 2),
    end: (end: SourceEnd) => finish(end),
    running: () => !run!.signal.aborted,
  };
}

describe('a camera that is tried', () => {
  it('tells size, codec, rate and a picture, in three seconds from its first', async () => {
    const { clock, tested, frame, running, out } = setUp();
    await clock.advance(800);
    for (let at = 0; at < 20; at++) {
      frame();
      await clock.advance(100);
    }
    expect(running()).toBe(true);
    await clock.advance(999);
    expect(running()).toBe(true);
    await clock.advance(1);
    expect(running()).toBe(false);
    const { jpeg, fps, ...facts } = await tested;
    expect(facts).toEqual({ stream: FACTS, firstPictureMs: 800, damaged: 0, end: null, picture: 'shown' });
    expect(fps).toBeCloseTo(10);
    expect(await sharp(jpeg!).metadata()).toMatchObject({ format: 'jpeg', width: 64, height: 48 });
    expect(out.size).toBe(0);
  });

  it('is opened in its own size and rate', () => {
    expect(setUp({ ...DOOR, maxSidePx: 640, maxFps: 5 }).opened()).toMatchObject({
      maxSidePx: 3840,
      maxFps: null,
    });
  });

  it('is not faster than its time stamps say, however much comes at once', async () => {
    const { clock, tested, frame } = setUp();
    for (let at = 0; at < 26; at++) frame(); // 40 ms of media time apart
    await clock.advance(3000);
    expect((await tested).fps).toBeCloseTo(25);
  });

  it('tells how it ended by itself, with and without a picture', async () => {
    const refused: SourceEnd = {
      reason: 'unauthorised',
      message: 'rtsp://***@cam.test/a: it refuses the user or password',
    };
    const never = setUp();
    never.end(refused);
    expect(await never.tested).toEqual({
      stream: null,
      firstPictureMs: null,
      fps: null,
      damaged: 0,
      end: refused,
      picture: 'none',
      jpeg: null,
    });
    const short = setUp();
    short.frame();
    short.drop();
    short.end({ reason: 'ended', message: 'a: the stream ended' });
    expect(await short.tested).toMatchObject({ stream: FACTS, fps: null, damaged: 2, end: { reason: 'ended' } });
  });

  it('is given up after fifteen seconds without a picture', async () => {
    const { clock, tested, running } = setUp();
    await clock.advance(14_999);
    expect(running()).toBe(true);
    await clock.advance(1);
    const message = 'rtsp://cam.test/a: no picture within 15 s';
    expect(await tested).toMatchObject({ end: { reason: 'stalled', message }, stream: null });
  });

  it('is closed when whoever asked is gone', async () => {
    const { asked, tested, running } = setUp();
    asked.abort();
    expect(running()).toBe(false);
    await tested;
  });

  it('shows what masks leave of it, nothing that can be told apart where faces are hidden, and nothing where pictures are off', async () => {
    const whole = [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 1],
    ] as const;
    const masked = setUp({ ...DOOR, masks: [{ name: 'all', points: whole }] });
    masked.frame();
    masked.end(stopped);
    const { channels } = await sharp((await masked.tested).jpeg!).stats();
    for (const { max } of channels) expect(max).toBeLessThan(4);
    const off = setUp(undefined, null);
    off.frame();
    off.end(stopped);
    expect(await off.tested).toMatchObject({ picture: 'off', jpeg: null });
    const blurred = setUp(undefined, 'blurred');
    blurred.frame();
    blurred.end(stopped);
    expect(await blurred.tested).toMatchObject({ picture: 'blurred' });
  });

  it('is refused where it opens nothing', async () => {
    const push = cameraConfig('phone', { input: { type: 'push' } });
    await expect(setUp(push).tested).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });
});
