import { describe, expect, test } from 'vitest';
import type { CameraInput } from '../../../../src/domain/camera-kinds.js';
import type { LiveFrame, LiveSource, SourceEnd, SourceEndReason, SourceState } from '../../../../src/domain/live.js';
import { micros, millis } from '../../../../src/domain/units.js';
import { StateNews } from '../../../../src/live/state-news.js';
import type { Clock } from '../../../../src/rx/clock.js';
import { retryDelayMs } from '../../../../src/source/camera/retry-delay.js';
import { superviseCamera } from '../../../../src/source/camera/supervise-camera.js';
import { cameraConfig } from '../../../support/live-watch.js';

describe('pauses', () => {
  test.each([
    { reason: 'unreachable', failures: 1, atMost: 250 },
    { reason: 'unreachable', failures: 2, atMost: 500 },
    { reason: 'unreachable', failures: 3, atMost: 1_000 },
    { reason: 'stalled', failures: 40, atMost: 30_000 },
    { reason: 'not-found', failures: 2_000, atMost: 30_000 },
    { reason: 'unauthorised', failures: 1, atLeast: 30_000, atMost: 60_000 },
    { reason: 'unauthorised', failures: 2, atLeast: 60_000, atMost: 120_000 },
    { reason: 'unauthorised', failures: 40, atLeast: 300_000, atMost: 600_000 },
  ] as const)('$reason, failure $failures: up to $atMost ms', ({ reason, failures, atMost, ...from }) => {
    const atLeast = 'atLeast' in from ? from.atLeast : 0;
    expect(retryDelayMs({ reason, failures, random: 0 })).toBe(atLeast);
    expect(retryDelayMs({ reason, failures, random: 0.5 })).toBe((atLeast + atMost) / 2);
    expect(retryDelayMs({ reason, failures, random: 0.999_999 })).toBe(atMost);
  });
});

/** A clock that moves only when told. */
class TestClock implements Clock {
  ms = 1_000;
  readonly timers = new Set<{ readonly at: number; readonly callback: () => void }>();
  nowMs = () => millis(this.ms);
  wallTimeMs = () => this.ms;
  after = (ms: number, callback: () => void) => {
    const timer = { at: this.ms + ms, callback };
    this.timers.add(timer);
    return () => void this.timers.delete(timer);
  };
  async advance(ms: number): Promise<void> {
    this.ms += ms;
    for (const timer of [...this.timers]) {
      if (timer.at > this.ms || !this.timers.delete(timer)) continue;
      timer.callback();
    }
    await settle();
  }
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

/** A source whose connections the test drives. */
class TestSource implements LiveSource {
  readonly runs: Parameters<LiveSource['run']>[0][] = [];
  released = 0;
  #finish: ((end: SourceEnd) => void) | undefined;

