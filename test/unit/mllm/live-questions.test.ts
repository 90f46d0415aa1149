import { firstValueFrom } from 'rxjs';
import sharp from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';
import { createLiveQuestions } from '../../../src/app/create-live-questions.js';
import type { MllmConfig } from '../../../src/config/serve-config.js';
import { AffectError } from '../../../src/domain/errors.js';
import { yuv420pBytes } from '../../../src/domain/frame.js';
import type { EngineOutcome, MllmEngine } from '../../../src/domain/insight.js';
import { micros } from '../../../src/domain/units.js';
import type { LiveQuestions } from '../../../src/mllm/live-questions.js';
import { collectingLogger } from '../../support/collecting-logger.js';
import { ManualClock } from '../../support/manual-clock.js';
import { CAN_ALL, said } from '../../support/mllm-builders.js';
import { faceRecord } from '../../support/record-builders.js';
import { recordingTelemetry } from '../../support/recording-telemetry.js';

const CONFIG: MllmConfig = {
  engine: {
    type: 'openai',
    urls: ['http://engine.test/v1'],
    model: 'tiny',
    adapters: {},
    keyEnv: null,
    timeoutMs: 30_000,
  },
  tasks: ['describe'],
  prompts: {},
  priors: true,
  imagePx: 224,
  perCameraPerMinute: 12,
  overallPerMinute: 60,
  minIntervalMs: 2_000,
  maxIntervalMs: 30_000,
  fusion: { weight: 0.3, decaySeconds: 1.5 },
};
const ANSWER = '{"summary":"A smile.","movement":"","action_units":["AU12"],"reasoning":"","emotion":"happiness"}';
const never = new Promise<never>(() => undefined);

interface Script {
  readonly probe?: () => Promise<typeof CAN_ALL>;
  /** What comes of each question. */
  readonly answer?: () => Promise<EngineOutcome>;
}

let running: LiveQuestions[] = [];
afterEach(async () => {
  await Promise.all(running.map((mllm) => mllm.close()));
  running = [];
});

function start(script: Script = {}, more: { readonly showFaces?: boolean; readonly clock?: ManualClock } = {}) {
  const log: string[] = [];
  const engine: MllmEngine = {
    id: 'openai',
    model: 'tiny',
    probe: async () => (script.probe ? script.probe() : CAN_ALL),
    infer: (calls) => calls.map(script.answer ?? (async () => said(ANSWER))),
    close: async () => undefined,
  };
  const telemetry = recordingTelemetry();
  const { showFaces = true, clock } = more;
  const logger = collectingLogger(log);
  const mllm = createLiveQuestions(CONFIG, { engine, showFaces, telemetry, logger, ...(clock ? { clock } : {}) });
  running.push(mllm);
  mllm.start();
  /** One face in a grey picture at a second of media time. */
  const offer = (seconds: number, source = 'door', track = 1) => {
    const data = new Uint8Array(new SharedArrayBuffer(yuv420pBytes(1280, 720))).fill(128);
    const frame = { index: Math.round(seconds * 25), ptsUs: micros(seconds * 1e6), widthPx: 1280, heightPx: 720, data };
    const records = [faceRecord(frame.index, { source, track, ptsUs: frame.ptsUs })];
    mllm.offer({ source, frame, records, episodes: [], wallTimeMs: 1000 + seconds });
    data.fill(0); // the lease is over: nothing may be read from now on
  };
  return { mllm, log, telemetry, offer };
}

const ready = async (mllm: LiveQuestions): Promise<void> => {
  while (!mllm.ready) await new Promise((resolve) => setImmediate(resolve));
};

