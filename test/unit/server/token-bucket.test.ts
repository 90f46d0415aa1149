import { describe, expect, it } from 'vitest';
import { AddressBuckets, TokenBucket } from '../../../src/server/token-bucket.js';

describe('TokenBucket', () => {
  it('allows a burst, then the rate', () => {
    const bucket = new TokenBucket({ perSecond: 10, burst: 3 }, 0);
    const taken = (nowMs: number) => bucket.take(nowMs);
    expect([taken(0), taken(0), taken(0), taken(0)]).toEqual([true, true, true, false]);
    expect([taken(99), taken(100), taken(150), taken(200)]).toEqual([false, true, false, true]);
    expect([taken(60_000), taken(60_000), taken(60_000), taken(60_000)]).toEqual([true, true, true, false]);
  });

  it('charges into debt, and says when to come back', () => {
    const bucket = new TokenBucket({ perSecond: 1, burst: 5 }, 0);
    bucket.charge(0, 7);
    expect(bucket.take(0)).toBe(false);
    expect(bucket.retryAfterSeconds()).toBe(3);
    expect(bucket.take(2900)).toBe(false);
    expect(bucket.take(3001)).toBe(true);
    bucket.charge(3001, 1e9);
    expect(bucket.retryAfterSeconds()).toBe(6);
  });
});

describe('AddressBuckets', () => {
  it('keeps addresses apart and stays bounded', () => {
    const buckets = new AddressBuckets({ perSecond: 1, burst: 1 }, 100);
    expect(buckets.of('a', 0).take(0)).toBe(true);
    expect(buckets.of('a', 0).take(0)).toBe(false);
    expect(buckets.of('b', 0).take(0)).toBe(true);
    for (let number = 0; number < 1000; number++) buckets.of(String(number), 0).take(0);
    expect(buckets.size).toBeLessThanOrEqual(100);
  });
});
