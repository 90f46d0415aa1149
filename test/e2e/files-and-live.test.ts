import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LiveEvent, LiveFrame, StreamFacts } from '../../src/domain/live.js';
import type { Episode, FaceRecord } from '../../src/domain/records.js';
import { micros } from '../../src/domain/units.js';
import { analyze, startRuntime } from '../../src/index.js';
import { LiveCameras } from '../../src/live/live-cameras.js';
import { createFacePipeline } from '../../src/pipeline/create-face-pipeline.js';
import type { ModelRuntime } from '../../src/pipeline/model-runtime.js';
import { READING_DEFAULTS } from '../../src/recording/reading-options.js';
import { createLiveSource } from '../../src/source/camera/live-source.js';
import { cameraConfig, nothingTried, ScriptedFeed, telemetryLog } from '../support/live-frames.js';
import { LIVE_INFO } from '../support/live-info.js';
import { DEMO } from '../support/run-cli.js';

const PATH = join(DEMO, 'step-smile.mp4');
const CONFIG = cameraConfig('step-smile', {
  input: { type: 'file', path: PATH, loop: false },
  maxSidePx: READING_DEFAULTS.maxSidePx,
  minFacePx: READING_DEFAULTS.minFacePx,
});

let runtime: ModelRuntime;
beforeAll(async () => {
  runtime = await startRuntime({ device: 'cpu', lanes: 2 });
});
afterAll(() => runtime.close());

/** The clip as `mien serve` decodes it, at its own pace; frames are kept, so that none is dropped. */
async function liveFrames(): Promise<LiveFrame[]> {
  const frames: LiveFrame[] = [];
  let facts: StreamFacts | undefined;
  await createLiveSource(CONFIG).run({
    startUs: micros(0),
    signal: new AbortController().signal,
    onOpen: (opened) => {
      facts = opened;
    },
    onFrame: ({ lease, ...times }) => {
      const data = new Uint8Array(new SharedArrayBuffer(lease.frame.data.byteLength));
      data.set(lease.frame.data);
      frames.push({ ...times, lease: { frame: { ...lease.frame, data }, release: () => undefined } });
      lease.release();
    },
    onDrop: (reason) => expect.fail(`a frame was dropped: ${reason}`),
    onDecodeError: () => expect.fail('the clip is whole'),
  });
  expect(facts).toMatchObject({ widthPx: 320, heightPx: 320 });
  return frames;
}

/** What subscribers of a camera are told of these frames, each of which arrives when the one before it is done. */
async function throughCamera(frames: readonly LiveFrame[]): Promise<{ records: FaceRecord[]; episodes: Episode[] }> {
  const feed = new ScriptedFeed(CONFIG);
  const cameras = new LiveCameras({
    info: LIVE_INFO,
    maxCameras: 1,
    retainEpisodes: { ms: 60_000, count: 100 },
    preview: { enabled: false, maxFps: 10, maxSidePx: 640, blurFaces: false },
    telemetry: telemetryLog().telemetry,
    check: async () => undefined,
    openSource: nothingTried,
    openFeed: () => feed,
    createPipeline: ({ id: source, minFacePx }, pace) =>
      createFacePipeline({ runtime, source, baseline: true, minFacePx, pace, episodes: 'all' }),
    redact: (config) => config,
    lanes: () => ({ count: 2, restarts: 0 }),
    clients: () => 0,
    onError: (_source, error) => {
      throw error;
    },
    // Time stands still: how long a frame takes on this machine changes nothing.
    now: () => 0,
  });
  const events: LiveEvent[] = [];
  let done = (): void => undefined;
  cameras.events.subscribe((event) => {
    events.push(event);
    if (event.type === 'faces') done();
  });
  await cameras.addCamera(CONFIG);
  for (const frame of frames) {
    const shown = new Promise<void>((resolve) => {
      done = resolve;
    });
    feed.handlers!.onFrame({ ...frame, arrivedAt: 0 as LiveFrame['arrivedAt'] });
    await shown;
  }
  await cameras.close();
  return {
    records: events.flatMap((event) => (event.type === 'faces' ? event.records : [])),
    episodes: events.flatMap((event) =>
      event.type === 'episode' && event.episode.phase === 'end' ? [event.episode] : [],
    ),
  };
}

it('a camera whose frames are all read gives what mien analyze gives, but for the clock on the wall', async () => {
  const records: FaceRecord[] = [];
  const episodes: Episode[] = [];
  for await (const item of analyze(PATH, { runtime })) {
    if (item.type === 'record') records.push(item.record);
    if (item.type === 'episode') episodes.push(item.episode);
  }
  const live = await throughCamera(await liveFrames());
  expect(live.records).toHaveLength(100);
  expect(live.records.map((record) => ({ ...record, wallTime: null }))).toEqual(records);
  expect(live.records.map(({ wallTime }) => typeof wallTime)).toEqual(records.map(() => 'string'));
  expect(episodes.map(({ label }) => label)).toContain('AU12');
  expect(live.episodes).toEqual(episodes);
});