describe('LiveQuestions', () => {
  it('gives an insight with the small face that was asked about, and counts it', async () => {
    const { mllm, offer, telemetry, log } = start();
    await ready(mllm);
    const next = firstValueFrom(mllm.insights);
    offer(1);
    const { insight, evidence, evidenceJpeg, wallTimeMs } = await next;
    expect(insight).toMatchObject({ id: 'door/1/insight/1', source: 'door', emotion: 'happiness', reason: 'first' });
    expect(insight.claimedActionUnits).toEqual(['12']);
    expect(evidence).toMatchObject({ origin: 'mllm', trackId: 1, ptsUs: 1e6, weight: 0.3 });
    expect(wallTimeMs).toBe(1001);
    const { format, width, height } = await sharp(evidenceJpeg!).metadata();
    expect({ format, width, height }).toEqual({ format: 'jpeg', width: 160, height: 160 });
    // Read before the frame went: grey, not the green that zeros are.
    const { channels } = await sharp(evidenceJpeg!).stats();
    expect(channels.map(({ mean }) => Math.round(mean / 10))).toEqual([13, 13, 13]);
    await telemetry.reached('mllmAnswered openai');
    expect(telemetry.counts.get('mllmClaims')).toBe(1);
    expect(log).toEqual(['language model tiny answers']);
  });

  it('tells how many questions wait although none is answered', async () => {
    const { mllm, offer, telemetry } = start({ answer: () => never });
    await ready(mllm);
    offer(1);
    await telemetry.reached('mllmQueue 1');
    expect(telemetry.counts.has('mllmAnswered openai')).toBe(false);
  });

  it('shows no face where pictures are not shown', async () => {
    const { mllm, offer } = start({}, { showFaces: false });
    await ready(mllm);
    const next = firstValueFrom(mllm.insights);
    offer(1);
    expect((await next).evidenceJpeg).toBeNull();
  });

  it('counts why faces are not asked about', async () => {
    const { mllm, offer, telemetry } = start();
    await ready(mllm);
    offer(1);
    offer(1.04);
    expect(telemetry.counts.get('mllmSkipped too-soon')).toBe(1);
  });

  it('tells nothing of a camera that is gone', async () => {
    let answer: (outcome: EngineOutcome) => void = () => undefined;
    const asked: (() => void)[] = [];
    const { mllm, offer } = start({
      answer: async () => {
        const tell = asked.shift();
        if (!tell) return said(ANSWER);
        tell();
        return new Promise((resolve) => {
          answer = resolve;
        });
      },
    });
    await ready(mllm);
    const told: string[] = [];
    mllm.insights.subscribe(({ source }) => told.push(source));
    const wasAsked = new Promise<void>((resolve) => asked.push(resolve));
    offer(1, 'door');
    await wasAsked;
    mllm.endSource('door');
    const next = firstValueFrom(mllm.insights);
    answer(said(ANSWER));
    offer(1, 'yard');
    await next;
    expect(told).toEqual(['yard']);
  });

  it.each<[string, Script['answer']]>([
    ['never answers', () => never],
    ['throws', () => Promise.reject(new Error('no'))],
    ['answers nonsense', async () => ({ kind: 'ok' }) as unknown as EngineOutcome],
  ])('an engine that %s costs no frame any time', async (_, answer) => {
    const { mllm, offer, telemetry } = start({ answer: answer! }, { clock: new ManualClock() });
    await ready(mllm);
    // In one turn of the event loop, time standing still: three are taken, the budget refuses the rest.
    for (let person = 1; person <= 200; person++) offer(person, 'door', person);
    expect(telemetry.counts.get('mllmSkipped camera-budget')).toBe(197);
  });

  it('an engine that is not there is told of once and asked again until it is', async () => {
    const clock = new ManualClock();
    let there = false;
    const { mllm, log, offer } = start(
      {
        probe: async () => {
          if (!there) throw new AffectError('SERVER_UNREACHABLE', 'nobody at engine.test');
          return CAN_ALL;
        },
      },
      { clock },
    );
    await clock.advance(100_000);
    offer(1); // nothing happens
    expect(mllm.ready).toBe(false);
    expect(log).toEqual([
      'language model tiny is not available: nobody at engine.test; trying again in the background',
    ]);
    there = true;
    await clock.advance(60_000);
    expect(mllm.ready).toBe(true);
    expect(log.at(-1)).toBe('language model tiny answers');
  });

  it('closes although a probe never ends', async () => {
    const { mllm } = start({ probe: () => never });
    await mllm.close();
    expect(mllm.ready).toBe(false);
  });
});
