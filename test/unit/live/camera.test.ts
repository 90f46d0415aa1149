import { EMPTY } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Area } from '../../../src/domain/areas.js';
import type { CameraConfig, LiveEvent } from '../../../src/domain/live.js';
import { Camera } from '../../../src/live/camera.js';
import { Reducer } from '../../../src/live/reducer.js';
import { Turns } from '../../../src/live/turns.js';
import type { KeyframeSink } from '../../../src/mllm/keyframe-sink.js';
import {
  cameraConfig,
  FrameLender,
  HeldPipeline,
  ScriptedFeed,
  settled,
  telemetryLog,
} from '../../support/live-frames.js';

function open(more: Partial<CameraConfig> = {}, keyframes: KeyframeSink | null = null) {
  const config = cameraConfig('door', more);
  const feed = new ScriptedFeed(config);
  const held = new HeldPipeline();
  const lender = new FrameLender();
  const { telemetry, lines } = telemetryLog();
  const clock = { now: 0 };
  const errors: unknown[] = [];
  const camera = new Camera({
    config,
    feed,
    pipeline: held,
    telemetry,
    keyframes,
    now: () => clock.now,
    askTurn: new Turns(() => 2).seat(),
    reducer: new Reducer({ now: () => clock.now, telemetry }),
    onError: (error) => errors.push(error),
  });
  const events: LiveEvent[] = [];
  let done = false;
  camera.events.subscribe({ next: (event) => events.push(event), complete: () => (done = true) });
  camera.start();
  const arrive = () => feed.handlers!.onFrame(lender.lend({ arrivedAt: clock.now }));
  const analyse = async (index: number, tookMs: number) => {
    arrive();
    await settled();
    await held.release(`locate ${index}`);
    clock.now += tookMs;
    await held.release(`read ${index}`);
  };
  return { errors, camera, feed, held, lender, lines, clock, events, arrive, analyse, isDone: () => done };
}

