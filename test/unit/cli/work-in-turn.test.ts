import { describe, expect, it } from 'vitest';
import { workInTurn } from '../../../src/cli/work-in-turn.js';

/** Works that end when they are told to, and what happened so far. */
function scripted() {
  const told: string[] = [];
  const ends = new Map<string, { read(): void; done(): void; fail(error: Error): void }>();
  const prepare = (item: string): number => told.push(`prepare ${item}`);
  const work = (item: string, _index: number, onEnding: () => void): Promise<void> => {
    told.push(`begin ${item}`);
    return new Promise((done, fail) => ends.set(item, { read: onEnding, done, fail }));
  };
  /** Lets whatever follows from the last step happen. */
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return { told, ends, prepare, work, settle };
}

describe('workInTurn', () => {
  it('prepares the next item while one ends, and begins it when that has ended', async () => {
    const { told, ends, prepare, work, settle } = scripted();
    const all = workInTurn(['a', 'b'], { jobs: 1, signal: new AbortController().signal, prepare, work });
    ends.get('a')!.read();
    expect(told).toEqual(['begin a', 'prepare b']);
    ends.get('a')!.done();
    await settle();
    ends.get('b')!.read();
    ends.get('b')!.done();
    await all;
    expect(told).toEqual(['begin a', 'prepare b', 'begin b']);
  });

  it('works on several at once, each item once', async () => {
    const { told, ends, prepare, work, settle } = scripted();
    const all = workInTurn(['a', 'b', 'c'], { jobs: 2, signal: new AbortController().signal, prepare, work });
    expect(told).toEqual(['begin a', 'begin b']);
    ends.get('b')!.done();
    await settle();
    for (const item of ['a', 'c']) ends.get(item)!.done();
    await all;
    expect(told).toEqual(['begin a', 'begin b', 'begin c']);
  });

  it('neither begins nor prepares anything once the signal has aborted', async () => {
    const { told, ends, prepare, work } = scripted();
    const stop = new AbortController();
    const all = workInTurn(['a', 'b'], { jobs: 1, signal: stop.signal, prepare, work });
    stop.abort();
    ends.get('a')!.read();
    ends.get('a')!.done();
    await all;
    expect(told).toEqual(['begin a']);
  });

  it('waits for those that were begun before it rejects', async () => {
    const { ends, prepare, work, settle } = scripted();
    let ended = false;
    const all = workInTurn(['a', 'b'], { jobs: 2, signal: new AbortController().signal, prepare, work }).finally(() => {
      ended = true;
    });
    ends.get('a')!.fail(new Error('why'));
    await settle();
    expect(ended).toBe(false);
    ends.get('b')!.done();
    await expect(all).rejects.toThrow('why');
  });
});
