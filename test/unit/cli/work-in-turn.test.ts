import { describe, expect, it } from 'vitest';
import { type Turn, workInTurn } from '../../../src/cli/work-in-turn.js';

/** Works that end when they are told to, and what happened so far. */
function scripted() {
  const told: string[] = [];
  const ends = new Map<string, Turn & { done(): void; fail(error: Error): void }>();
  const prepare = (item: string): number => told.push(`prepare ${item}`);
  const work = (item: string, _index: number, turn: Turn): Promise<void> => {
    told.push(`begin ${item}`);
    void turn.before.then(() => told.push(`tell ${item}`));
    return new Promise((done, fail) => ends.set(item, { ...turn, done, fail }));
  };
  /** Lets whatever follows from the last step happen. */
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return { told, ends, prepare, work, settle };
}

const never = new AbortController().signal;

describe('workInTurn', () => {
  it('prepares the next item when one is near its end, and begins it while that one is finished', async () => {
    const { told, ends, prepare, work, settle } = scripted();
    const all = workInTurn(['a', 'b'], { jobs: 1, signal: never, prepare, work });
    ends.get('a')!.prepareNext();
    await settle();
    expect(told).toEqual(['begin a', 'prepare b', 'tell a']);
    ends.get('a')!.beginNext();
    await settle();
    ends.get('a')!.done();
    await settle();
    ends.get('b')!.done();
    await all;
    expect(told.slice(3)).toEqual(['begin b', 'tell b']);
  });

  it('begins none while the one before the last is being finished', async () => {
    const { told, ends, prepare, work, settle } = scripted();
    const all = workInTurn(['a', 'b', 'c'], { jobs: 1, signal: never, prepare, work });
    ends.get('a')!.beginNext();
    await settle();
    ends.get('b')!.beginNext();
    await settle();
    expect(told).toEqual(['begin a', 'tell a', 'begin b']);
    ends.get('a')!.done();
    await settle();
    expect(told.slice(3)).toEqual(['tell b', 'begin c']);
    for (const item of ['c', 'b']) ends.get(item)!.done();
    await all;
  });

  it('works on several at once, each item once', async () => {
    const { told, ends, prepare, work, settle } = scripted();
    const all = workInTurn(['a', 'b', 'c'], { jobs: 2, signal: never, prepare, work });
    await settle();
    expect(told).toEqual(['begin a', 'begin b', 'tell a', 'tell b']);
    ends.get('b')!.done();
    await settle();
    for (const item of ['a', 'c']) ends.get(item)!.done();
    await all;
    expect(told.slice(4)).toEqual(['begin c', 'tell c']);
  });

  it('neither begins nor prepares anything once the signal has aborted', async () => {
    const { told, ends, prepare, work } = scripted();
    const stop = new AbortController();
    const all = workInTurn(['a', 'b'], { jobs: 1, signal: stop.signal, prepare, work });
    stop.abort();
    ends.get('a')!.prepareNext();
    ends.get('a')!.beginNext();
    ends.get('a')!.done();
    await all;
    expect(told).toEqual(['begin a', 'tell a']);
  });

  it('begins nothing after a failure, and waits for those that were begun before it rejects', async () => {
    const { told, ends, prepare, work, settle } = scripted();
    let ended = false;
    const all = workInTurn(['a', 'b', 'c'], { jobs: 2, signal: never, prepare, work }).finally(() => {
      ended = true;
    });
    ends.get('a')!.fail(new Error('why'));
    await settle();
    expect(ended).toBe(false);
    ends.get('b')!.done();
    await expect(all).rejects.toThrow('why');
    expect(told).not.toContain('begin c');
  });
});
