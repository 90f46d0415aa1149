import { describe, expect, it } from 'vitest';
import type { EngineOutcome, EngineRequest, MllmEngine } from '../../src/domain/insight.js';
import { request } from './mllm-builders.js';

/** A world in which an engine adapter can be tried. */
export interface EngineWorld {
  /** An engine whose model answers each question with its last word; `slow` never answers in time. */
  open(kind: 'echo' | 'slow' | 'dead'): Promise<MllmEngine>;
}

const NEVER = new AbortController().signal;

/** What came of requests that are put together and never given up. */
export function inferAll(
  engine: Pick<MllmEngine, 'infer'>,
  requests: readonly EngineRequest[],
  signal: AbortSignal = NEVER,
): Promise<EngineOutcome[]> {
  return Promise.all(engine.infer(requests.map((each) => ({ request: each, signal }))));
}

/** What every MllmEngine must do. */
export function describeEngineContract(name: string, world: EngineWorld): void {
  describe(`${name} keeps the contract of MllmEngine`, () => {
    it('gives one outcome per request, in order', async () => {
      const engine = await world.open('echo');
      const words = ['one', 'two', 'three', 'four', 'five'];
      const outcomes = await inferAll(
        engine,
        words.map((word) => request({ user: `Say ${word}` })),
      );
      expect(outcomes.map((outcome) => outcome.kind === 'ok' && outcome.answer.text)).toEqual(words);
      await engine.close();
    });

    it('answers no requests with no outcomes', async () => {
      const engine = await world.open('echo');
      expect(engine.infer([])).toEqual([]);
      await engine.close();
    });

    it('resolves with cancelled outcomes when aborted, before or after the call', async () => {
      const engine = await world.open('slow');
      for (const when of ['before', 'after'] as const) {
        const controller = new AbortController();
        if (when === 'before') controller.abort();
        const pending = inferAll(engine, [request(), request()], controller.signal);
        controller.abort();
        expect(await pending).toEqual([
          expect.objectContaining({ kind: 'failed', reason: 'cancelled', retryable: false }),
          expect.objectContaining({ kind: 'failed', reason: 'cancelled', retryable: false }),
        ]);
      }
      await engine.close();
    });

    it('ends one question alone when that alone is given up', async () => {
      const engine = await world.open('slow');
      const [first, second] = [new AbortController(), new AbortController()];
      const [one, other] = engine.infer([
        { request: request(), signal: first.signal },
        { request: request(), signal: second.signal },
      ]);
      first.abort();
      expect(await one).toMatchObject({ reason: 'cancelled' });
      expect(await Promise.race([other, Promise.resolve('still asked')])).toBe('still asked');
      second.abort();
      expect(await other).toMatchObject({ reason: 'cancelled' });
      await engine.close();
    });

    it('close() is idempotent and ends what is under way', async () => {
      const engine = await world.open('slow');
      const pending = inferAll(engine, [request()]);
      await engine.close();
      await engine.close();
      expect(await pending).toEqual([expect.objectContaining({ kind: 'failed', reason: 'cancelled' })]);
    });

    it('probe() of what is not there throws one line with a code', async () => {
      const engine = await world.open('dead');
      const error = await engine.probe(NEVER).then(
        () => null,
        (caught: Error & { code: string }) => caught,
      );
      expect(['SERVER_UNREACHABLE', 'CONFIG_INVALID', 'MODEL_INVALID']).toContain(error?.code);
      expect(error?.message).not.toContain('\n');
      await engine.close();
    });

    it('infer() without an engine behind it resolves with failures', async () => {
      const engine = await world.open('dead');
      expect(await inferAll(engine, [request()])).toEqual([
        expect.objectContaining({ kind: 'failed', retryable: true }),
      ]);
      await engine.close();
    });
  });
}
