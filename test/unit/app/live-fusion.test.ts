import { filter, firstValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { createLiveQuestions } from '../../../src/app/create-live-questions.js';
import type { MllmConfig } from '../../../src/config/serve-config.js';
import { EMOTIONS } from '../../../src/domain/affect.js';
import type { MllmEngine } from '../../../src/domain/insight.js';
import type { LiveEvent } from '../../../src/domain/live.js';
import type { FaceRecord } from '../../../src/domain/records.js';
import { millis } from '../../../src/domain/units.js';
import { LiveCameras } from '../../../src/live/live-cameras.js';
import { createFacePipeline } from '../../../src/pipeline/create-face-pipeline.js';
import { collectingLogger } from '../../support/collecting-logger.js';
import { fakeRuntime } from '../../support/fake-runtime.js';
import { cameraConfig, nothingTried, ScriptedFeed } from '../../support/live-frames.js';
import { LIVE_INFO } from '../../support/live-info.js';
import { CAN_ALL, said } from '../../support/mllm-builders.js';
import { recordingTelemetry } from '../../support/recording-telemetry.js';

const SURPRISED = '{"summary":"Wide eyes.","movement":"","action_units":[],"reasoning":"","emotion":"surprise"}';
const SILENT = '{"summary":"A face.","movement":"","action_units":[],"reasoning":"","emotion":""}';
const FRAMES = 50;
/** Frame after which the engine answers. */
const ANSWERED_AFTER = 25;

/** Two faces before a camera for 2 s; a language model answers after 1 s, and names an emotion of the first face only. */
async function watch(weight: number) {
  const { runtime, next, advance } = fakeRuntime({
    emotionLogits: [1, 2, 1.5, 0, 0, 0, 0, 0],
    faces: [
      { x: 130, y: 180, side: 120 },
      { x: 380, y: 180, side: 120 },
    ],
  });
  const telemetry = recordingTelemetry();
  let answer: () => void = () => undefined;
  const answering = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const asked: string[] = [];
  const engine: MllmEngine = {
    id: 'scripted',
    model: 'scripted',
    probe: async () => CAN_ALL,
    infer: (calls) =>
      calls.map(async () => {
        const outcome = said(asked.push('') === 1 ? SURPRISED : SILENT);
        await answering;
        return outcome;
      }),
    close: async () => undefined,
  };
  const config: MllmConfig = {
    engine: { type: 'openai', urls: [], model: 'scripted', adapters: {}, keyEnv: null, timeoutMs: 30_000 },
    tasks: ['describe'],
    prompts: {},
    priors: true,
    imagePx: 64,
    perCameraPerMinute: 60,
    overallPerMinute: 60,
    minIntervalMs: 10_000,
    maxIntervalMs: 30_000,
    fusion: { weight, decaySeconds: 1.5 },
  };
  const mllm = createLiveQuestions(config, { engine, showFaces: false, telemetry, logger: collectingLogger() });
  mllm.start();
  while (!mllm.ready) await new Promise((resolve) => setImmediate(resolve));

  const feed = new ScriptedFeed(cameraConfig('door'));
  const cameras = new LiveCameras({
    info: LIVE_INFO,
    maxCameras: 1,
    retainEpisodes: { ms: 60_000, count: 100 },
    preview: { enabled: false, maxFps: 1, maxSidePx: 64, blurFaces: false },
    telemetry,
    check: async () => undefined,
    openSource: nothingTried,
    openFeed: () => feed,
    createPipeline: ({ id }) =>
      createFacePipeline({ runtime, source: id, baseline: true, minFacePx: 24, episodes: 'all' }),
    keyframes: mllm,
    redact: (config) => config,
    lanes: () => ({ count: 1, restarts: 0 }),
    clients: () => 0,
    onError: (_source, error) => {
      throw error;
    },
  });
  /** As sent: what happens to a record afterwards does not show here. */
  const sent: { readonly frame: number; readonly records: readonly FaceRecord[] }[] = [];
  const insights: Extract<LiveEvent, { type: 'insight' }>[] = [];
  cameras.events.subscribe((event) => {
    if (event.type === 'faces') sent.push(structuredClone({ frame: event.frame, records: event.records }));
    if (event.type === 'insight') insights.push(event);
  });
  const told = (type: LiveEvent['type']) => firstValueFrom(cameras.events.pipe(filter((event) => event.type === type)));
  await cameras.addCamera(cameraConfig('door'));
  for (let index = 0; index < FRAMES; index++) {
    const analysed = told('faces');
    const lease = { frame: next(), release: () => undefined };
    feed.handlers!.onFrame({ lease, arrivedAt: millis(0), wallTimeMs: 1_800_000_000_000 + index * 40 });
    await analysed;
    advance();
    if (index !== ANSWERED_AFTER) continue;
    const first = told('insight');
    answer();
    await first;
  }
  await cameras.close();
  await mllm.close();
  return { sent, insights, telemetry };
}

const person = (records: readonly FaceRecord[], track: number): FaceRecord =>
  records.find((record) => record.track === track)!;

describe('an insight in the live estimate', () => {
  it('moves its track from then on; frames sent before, other tracks and raw values are as without it', async () => {
    const [plain, told] = [await watch(0), await watch(0.3)];
    expect(plain.insights[0]).toMatchObject({ insight: { emotion: 'surprise', fused: null }, fusion: null });
    expect(told.insights[0]).toMatchObject({
      insight: { track: 1, emotion: 'surprise', fused: { weight: 0.3 } },
      fusion: { outcome: 'accepted', reason: null, weight: 0.3, decaySeconds: 1.5 },
    });
    expect(plain.telemetry.counts.get('mllmFused accepted')).toBeUndefined();
    expect(told.telemetry.counts.get('mllmFused accepted')).toBe(1);

    expect(told.sent).toHaveLength(FRAMES);
    const early = ({ sent }: typeof told) => sent.filter(({ frame }) => frame <= ANSWERED_AFTER);
    expect(early(told)).toEqual(early(plain));
    for (const { frame, records } of told.sent.slice(ANSWERED_AFTER + 1)) {
      const other = plain.sent[frame]!.records;
      expect(person(records, 2)).toEqual(person(other, 2));
      const [moved, still] = [person(records, 1), person(other, 1)];
      expect(moved.emotions!.raw).toEqual(still.emotions!.raw);
      const surprise = EMOTIONS.indexOf('surprise');
      expect(moved.emotions!.smoothed[surprise]).toBeGreaterThan(still.emotions!.smoothed[surprise]! + 0.005);
      expect(moved.mllmWeight).toBeGreaterThan(0.05);
      expect(still).not.toHaveProperty('mllmWeight');
    }
  });
});
