import { describe, expect, it } from 'vitest';
import { TransformersEngine } from '../../../src/mllm/transformers-engine.js';
import { inferAll } from '../../support/engine-contract.js';
import { FakeEngineWorker } from '../../support/fake-engine-worker.js';
import { request } from '../../support/mllm-builders.js';

const NEVER = new AbortController().signal;

function engineOf(kind: FakeEngineWorker['kind']) {
  const workers: FakeEngineWorker[] = [];
  const startWorker = () => {
    const worker = new FakeEngineWorker(kind);
    workers.push(worker);
    return worker;
  };
  return { engine: new TransformersEngine({ id: 'local', model: 'tiny', startWorker }), workers };
}

describe('TransformersEngine', () => {
  it.each([
    [
      'no-package',
      'mllm engine "local": the package @huggingface/transformers is not installed; run `npm install @huggingface/transformers@4`',
    ],
    ['no-model', 'mllm engine "local": the model "tiny" does not load as fp32 on cpu'],
  ] as const)('%s: probe() names the fix, also the second time', async (kind, message) => {
    const { engine, workers } = engineOf(kind);
    for (let n = 0; n < 2; n++) {
      await expect(engine.probe(NEVER)).rejects.toMatchObject({ code: 'CONFIG_INVALID', message });
      workers[0]!.emit('exit', 0);
    }
    expect(workers).toHaveLength(1);
  });

  it('sends a batch as one job, with the first picture of each question', async () => {
    const { engine, workers } = engineOf('echo');
    const jpeg = Uint8Array.of(7);
    await inferAll(engine, [
      request({ images: [jpeg, Uint8Array.of(8)], prefill: '<answer>' }),
      request({ images: [] }),
    ]);
    expect(workers[0]!.received).toEqual([
      {
        type: 'run',
        job: 1,
        questions: [
          { system: 'Be brief.', user: 'Which emotion is this?', jpeg, prefill: '<answer>', maxTokens: 16 },
          { system: 'Be brief.', user: 'Which emotion is this?', jpeg: null, prefill: '', maxTokens: 16 },
        ],
      },
    ]);
  });

  it('tells the worker to stop a batch that is aborted', async () => {
    const { engine, workers } = engineOf('slow');
    await engine.probe(NEVER);
    const controller = new AbortController();
    const pending = inferAll(engine, [request()], controller.signal);
    await Promise.resolve();
    await Promise.resolve();
    controller.abort();
    expect(await pending).toMatchObject([{ reason: 'cancelled' }]);
    expect(workers[0]!.received.at(-1)).toEqual({ type: 'cancel', job: 1 });
  });

  it('a thread that dies fails what is under way; it is not started again', async () => {
    const { engine, workers } = engineOf('slow');
    await engine.probe(NEVER);
    const pending = inferAll(engine, [request()]);
    await Promise.resolve();
    await Promise.resolve();
    workers[0]!.emit('exit', 134);
    expect(await pending).toMatchObject([{ reason: 'unreachable', retryable: true }]);
    expect(await inferAll(engine, [request()])).toMatchObject([{ reason: 'unreachable' }]);
    expect(workers).toHaveLength(1);
  });
});
