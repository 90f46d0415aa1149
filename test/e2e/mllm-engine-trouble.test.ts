import { afterEach, describe, expect, it } from 'vitest';
import type { Insight } from '../../src/domain/insight.js';
import { MllmStage } from '../../src/mllm/mllm-stage.js';
import { OpenAiEngine } from '../../src/mllm/openai-engine.js';
import type { MllmStageOptions } from '../../src/mllm/stage-options.js';
import { SYSTEM_CLOCK } from '../../src/rx/clock.js';
import { CAN_ALL, keyframe } from '../support/mllm-builders.js';
import { type Script, ScriptedChatServer, says } from '../support/scripted-chat-server.js';

/** Far below what waiting for the engine would take, and far above what an offer takes on a busy machine. */
const LONGEST_OFFER_MS = 100;

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

const later =
  (delayMs: number, script: Script): Script =>
  (exchange) =>
    void setTimeout(() => script(exchange), delayMs);

/** A live stage on an engine over real HTTP, fed at a steady pace. */
async function world(script: Script, more: Partial<MllmStageOptions> = {}) {
  const server = await new ScriptedChatServer(script).start();
  open.push({ close: () => server.stop() });
  const engine = new OpenAiEngine({
    id: 'served',
    model: 'tiny',
    urls: [server.url],
    retries: 0,
    circuit: { failures: 2, openMs: 100, longestOpenMs: 200 },
  });
  const insights: Insight[] = [];
  const stage = new MllmStage({
    engine,
    capabilities: CAN_ALL,
    tasks: ['emotion'],
    mode: 'live',
    queueCapacity: 4,
    maxAgeMs: 1500,
    batch: { maxItems: 4, maxWaitMs: 5 },
    limiter: { start: 2, max: 4 },
    onInsight: ({ insight }) => insights.push(insight),
    ...more,
  });
  open.push(stage);
  const offers = { count: 0, longestMs: 0 };
  /** Offers a keyframe every 5 ms, as a fast path would, and times each offer. */
  const feed = async (seconds: number): Promise<void> => {
    const endMs = SYSTEM_CLOCK.nowMs() + seconds * 1000;
    while (SYSTEM_CLOCK.nowMs() < endMs) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      const beforeMs = SYSTEM_CLOCK.nowMs();
      stage.offer(keyframe(offers.count / 25, { faceJpeg: new Uint8Array(20_000) }));
      offers.count += 1;
      offers.longestMs = Math.max(offers.longestMs, SYSTEM_CLOCK.nowMs() - beforeMs);
    }
  };
  return { server, engine, stage, insights, offers, feed };
}

/** Every offer is accounted for. */
function expectAllCounted({ stage, offers }: Awaited<ReturnType<typeof world>>): void {
  const { insights, drops, waiting, inFlight, held } = stage.stats;
  const dropped = Object.values(drops).reduce((sum, count) => sum + count, 0);
  expect(insights + dropped + waiting + inFlight + held).toBe(offers.count);
}

describe('an engine in trouble', () => {
  it('ten times too slow: offers never wait, the oldest questions make way and are counted, no question is answered twice', async () => {
    const run = await world(later(200, says('A cheerful face.'))); // 4 in flight: 20 a second, offered up to 200
    await run.feed(1.5);
    expectAllCounted(run);
    expect(run.offers.longestMs).toBeLessThan(LONGEST_OFFER_MS);
    expect(run.stage.stats.drops.superseded).toBeGreaterThan(run.offers.count / 3);
    expect(run.insights.length).toBeGreaterThan(5);
    const times = run.insights.map(({ ptsUs }) => ptsUs as number);
    expect(new Set(times).size).toBe(times.length);
    expect(Math.max(...run.insights.map(({ latencyMs }) => latencyMs))).toBeLessThan(1500);
  });

  it('killed and restored: failures are counted, the circuit opens, answers come again', async () => {
    const run = await world(says('A cheerful face.'));
    await run.feed(0.4);
    expect(run.insights.length).toBeGreaterThan(5);
    await run.server.stop();
    await run.feed(0.6);
    const { drops } = run.stage.stats;
    expect(drops.unreachable).toBeGreaterThan(0);
    expect(drops['circuit-open']).toBeGreaterThan(0);
    const before = run.insights.length;
    await run.server.start();
    await run.feed(1);
    expect(run.insights.length).toBeGreaterThan(before + 5);
    expect(run.engine.replicas[0]!.circuit).toBe('closed');
    expectAllCounted(run);
    expect(run.offers.longestMs).toBeLessThan(LONGEST_OFFER_MS);
  });

  it('hostile answers leave the pace alone', async () => {
    const hostile: Script[] = [
      says('{"a":'.repeat(20_000)),
      says('<'.repeat(900_000)),
      ({ response }) => void response.end('NaN'),
      ({ response }) => void response.destroy(),
    ];
    const run = await world((exchange) => hostile[exchange.ordinal % hostile.length]!(exchange));
    await run.feed(0.8);
    expectAllCounted(run);
    expect(run.offers.longestMs).toBeLessThan(LONGEST_OFFER_MS);
    expect(run.insights.every(({ parsed, emotion }) => parsed === 'unparsable' && emotion === null)).toBe(true);
    expect(run.stage.stats.drops.malformed).toBeGreaterThan(0);
  });
});
