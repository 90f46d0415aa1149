import { describe, expect, it } from 'vitest';
import type { EngineOutcome, Insight } from '../../../src/domain/insight.js';
import type { MllmDrop } from '../../../src/domain/mllm-outcomes.js';
import { MllmStage } from '../../../src/mllm/mllm-stage.js';
import type { MllmStageOptions } from '../../../src/mllm/stage-options.js';
import { checkOf } from '../../support/insight-builder.js';
import { ManualClock, settled } from '../../support/manual-clock.js';
import { CAN_ALL, failure, keyframe, priors, ScriptedEngine, said } from '../../support/mllm-builders.js';

/** An answer that ended at its longest. */
const cutOff = (text: string): EngineOutcome => {
  const outcome = said(text);
  return outcome.kind === 'ok' ? { ...outcome, answer: { ...outcome.answer, truncated: true } } : outcome;
};

function stageOf(more: Partial<MllmStageOptions> = {}, engineMore: Partial<ScriptedEngine> = {}) {
  const clock = new ManualClock();
  const engine = Object.assign(new ScriptedEngine(clock), engineMore);
  const insights: Insight[] = [];
  const drops: MllmDrop[] = [];
  const stage = new MllmStage({
    engine,
    capabilities: CAN_ALL,
    tasks: ['emotion'],
    mode: 'live',
    clock,
    onInsight: ({ insight }) => insights.push(insight),
    onDrop: ({ reason }) => drops.push(reason),
    ...more,
  });
  return { clock, engine, stage, insights, drops };
}

