import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { FacePipeline } from '../../../src/pipeline/face-pipeline.js';
import { readFrames } from '../../../src/recording/read-frames.js';
import { countedSource, countingPipeline } from '../../support/counted-frames.js';

const never = new AbortController().signal;

/** Everything that is going to happen without being asked for has happened. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await setImmediate();
}

describe('readFrames', () => {
  it('reads no further ahead than its depth, however long a frame is kept', async () => {
    const source = countedSource(40);
    const located: number[] = [];
    let taken = 0;
    for await (const { frame } of readFrames({
      source,
      pipeline: countingPipeline(located),
      signal: never,
      depth: 3,
    })) {
      await settled();
      expect(frame.index).toBe(taken++);
      // The one that is kept, and three that are begun.
      expect(source.open.size).toBeLessThanOrEqual(4);
      expect(located.length).toBeLessThanOrEqual(taken + 3);
    }
    expect(taken).toBe(40);
    expect(source.open.size).toBe(0);
  });

  it.each(['break', 'throw'])('stops its source and gives every frame back when the loop is left: %s', async (how) => {
    const source = countedSource(40);
    const loop = async (): Promise<void> => {
      for await (const { frame } of readFrames({ source, pipeline: countingPipeline(), signal: never })) {
        if (frame.index < 5) continue;
        if (how === 'break') break;
        throw new Error('of the loop');
      }
    };
    const error: unknown = await loop().catch((caught: unknown) => caught);
    expect(error).toEqual(how === 'break' ? undefined : new Error('of the loop'));
    expect(source.open.size).toBe(0);
    expect(source.returned).toBe(1);
  });

  it('stops a source that has nothing to give when the loop is left', async () => {
    const source = countedSource(40, { silentAfter: 4 });
    for await (const { frame } of readFrames({ source, pipeline: countingPipeline(), signal: never }))
      if (frame.index === 2) break;
    expect(source.open.size).toBe(0);
    expect(source.returned).toBe(1);
  });

  it.each(['locate', 'read', 'advance'] as const)('gives every frame back when %s fails', async (step) => {
    const source = countedSource(40);
    let calls = 0;
    const pipeline = countingPipeline();
    const failing: FacePipeline = {
      ...pipeline,
      [step]: (...args: Parameters<FacePipeline['read']>) => {
        if (++calls === 6) throw new Error(`${step} fails`);
        return (pipeline[step] as (...args: unknown[]) => unknown)(...args);
      },
    };
    const read: number[] = [];
    const loop = async (): Promise<void> => {
      for await (const { frame } of readFrames({ source, pipeline: failing, signal: never })) read.push(frame.index);
    };
    await expect(loop()).rejects.toThrow(`${step} fails`);
    expect(read).toEqual([0, 1, 2, 3, 4]);
    expect(source.open.size).toBe(0);
  });
});
