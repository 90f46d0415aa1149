import { describe, expect, it } from 'vitest';
import type { MllmEngine } from '../../src/domain/insight.js';
import { request } from './mllm-builders.js';

/** A world in which an engine adapter can be tried. */
export interface EngineWorld {
  /** An engine whose model answers each question with its last word; `slow` never answers in time. */
  open(kind: 'echo' | 'slow' | 'dead'): Promise<MllmEngine>;
}

const NEVER = new AbortController().signal;

/** What every MllmEngine must do. */
export function describeEngineContract(name: string, world: EngineWorld): void {
  describe(`${name} keeps the contract of MllmEngine`, () => {
    it('gives one outcome per request, in order', async () => {
      const engine = await world.open('echo');
      const words = ['one', 'two', 'three', 'four', 'five'];
      const outcomes = await engine.infer(
        words.map((word) => request({ user: `Say ${word}` })),
        NEVER,
      );
      expect(outcomes.map((outcome) => outcome.kind === 'ok' && outcome.answer.text)).toEqual(words);
      await engine.close();
    });

    it('answers no requests with no outcomes', async () => {
      const engine = await world.open('echo');
      expect(await engine.infer([], NEVER)).toEqual([]);
      await engine.close();
    });

    it('resolves with cancelled outcomes when aborted, before or after the call', async () => {
      const engine = await world.open('slow');
      for (const when of ['before', 'after'] as const) {
        const controller = new AbortController();
        if (when === 'before') controller.abort();
        const pending = engine.infer([request(), request()], controller.signal);
        controller.abort();
        expect(await pending).toEqual([
          expect.objectContaining({ kind: 'failed', reason: 'cancelled', retryable: false }),
          expect.objectContaining({ kind: 'failed', reason: 'cancelled', retryable: false }),
        ]);
      }
      await engine.close();
    });

    it('close() is idempotent and ends what is under way', async () => {
      const engine = await world.open('slow');
      const pending = engine.infer([request()], NEVER);
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
      expect(['SERVER_UNREACHABLE', 'CONFIG_INVALID']).toContain(error?.code);
      expect(error?.message).not.toContain('\n');
      await engine.close();
    });

    it('infer() without an engine behind it resolves with failures', async () => {
      const engine = await world.open('dead');
      expect(await engine.infer([request()], NEVER)).toEqual([
        expect.objectContaining({ kind: 'failed', retryable: true }),
      ]);
      await engine.close();
    });
  });
}