describe('Camera', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('draws masks before anybody sees a frame, and others from the next frame on', () => {
    const mask = (left: number): Area => ({
      name: 'mask',
      points: [
        [left, 0],
        [1, 0],
        [1, 1],
        [left, 1],
      ],
    });
    const { camera, feed, lender } = open({ masks: [mask(0.6)] });
    const firstRow = (): string => {
      const live = lender.lend({ widthPx: 8, heightPx: 2 });
      feed.handlers!.onFrame(live);
      return live.lease.frame.data.subarray(0, 8).join(' ');
    };
    expect(firstRow()).toBe('128 128 128 128 16 16 16 16');
    camera.setAreas({ masks: [mask(0.8)], zones: [] });
    expect(firstRow()).toBe('128 128 128 128 128 128 16 16');
    expect(camera.config.masks).toEqual([mask(0.8)]);
  });

  it('tells states, then faces with their latency from arrival', async () => {
    const { camera, feed, events, lines, analyse, lender } = open();
    feed.handlers!.onState(feed.state('running'));
    await analyse(0, 40);
    expect(events.map(({ type }) => type)).toEqual(['state', 'state', 'faces']);
    expect(lines).toContain('frameAnalysed "door" {"faces":1,"latencyMs":40}');
    expect(camera.stats()).toMatchObject({ analysed: 1, faces: 1, latencyMs: { p50: 40, p95: 40, p99: 40 } });
    expect(camera.latestFaces).toHaveLength(1);
    expect(lender.out.size).toBe(0);
  });

  it('offers each analysed frame while its lease is held; a fault there costs no frame', async () => {
    const held: number[] = [];
    const out: { lender?: FrameLender } = {};
    const sink: KeyframeSink = {
      insights: EMPTY,
      writings: EMPTY,
      offer: ({ frame, records }) => {
        held.push(out.lender!.out.has(frame.index) ? records.length : -1);
        throw new Error('no picture today');
      },
      ended: () => undefined,
      endSource: () => undefined,
    };
    const { analyse, events, lender, errors } = open({}, sink);
    out.lender = lender;
    await analyse(0, 1);
    await analyse(1, 1);
    expect(held).toEqual([1, 1]);
    expect(errors).toHaveLength(2);
    expect(events.filter(({ type }) => type === 'faces')).toHaveLength(2);
    expect(lender.out.size).toBe(0);
  });

  it('ends what goes on after two seconds without a frame, and shows no faces', async () => {
    const { camera, held, analyse } = open();
    await analyse(0, 1);
    vi.advanceTimersByTime(1_999);
    expect(held.log).not.toContain('finish');
    vi.advanceTimersByTime(1);
    expect(held.log.at(-1)).toBe('finish');
    expect(camera.latestFaces).toEqual([]);
    expect(camera.stats().faces).toBe(0);
  });

  it('is tried once it has a frame, or has failed to get one', () => {
    const rtsp = { type: 'rtsp', url: 'rtsp://192.0.2.7/live', transport: 'tcp' } as const;
    const first = open({ input: rtsp });
    expect(first.camera.tried).toBe(false);
    first.arrive();
    expect(first.camera.tried).toBe(true);
    const second = open({ input: rtsp });
    second.feed.handlers!.onEnd({ reason: 'unreachable', message: 'refused' });
    expect(second.camera.tried).toBe(true);
    expect(second.lines).toContain('cameraEnded "door" "unreachable"');
    // One that takes pictures opens nothing: it may never get any.
    expect(open({ input: { type: 'push' } }).camera.tried).toBe(true);
  });

  it('counts drops by reason', () => {
    const { camera, feed } = open();
    feed.handlers!.onDrop('no-buffer', 3);
    feed.handlers!.onDrop('rate-limited', 2);
    expect(camera.stats().dropped).toMatchObject({ 'no-buffer': 3, 'rate-limited': 2, superseded: 0 });
  });

  it('counts what its feed drops as arrived, but not what is over the rate that was set', () => {
    const { camera, clock, feed, lines } = open();
    feed.handlers!.onDrop('rate-limited', 20);
    clock.now = 1_000;
    expect(camera.stats().inputFps).toBe(0);
    feed.handlers!.onDrop('damaged', 12);
    expect(camera.stats().inputFps).toBeGreaterThan(0);
    expect(lines).toContain('framesArrived "door" 12');
  });

  it('tells with its numbers what of an outage goes on', () => {
    const { camera, feed } = open();
    const lastEnd = { reason: 'unreachable', message: 'refused' } as const;
    feed.handlers!.onState({ ...feed.state('waiting'), lastEnd, attempts: 3, reconnects: 7 });
    expect(camera.stats()).toMatchObject({ lastEnd, attempts: 3, reconnects: 7 });
  });

  it('tells once that its analysis is behind, by how much with its numbers, and its end with the outage', async () => {
    const { arrive, camera, clock, events, feed, lines, held } = open();
    feed.handlers!.onState(feed.state('running'));
    for (; clock.now <= 3_400; clock.now += 100) arrive(); // and no result
    const told = () => events.flatMap((event) => (event.type === 'state' ? [event.state] : []));
    expect(told().map(({ status, behindSince }) => [status, behindSince !== null])).toEqual([
      ['starting', false],
      ['running', false],
      ['running', true],
    ]);
    clock.now = 3_400;
    expect(told().at(-1)!.behindMs).toBeGreaterThanOrEqual(2_000);
    expect(camera.state).toMatchObject({ behindMs: 3_400 });
    expect(camera.stats().behindMs).toBe(3_400);
    expect(lines).toContain('cameraBehind "door" 3400');
    vi.advanceTimersByTime(5_000); // the frame in work may still come
    expect(camera.stats().behindMs).not.toBeNull();
    await settled();
    await held.release('locate 0');
    feed.handlers!.onState({ ...feed.state('waiting'), lastEnd: { reason: 'stalled', message: 'nothing' } });
    expect(told()).toHaveLength(4);
    expect(told().at(-1)).toMatchObject({ status: 'waiting', behindSince: null, behindMs: null });
    expect(lines.filter((line) => line.startsWith('cameraBehind')).at(-1)).toBe('cameraBehind "door" 0');
  });

  it('takes pictures only when its feed does', () => {
    const push = open();
    expect(push.camera.push(new Uint8Array([1]))).toBe(true);
    expect(push.feed.pushed).toHaveLength(1);
    expect(
      open({ input: { type: 'webcam', device: '/dev/video0', size: null, fps: null } }).camera.push(new Uint8Array()),
    ).toBe(false);
  });

  it('stops once: feed first, then episodes, then its events complete', async () => {
    const { camera, feed, held, isDone, lines } = open();
    await Promise.all([camera.stop(), camera.stop()]);
    expect(feed.stops).toBe(1);
    expect(held.log).toEqual(['finish']);
    expect(isDone()).toBe(true);
    expect(lines.at(-1)).toBe('cameraRemoved "door"');
  });
});
