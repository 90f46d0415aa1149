import { expect, test } from 'vitest';
import type { Sink } from '../../../src/domain/records.js';
import { micros } from '../../../src/domain/units.js';
import { combineSinks } from '../../../src/sinks/combine-sinks.js';
import { episode, faceRecord, summaryOf } from '../../support/record-builders.js';

/** A sink that notes its calls, and fails those named. */
function noting(name: string, calls: string[], fails: readonly string[] = []): Sink {
  const note = (what: string) => {
    calls.push(`${name} ${what}`);
    if (fails.includes(what)) throw new Error(`${name} ${what}`);
  };
  return {
    name,
    records: () => note('records'),
    episode: async () => note('episode'),
    close: async () => note('close'),
  };
}

test('passes everything on in order', async () => {
  const calls: string[] = [];
  const sink = combineSinks([noting('a', calls), noting('b', calls)]);
  await sink.records([faceRecord(0)]);
  await sink.episode(episode());
  await sink.close(summaryOf([]));
  expect(sink.name).toBe('a+b');
  expect(calls).toEqual(['a records', 'b records', 'a episode', 'b episode', 'a close', 'b close']);
});

test('pixels go to those that want them', async () => {
  const calls: string[] = [];
  const drawing: Sink = { ...noting('b', calls), frame: async ({ index }) => void calls.push(`b frame ${index}`) };
  const sink = combineSinks([noting('a', calls), drawing]);
  const frame = { index: 3, ptsUs: micros(0), widthPx: 2, heightPx: 2, data: new Uint8Array(new SharedArrayBuffer(6)) };
  await sink.frame?.(frame, [faceRecord(3)]);
  expect(calls).toEqual(['b frame 3']);
});

test('a failure is thrown at once', async () => {
  const calls: string[] = [];
  const sink = combineSinks([noting('a', calls, ['records', 'episode']), noting('b', calls)]);
  await expect(sink.records([])).rejects.toThrow('a records');
  await expect(sink.episode(episode())).rejects.toThrow('a episode');
});

test('close closes all, and throws the first failure', async () => {
  const calls: string[] = [];
  const sink = combineSinks([noting('a', calls), noting('b', calls, ['close']), noting('c', calls, ['close'])]);
  await expect(sink.close(summaryOf([]))).rejects.toThrow('b close');
  expect(calls).toEqual(['a close', 'b close', 'c close']);
});

test('waits for one sink before the next', async () => {
  const calls: string[] = [];
  const slow: Sink = {
    ...noting('slow', calls),
    records: async () => {
      await Promise.resolve();
      calls.push('slow done');
    },
  };
  await combineSinks([slow, noting('b', calls)]).records([]);
  expect(calls).toEqual(['slow done', 'b records']);
});
