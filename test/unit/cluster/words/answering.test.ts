import { describe, expect, it } from 'vitest';
import { Answering, type AnsweringOptions } from '../../../../src/cluster/words/answering.js';
import type { EngineOutcome } from '../../../../src/domain/insight.js';
import { ManualClock, settled } from '../../../support/manual-clock.js';
import { CAN_ALL, failure, request, ScriptedEngine, said } from '../../../support/mllm-builders.js';

function world(more: Partial<AnsweringOptions> = {}, tookMs = 100) {
  const clock = new ManualClock();
  const engine = new ScriptedEngine(clock, ({ user }) => said(user), tookMs);
  const batches: number[] = [];
  const loads: [underWay: number, limit: number][] = [];
  const capabilities = { ...CAN_ALL, ownBatches: true };
  const answering = new Answering({
    engine,
    capabilities,
    clock,
    onBatch: (size) => batches.push(size),
    onLoad: (...load) => loads.push(load),
    ...more,
  });
  const outcomes: [string, EngineOutcome][] = [];
  const take = (user: string, givenUp?: AbortSignal, lifeMs = 10_000): void =>
    answering.take({
      request: request({ user }),
      lifeMs,
      takenAtMs: clock.nowMs(),
      ...(givenUp ? { givenUp } : {}),
      settle: (outcome) => outcomes.push([user, outcome]),
    });
  return { clock, engine, answering, outcomes, take, batches, loads };
}

describe('Answering', () => {
  it('asks an engine that makes its own batches as questions come', async () => {
    const { clock, take, batches, outcomes } = world();
    for (const user of ['a', 'b', 'c']) take(user);
    expect(batches).toEqual([1, 1, 1]);
    await clock.advance(100);
    expect(outcomes).toEqual(['a', 'b', 'c'].map((user) => [user, said(user)]));
  });

  it('puts questions together for another, until it is full or the oldest has waited', async () => {
    const { clock, take, batches } = world({
      capabilities: CAN_ALL,
      batch: { maxItems: 3, maxWaitMs: 50 },
      limiter: { start: 8 },
    });
    for (const user of ['a', 'b', 'c', 'd']) take(user);
    expect(batches).toEqual([3]);
    await clock.advance(50);
    expect(batches).toEqual([3, 1]);
  });

  it('has room for as many as the engine bears, which its answers move', async () => {
    const { clock, take, answering, loads } = world({ limiter: { start: 2, max: 3 } });
    expect(answering.room).toBe(2);
    take('a');
    take('b');
    let roomy = false;
    void answering.roomy().then(() => {
      roomy = true;
    });
    await settled();
    expect([answering.room, roomy]).toEqual([0, false]);
    await clock.advance(100);
    expect([answering.room, roomy]).toEqual([2, true]);
    for (let n = 0; n < 4; n++) {
      for (let free = answering.room; free > 0; free--) take('more');
      await clock.advance(100);
    }
    expect(loads.at(-1)).toEqual([0, 3]);
  });

  it('asks less of an engine that has too much', async () => {
    const { clock, engine, take, loads } = world({ limiter: { start: 4 } });
    engine.answer = () => failure('overloaded');
    take('a');
    await clock.advance(100);
    expect(loads).toEqual([
      [0, 4],
      [1, 4],
      [0, 2],
    ]);
  });

  it('gives up a question at the end of its life, counted from when it was taken', async () => {
    const { clock, engine, take, outcomes } = world({ limiter: { max: 1 } }, 400);
    take('first');
    take('second', undefined, 500);
    await clock.advance(500);
    expect(outcomes.map(([user, outcome]) => [user, outcome.kind === 'failed' && outcome.reason])).toEqual([
      ['first', false],
      ['second', 'timeout'],
    ]);
    expect(engine.aborted).toBe(1);
  });

  it('gives up one that nobody waits for, and no other', async () => {
    const { clock, take, outcomes } = world();
    const givenUp = new AbortController();
    take('one', givenUp.signal);
    take('other');
    givenUp.abort();
    await clock.advance(100);
    expect(outcomes).toEqual([
      ['one', expect.objectContaining({ reason: 'cancelled' })],
      ['other', said('other')],
    ]);
  });

  it('ends with all that it has, what waits included, and is idle then', async () => {
    const { answering, take, outcomes, engine } = world({ limiter: { max: 1 } });
    take('under way');
    take('waits');
    answering.end();
    answering.end();
    await answering.idle();
    expect(outcomes.map(([, outcome]) => outcome)).toEqual([
      expect.objectContaining({ reason: 'cancelled' }),
      expect.objectContaining({ reason: 'cancelled' }),
    ]);
    expect(engine.batches).toHaveLength(1);
  });
});