describe('MllmStage', () => {
  it('turns a keyframe into an insight whose claims are checked', async () => {
    const { clock, stage, insights } = stageOf(
      { tasks: ['describe'], usePriors: false },
      {
        answer: () =>
          said('{"emotion":"happiness","summary":"A smile.","movement":"","action_units":[12,4],"reasoning":"r"}'),
      },
    );
    expect(stage.offer(keyframe(3))).toBe(true);
    await clock.advance(1000);
    expect(insights).toEqual([
      expect.objectContaining({
        id: 'cam/1/insight/1',
        ptsUs: 3e6,
        engine: 'scripted',
        model: 'script-1',
        emotion: 'happiness',
        agreesWithMeasured: true,
        toldActionUnits: [],
        check: checkOf({ agreed: ['12'], contradicted: ['4'] }),
        latencyMs: 150,
        tokens: { prompt: 100, completion: 5 },
      }),
    ]);
    expect(stage.stats.rates).toEqual({ hallucination: 0.5, disagreement: 0, unparsable: 0 });
  });

  it('a model that repeats what it was told agrees with nothing; told units take turns', async () => {
    const at = (presence: number) => ({ presence, intensity: 3 });
    const measured = priors({ actionUnits: { '1': at(0.9), '2': at(0.1), '12': at(0.9), '25': at(0.1) } });
    const { clock, engine, stage, insights } = stageOf(
      { tasks: ['action-units'] },
      { answer: ({ user }) => said([...new Set(user.match(/AU\d+/g))].map((unit) => `${unit}: seen.`).join('\n')) },
    );
    for (const ordinal of [0, 1]) stage.offer(keyframe(ordinal, { priors: measured, ordinal }));
    await clock.advance(1000);
    expect(engine.batches.flat().map(({ user }) => user.split('\n').at(-1))).toEqual([
      expect.stringContaining('active are AU1 inner brow raiser, marked; not active are AU2 outer brow raiser.'),
      expect.stringContaining('active are AU12 lip corner puller, marked; not active are AU25 lips part.'),
    ]);
    expect(insights.map(({ toldActionUnits, check }) => ({ toldActionUnits, check }))).toEqual([
      { toldActionUnits: ['1', '2'], check: checkOf({ told: ['1', '2'], omitted: ['12'] }) },
      { toldActionUnits: ['12', '25'], check: checkOf({ told: ['12', '25'], omitted: ['1'] }) },
    ]);
    expect(stage.stats.rates.hallucination).toBeNull();
  });

  it.each([
    ['whole', said('{"emotion":"happiness","action_units":[],"summary":"s"}'), ['12']],
    ['cut off', cutOff('{"emotion":"happiness","action_units":[],"summary":"s'), []],
    ['that it cannot tell', said('{"emotion":"cannot tell","action_units":[],"summary":"s"}'), []],
  ])('an answer that is %s leaves out what it has room for', async (_, answer, omitted) => {
    const { clock, stage, insights } = stageOf({ tasks: ['describe'], usePriors: false }, { answer: () => answer });
    stage.offer(keyframe(0));
    await clock.advance(1000);
    expect(insights[0]!.check).toEqual(checkOf({ omitted }));
  });

  it('tells an answer while it is written, four times a second, never after its insight', async () => {
    const told: string[] = [];
    const { clock, engine, stage, insights } = stageOf(
      {
        tasks: ['describe'],
        onWriting: ({ track, task, emotion, text }) => told.push(`${track} ${task} ${emotion}: ${text}`),
      },
      { answer: () => said('{"emotion":"anger","summary":"A frown."}'), tookMs: 1000 },
    );
    stage.offer(keyframe(0));
    await clock.advance(100);
    engine.writers[0]!('{"emotion":"anger","summ');
    engine.writers[0]!('{"emotion":"anger","summary":"A');
    await clock.advance(300);
    engine.writers[0]!('{"emotion":"anger","summary":"A fro');
    expect(told).toEqual(['1 describe anger: ', '1 describe anger: A fro…']);
    await clock.advance(1000);
    expect(insights).toHaveLength(1);
    await clock.advance(300);
    engine.writers[0]!('{"emotion":"anger","summary":"A frown."}');
    expect(told).toHaveLength(2);
  });

  it('asks no engine to tell where nobody looks on', async () => {
    const { clock, engine, stage } = stageOf();
    stage.offer(keyframe(0));
    await clock.advance(100);
    expect(engine.writers).toEqual([]);
  });

  it('batches by size at once, and what is left at the deadline', async () => {
    const { clock, engine, stage } = stageOf({ batch: { maxItems: 3, maxWaitMs: 50 }, limiter: { start: 8 } });
    for (let n = 0; n < 4; n++) stage.offer(keyframe(n));
    expect(engine.batches).toHaveLength(0); // offer() itself runs nothing
    await clock.advance(1);
    expect(engine.batches.map((batch) => batch.length)).toEqual([3]);
    await clock.advance(50);
    expect(engine.batches.map((batch) => batch.length)).toEqual([3, 1]);
  });

  it('each question of a batch settles alone: one late and one silent delay none, and are two failures at most', async () => {
    const late = [50, 100, 2500, 60_000, 100, 100, 100, 100];
    const { clock, engine, stage, insights, drops } = stageOf(
      { limiter: { start: 8, max: 8 }, requestDeadlineMs: 10_000 },
      { tookMs: (batch: number, index: number) => (batch === 0 ? late[index]! : 100) },
    );
    for (let n = 0; n < 8; n++) stage.offer(keyframe(n));
    await clock.advance(200);
    expect(engine.batches.map((batch) => batch.length)).toEqual([8]);
    expect(insights.map(({ ptsUs }) => ptsUs / 1e6)).toEqual([0, 1, 4, 5, 6, 7]);
    expect(stage.stats).toMatchObject({ inFlight: 2, held: 0, drops: {} });
    for (let n = 8; n < 14; n++) stage.offer(keyframe(n)); // the slots of those that are answered are free
    await clock.advance(200);
    expect(insights).toHaveLength(12);
    await clock.advance(2500);
    expect(insights.at(-1)!.ptsUs).toBe(2e6);
    await clock.advance(10_000);
    expect(drops).toEqual(['timeout']);
    expect(engine.aborted).toBe(1);
    expect(stage.stats.limit).toBe(5); // 8 x 0.7 once, not eight times
  });

  it('an engine that makes batches itself is asked at once, not after a wait for more', async () => {
    const { clock, engine, stage } = stageOf({ capabilities: { ...CAN_ALL, ownBatches: true } });
    stage.offer(keyframe(0));
    await clock.advance(1);
    stage.offer(keyframe(1));
    await clock.advance(1);
    expect(engine.batches.map((batch) => batch.length)).toEqual([1, 1]);
  });

  it('offline: insights come in order of media time within a source, other sources at once', async () => {
    const { clock, stage, insights } = stageOf(
      { mode: 'offline', batch: { maxItems: 1 }, limiter: { start: 4 } },
      { tookMs: (batch: number) => [500, 100, 200][batch]! },
    );
    stage.offer(keyframe(1));
    stage.offer(keyframe(2));
    stage.offer(keyframe(1, { source: 'other' }));
    await clock.advance(300);
    expect(insights.map(({ id }) => id)).toEqual(['other/1/insight/1']);
    expect(stage.stats.held).toBe(1);
    await clock.advance(300);
    expect(insights.map(({ source, ptsUs }) => `${source} ${ptsUs}`)).toEqual([
      'other 1000000',
      'cam 1000000',
      'cam 2000000',
    ]);
  });

  it('live: a full queue drops its oldest, counted', async () => {
    const { clock, stage, insights, drops } = stageOf(
      { queueCapacity: 2, limiter: { start: 1, max: 1 }, batch: { maxItems: 1 } },
      { tookMs: 1000 },
    );
    stage.offer(keyframe(0));
    await clock.advance(1);
    for (let n = 1; n <= 5; n++) expect(stage.offer(keyframe(n))).toBe(true);
    expect(drops).toEqual(['superseded', 'superseded', 'superseded']);
    await clock.advance(10_000);
    expect(insights.map(({ ptsUs }) => ptsUs / 1e6)).toEqual([0, 4, 5]);
    expect(stage.stats).toMatchObject({ waiting: 0, inFlight: 0, held: 0, drops: { superseded: 3 } });
  });

  it('live: what is too old is cancelled in flight and given up in the queue', async () => {
    const { clock, engine, stage, drops } = stageOf(
      { maxAgeMs: 2000, limiter: { start: 1, max: 1 }, batch: { maxItems: 1 } },
      { tookMs: 60_000 },
    );
    stage.offer(keyframe(0));
    await clock.advance(1);
    stage.offer(keyframe(1));
    await clock.advance(2500);
    expect(engine.aborted).toBe(1);
    expect(drops).toEqual(['stale', 'stale']);
    expect(stage.stats).toMatchObject({ waiting: 0, inFlight: 0, held: 0 });
  });

  it('offline: nothing is dropped; room() waits, failures that pass are asked again', async () => {
    let down = true;
    const { clock, engine, stage, insights, drops } = stageOf(
      { mode: 'offline', queueCapacity: 2, limiter: { start: 1, max: 2 } },
      { answer: () => (down ? failure('unreachable') : said('A cheerful face.')) },
    );
    const feed = (async () => {
      for (let n = 0; n < 10; n++) {
        await stage.room();
        stage.offer(keyframe(n));
      }
    })();
    await clock.advance(5000);
    expect(insights).toHaveLength(0);
    expect(stage.stats.waiting).toBeLessThanOrEqual(3);
    down = false;
    await clock.advance(60_000);
    await feed;
    await stage.idle();
    expect(insights.map(({ ptsUs }) => ptsUs / 1e6)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(drops).toEqual([]);
    expect(engine.batches.flat().length).toBeGreaterThan(10);
  });

  it('offline: an engine that stays dead does not hold the run for ever', async () => {
    const { clock, stage, drops } = stageOf({ mode: 'offline' }, { answer: () => failure('unreachable') });
    stage.offer(keyframe(0));
    await clock.advance(120_000);
    expect(drops).toEqual(['unreachable']);
    await stage.idle();
  });

  it('offline: offers beyond the room are dropped with a count', () => {
    const { stage, drops } = stageOf({ mode: 'offline', queueCapacity: 1 });
    expect([stage.offer(keyframe(0)), stage.offer(keyframe(1))]).toEqual([true, false]);
    expect(drops).toEqual(['queue-full']);
  });

  it.each([
    ['happy and surprised', 'happily surprised'],
    ['none', 'none'],
  ])('asks a compound question once: %s', async (answer, compound) => {
    const { clock, engine, stage, insights } = stageOf({ tasks: ['compound'] }, { answer: () => said(answer) });
    stage.offer(keyframe(0));
    await clock.advance(1000);
    expect(engine.batches.flat().map(({ promptId }) => promptId)).toEqual(['compound-or-none@1']);
    expect(engine.batches[0]![0]!.form).toMatchObject({ kind: 'choice', choices: expect.arrayContaining(['none']) });
    expect(insights).toEqual([expect.objectContaining({ emotion: null, compound, parsed: 'text' })]);
  });

  it('close() drops what waits, cancels what is in flight, and closes the engine', async () => {
    const { clock, engine, stage, drops } = stageOf({ limiter: { start: 1, max: 1 }, batch: { maxItems: 1 } });
    stage.offer(keyframe(0));
    await clock.advance(1);
    stage.offer(keyframe(1));
    await stage.close();
    expect(drops).toEqual(['shutdown', 'shutdown']);
    expect(engine).toMatchObject({ aborted: 1, closed: true });
    expect(stage.offer(keyframe(2))).toBe(false);
    await stage.close();
  });

  it('fewer requests are in flight after overload, more after successes', async () => {
    const { clock, engine, stage } = stageOf(
      { limiter: { start: 8, cooldownMs: 0 } },
      { answer: () => failure('overloaded') },
    );
    for (let n = 0; n < 8; n++) stage.offer(keyframe(n));
    await clock.advance(1000);
    expect(stage.stats.limit).toBe(1);
    engine.answer = () => said('A cheerful face.');
    for (let n = 8; n < 40; n++) stage.offer(keyframe(n));
    await clock.advance(20_000);
    expect(stage.stats.limit).toBeGreaterThan(4);
  });
});

describe('engines that keep the newest question of a face', () => {
  it('are told whose face it is, and what a newer one overtakes is dropped without a failure', async () => {
    const { clock, engine, stage, drops } = stageOf();
    const faces: unknown[] = [];
    engine.infer = (calls) =>
      calls.map(({ face }, index) => {
        faces.push(face);
        return Promise.resolve(index === 0 ? failure('superseded', false) : said('happy'));
      });
    for (const track of [1, 2]) stage.offer(keyframe(track, { source: 'door', track }));
    await clock.advance(1000);
    expect(faces).toEqual([
      { source: 'door', track: 1 },
      { source: 'door', track: 2 },
    ]);
    expect(drops).toEqual(['superseded']);
    expect(stage.stats).toMatchObject({ insights: 1, lastFailure: null });
  });
});

describe('hostile engines', () => {
  const ROGUES: readonly (readonly [string, () => unknown, MllmDrop])[] = [
    [
      'throws',
      () => {
        throw new Error('boom');
      },
      'malformed',
    ],
    ['rejects', () => [Promise.reject(new Error('boom'))], 'malformed'],
    ['answers nothing', () => [Promise.resolve(undefined)], 'malformed'],
    ['gives no list', () => Promise.resolve([said('x')]), 'malformed'],
    ['answers too few', () => [], 'malformed'],
    ['answers no outcome', () => [Promise.resolve({ kind: 'ok' })], 'malformed'],
    ['never answers, nor heeds cancelling', () => [new Promise(() => undefined)], 'timeout'],
  ];

  it.each(ROGUES)('an engine that %s loses its question and nothing else', async (_, infer, reason) => {
    const { clock, engine, stage, insights, drops } = stageOf({ requestDeadlineMs: 5000 });
    const honest = engine.infer.bind(engine);
    engine.infer = infer as typeof engine.infer;
    stage.offer(keyframe(0));
    await clock.advance(6000);
    expect(drops).toEqual([reason]);
    engine.infer = honest;
    stage.offer(keyframe(1));
    await clock.advance(1000);
    await settled();
    expect(insights).toHaveLength(1);
    expect(stage.stats).toMatchObject({ waiting: 0, inFlight: 0, held: 0 });
  });

  it('keeps what it cannot read, and counts it', async () => {
    const { clock, stage, insights } = stageOf({}, { answer: () => said(`${'x'.repeat(2_000_000)}`) });
    stage.offer(keyframe(0));
    await clock.advance(1000);
    expect(insights[0]).toMatchObject({ parsed: 'unparsable', emotion: null, agreesWithMeasured: null });
    expect(insights[0]!.description!.length).toBeLessThanOrEqual(4000);
    expect(stage.stats.rates.unparsable).toBe(1);
  });
});

describe('MllmStage options', () => {
  it.each([
    [{ tasks: [] }, 'mllm tasks must be at least one, got 0'],
    [{ queueCapacity: 0 }, 'mllm queueCapacity must be at least the number of tasks (1), got 0'],
    [{ limiter: { decrease: 1 } }, 'mllm limiter.decrease must be above 0 and below 1, got 1'],
    [{ requestDeadlineMs: Number.NaN }, 'mllm requestDeadlineMs must be above 0, got NaN'],
  ])('%j', (more, message) => {
    expect(() => stageOf(more)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID', message }));
  });
});
