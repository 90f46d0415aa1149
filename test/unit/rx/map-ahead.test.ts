import { describe, expect, it } from 'vitest';
import { mapAhead } from '../../../src/rx/map-ahead.js';

async function* count(to: number, failAt?: number, onReturn?: () => void) {
  try {
    for (let n = 1; n <= to; n++) {
      if (n === failAt) throw new Error(`source ${n}`);
      yield n;
    }
  } finally {
    onReturn?.();
  }
}

async function collect<T>(source: AsyncIterable<T>): Promise<{ values: T[]; error: unknown }> {
  const values: T[] = [];
  try {
    for await (const value of source) values.push(value);
    return { values, error: undefined };
  } catch (error) {
    return { values, error };
  }
}

describe('mapAhead', () => {
  it('keeps order while works overlap, up to the depth', async () => {
    const release = new Map<number, () => void>();
    let running = 0;
    let most = 0;
    const done = collect(
      mapAhead(
        count(5),
        async (n) => {
          running += 1;
          most = Math.max(most, running);
          // Even items wait for the odd one after them; odd items (and the last) finish at once.
          if (n % 2 === 0 && n < 5) await new Promise<void>((resolve) => release.set(n, resolve));
          release.get(n - 1)?.();
          running -= 1;
          return n * 10;
        },
        { depth: 3 },
      ),
    );
    expect(await done).toEqual({ values: [10, 20, 30, 40, 50], error: undefined });
    expect(most).toBeLessThanOrEqual(3);
    expect(most).toBeGreaterThan(1);
  });

  it('yields what came before an error of the source or of the work', async () => {
    const source = await collect(mapAhead(count(5, 4), async (n) => n, { depth: 3 }));
    expect(source.values).toEqual([1, 2, 3]);
    expect(String(source.error)).toBe('Error: source 4');
    const work = await collect(
      mapAhead(
        count(5),
        async (n) => {
          if (n === 2) throw new Error('work 2');
          return n;
        },
        { depth: 3 },
      ),
    );
    expect(work.values).toEqual([1]);
    expect(String(work.error)).toBe('Error: work 2');
  });

  it('returns the source and discards work in flight when the consumer stops', async () => {
    let returned = false;
    const discarded: number[] = [];
    const source = count(100, undefined, () => {
      returned = true;
    });
    for await (const value of mapAhead(source, async (n) => n, { depth: 3, discard: (n) => discarded.push(n) })) {
      expect(value).toBe(1);
      break;
    }
    expect(returned).toBe(true);
    expect(discarded).toEqual([2, 3, 4]);
  });
});