  run(options: Parameters<LiveSource['run']>[0]): Promise<SourceEnd> {
    this.runs.push(options);
    return new Promise((resolve) => {
      this.#finish = resolve;
      options.signal.addEventListener('abort', () => resolve({ reason: 'stopped', message: 'stopped' }), {
        once: true,
      });
    });
  }
  frame(clock: TestClock, afterStartUs: number): void {
    const run = this.runs.at(-1)!;
    const ptsUs = micros(run.startUs + afterStartUs);
    const data = new Uint8Array(new SharedArrayBuffer(6));
    const lease = { frame: { index: 0, ptsUs, widthPx: 2, heightPx: 2, data }, release: () => void this.released++ };
    run.onFrame({ lease, arrivedAt: clock.nowMs(), wallTimeMs: clock.wallTimeMs() });
  }
  async end(reason: SourceEndReason): Promise<void> {
    this.#finish?.({ reason, message: `cam: ${reason}` });
    await settle();
  }
}

function setUp({ input, ...more }: { input?: CameraInput; random?: () => number } = {}) {
  const clock = new TestClock();
  const source = new TestSource();
  const frames: LiveFrame[] = [];
  const drops: string[] = [];
  const seen: string[] = [];
  const config = cameraConfig(input ?? { type: 'rtsp', url: 'rtsp://op:hunter2@cam/live', transport: 'tcp' });
  const camera = superviseCamera({
    source,
    config,
    clock,
    random: () => 0.5,
    onFrame: (frame) => frames.push(frame),
    onDrop: (reason) => drops.push(reason),
    ...more,
  });
  let done = false;
  camera.states.subscribe({
    next: ({ status, lastEnd }) => seen.push(lastEnd ? `${status} ${lastEnd.reason}` : status),
    complete: () => {
      done = true;
    },
  });
  return { clock, source, frames, drops, seen, camera, isDone: () => done };
}

test('opens, runs, waits, opens again; the address is shown without its login', async () => {
  const { clock, source, seen, camera, frames } = setUp();
  source.runs[0]!.onOpen({ widthPx: 2, heightPx: 2, codec: 'h264', decoder: 'none', decoderProblem: null });
  source.frame(clock, 0);
  source.frame(clock, 40_000);
  expect(camera.state).toMatchObject({ status: 'running', stream: { codec: 'h264' }, address: 'rtsp://***@cam/live' });
  await source.end('ended');
  expect(camera.state).toMatchObject({
    status: 'waiting',
    reconnects: 1,
    stream: null,
    retryAt: new Date(clock.ms + 125).toISOString(),
  });
  await clock.advance(124);
  expect(source.runs).toHaveLength(1);
  await clock.advance(1);
  expect(source.runs).toHaveLength(2);
  source.frame(clock, 0);
  expect(seen).toEqual(['starting', 'running', 'waiting ended', 'waiting ended', 'running ended']);
  expect(frames).toHaveLength(3);
  await camera.stop();
});

test('media time goes on over connections, and a pause lasts as long as it lasted', async () => {
  const { clock, source, frames, camera } = setUp();
  source.frame(clock, 0);
  source.frame(clock, 40_000);
  await clock.advance(3_000);
  await source.end('stalled');
  await clock.advance(125);
  source.frame(clock, 0);
  expect(frames.map(({ lease }) => lease.frame.ptsUs)).toEqual([0, 40_000, 40_000 + 3_125_000]);
  await camera.stop();
});

test('pauses grow with failures and begin anew after ten good seconds', async () => {
  const { clock, source, camera } = setUp();
  const pauses: number[] = [];
  const fail = async () => {
    await source.end('unreachable');
    const pauseMs = Date.parse(camera.state.retryAt!) - clock.ms;
    pauses.push(pauseMs);
    await clock.advance(pauseMs);
  };
  for (let n = 0; n < 5; n++) await fail();
  source.frame(clock, 0);
  await clock.advance(9_999);
  source.frame(clock, 1);
  await fail();
  source.frame(clock, 0);
  await clock.advance(10_000);
  source.frame(clock, 1);
  await fail();
  expect(pauses).toEqual([125, 250, 500, 1_000, 2_000, 4_000, 125]);
  await camera.stop();
});

describe('outages', () => {
  /** What clients are told of a camera. */
  const told = (camera: { readonly states: ReturnType<typeof superviseCamera>['states'] }) => {
    const news = new StateNews();
    const states: SourceState[] = [];
    camera.states.subscribe((state) => {
      if (news.isNews({ ...state, behindSince: null, behindMs: null, reduced: null })) states.push(state);
    });
    return states;
  };
  const wait = async ({ clock, camera }: ReturnType<typeof setUp>) => {
    await clock.advance(Date.parse(camera.state.retryAt!) - clock.ms);
  };

  test('a camera that is away is one outage, its tries counted, whatever they end with', async () => {
    const world = setUp();
    const { clock, source, camera } = world;
    const states = told(camera);
    source.frame(clock, 0);
    await clock.advance(20_000);
    source.frame(clock, 1);
    await source.end('ended');
    const since = new Date(clock.ms).toISOString();
    for (let attempt = 1; attempt <= 200; attempt++) {
      await wait(world);
      expect(camera.state).toMatchObject({ status: 'waiting', since, attempts: attempt - 1, retryAt: null });
      await source.end(attempt % 3 === 0 ? 'stalled' : 'unreachable');
    }
    expect(camera.state).toMatchObject({ status: 'waiting', since, attempts: 200, reconnects: 201 });
    await wait(world);
    source.frame(clock, 0);
    expect(camera.state).toMatchObject({ status: 'running', attempts: 0, retryAt: null });
    expect(states.map(({ status, lastEnd }) => `${status} ${lastEnd?.reason ?? ''}`)).toEqual([
      'starting ',
      'running ',
      'waiting ended',
      'waiting unreachable',
      'waiting stalled',
      'running unreachable',
    ]);
    await camera.stop();
  });

  test('a camera that dies 2 s after each return is in one outage from the third time on, until it runs well', async () => {
    const world = setUp();
    const { clock, source, camera, frames } = world;
    const states = told(camera);
    const run = async (seconds: number) => {
      for (let second = 0; second <= seconds; second++) {
        source.frame(clock, second * 1e6);
        await clock.advance(1_000);
      }
    };
    for (let time = 0; time < 100; time++) {
      await run(2);
      await source.end('ended');
      await wait(world);
    }
    expect(frames).toHaveLength(300);
    expect(camera.state).toMatchObject({ status: 'waiting', attempts: 97 });
    const statuses = () => states.map(({ status }) => status);
    const flaps = ['running', 'waiting', 'running', 'waiting', 'running', 'waiting'];
    expect(statuses()).toEqual(['starting', ...flaps]);
    await run(9);
    expect(camera.state.status).toBe('waiting');
    await run(0);
    expect(statuses()).toEqual(['starting', ...flaps, 'running']);
    await camera.stop();
  });

  test('a refused login does not count for other failures, nor they for it', async () => {
    const world = setUp();
    const { clock, source, camera } = world;
    for (let n = 0; n < 8; n++) {
      await source.end('unreachable');
      await wait(world);
    }
    await source.end('unauthorised');
    expect(Date.parse(camera.state.retryAt!) - clock.ms).toBe(45_000);
    await camera.stop();
  });

  test('damaged pictures are told when they begin, and 10 s after the last', async () => {
    const { clock, source, camera } = setUp();
    const states = told(camera);
    source.frame(clock, 0);
    const began = new Date(clock.ms).toISOString();
    for (let n = 0; n < 50; n++) {
      source.runs[0]!.onDecodeError();
      source.runs[0]!.onDrop('damaged', 1);
      await clock.advance(1_000);
      source.frame(clock, n + 1);
    }
    expect(camera.state).toMatchObject({ decodeErrors: 50, damagedSince: began });
    await clock.advance(8_999);
    source.frame(clock, 100);
    expect(camera.state.damagedSince).toBe(began);
    await clock.advance(1);
    source.frame(clock, 101);
    expect(states.map(({ damagedSince }) => damagedSince)).toEqual([null, null, began, null]);
    await camera.stop();
  });
});

describe('what is not simply tried again', () => {
  test('a change of size: opened at once, but not in a tight loop', async () => {
    const { clock, source, seen, camera } = setUp();
    await clock.advance(1_000);
    await source.end('size-changed');
    expect(source.runs).toHaveLength(2);
    expect(seen).toEqual(['starting', 'starting size-changed']);
    await source.end('size-changed');
    expect(camera.state.status).toBe('waiting');
    await camera.stop();
  });

  test('an unusable camera has failed, until it is stopped', async () => {
    const { clock, source, camera, isDone } = setUp();
    await source.end('unusable');
    expect(camera.state).toMatchObject({ status: 'failed', retryAt: null });
    await clock.advance(100_000);
    expect(source.runs).toHaveLength(1);
    expect(isDone()).toBe(false);
    await camera.stop();
    expect(camera.state.status).toBe('stopped');
    expect(isDone()).toBe(true);
  });

  test('a file that was played stops; a looped one goes on', async () => {
    for (const loop of [false, true]) {
      const { source, camera } = setUp({ input: { type: 'file', path: 'a.mp4', loop } });
      await source.end('ended');
      expect(camera.state.status).toBe(loop ? 'waiting' : 'stopped');
      await camera.stop();
    }
  });
});

test('pushed pictures that stop coming: stalled after 10 s, but never before the first', async () => {
  const { clock, source, seen, camera } = setUp({ input: { type: 'push' } });
  await clock.advance(60_000);
  expect(seen).toEqual(['starting']);
  source.frame(clock, 0);
  await clock.advance(9_999);
  source.frame(clock, 1);
  await clock.advance(9_999);
  expect(camera.state.status).toBe('running');
  await clock.advance(1);
  expect(camera.state).toMatchObject({ status: 'waiting', lastEnd: { reason: 'stalled' } });
  await clock.advance(0);
  expect(source.runs).toHaveLength(2);
  await clock.advance(3_600_000);
  source.frame(clock, 0);
  expect(seen).toEqual(['starting', 'running', 'waiting stalled', 'waiting stalled', 'running stalled']);
  await camera.stop();
});

test('stop: once or twice, while running or waiting; nothing is left behind', async () => {
  for (const waiting of [false, true]) {
    const { clock, source, camera, frames, drops, isDone } = setUp();
    source.frame(clock, 0);
    if (waiting) await source.end('ended');
    const stops = [camera.stop(), camera.stop()];
    if (!waiting) source.frame(clock, 1);
    await Promise.all(stops);
    expect(camera.state.status).toBe('stopped');
    expect(isDone()).toBe(true);
    expect(clock.timers.size).toBe(0);
    expect({ frames: frames.length, drops, released: source.released }).toEqual(
      waiting ? { frames: 1, drops: [], released: 0 } : { frames: 1, drops: ['shutdown'], released: 1 },
    );
  }
});

test('stop waits for the source', async () => {
  let gone: (end: SourceEnd) => void = () => {};
  const source: LiveSource = {
    run: () =>
      new Promise((resolve) => {
        gone = resolve;
      }),
  };
  const config = cameraConfig({ type: 'push' });
  const camera = superviseCamera({ source, config, clock: new TestClock(), onFrame: () => undefined });
  let stopped = false;
  const stop = camera.stop().then(() => {
    stopped = true;
  });
  await settle();
  expect(stopped).toBe(false);
  gone({ reason: 'stopped', message: '' });
  await stop;
});

test('a source that breaks its contract is tried again, and its words are not repeated', async () => {
  const source: LiveSource = { run: () => Promise.reject(new Error('rtsp://op:hunter2@cam')) };
  const config = cameraConfig({ type: 'push' });
  const camera = superviseCamera({
    source,
    config,
    clock: new TestClock(),
    random: () => 0.5,
    onFrame: () => undefined,
  });
  await settle();
  expect(camera.state).toMatchObject({ status: 'waiting', lastEnd: { reason: 'decoder-died' } });
  expect(JSON.stringify(camera.state)).not.toContain('hunter2');
  await camera.stop();
});
