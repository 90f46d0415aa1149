import { Observable, of, Subject, throwError } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, test } from 'vitest';
import { latestMap } from '../../../src/rx/latest-map.js';

const settle = () => new Promise((resolve) => setImmediate(resolve));

function setUp(options: { concurrency?: number } = {}) {
  const source = new Subject<string>();
  const finish = new Map<string, { done: () => Promise<unknown>; fail: (error: Error) => Promise<unknown> }>();
  const signals: AbortSignal[] = [];
  const log: string[] = [];
  const subscription = source
    .pipe(
      latestMap<string, string>(
        (value, signal) =>
          new Promise((resolve, reject) => {
            log.push(`start ${value}`);
            signals.push(signal);
            finish.set(value, {
              done: () => {
                resolve(value.toUpperCase());
                return settle();
              },
              fail: (error) => {
                reject(error);
                return settle();
              },
            });
          }),
        { ...options, onDrop: (value, reason) => log.push(`${reason} ${value}`) },
      ),
    )
    .subscribe({
      next: (value) => log.push(`next ${value}`),
      error: (error: Error) => log.push(`error ${error.message}`),
      complete: () => log.push('complete'),
    });
  return { source, finish, signals, log, subscription };
}

test('one works, the newest waits, older ones are superseded', async () => {
  const { source, finish, log } = setUp();
  for (const value of ['a', 'b', 'c', 'd']) source.next(value);
  await finish.get('a')!.done();
  await finish.get('d')!.done();
  expect(log).toEqual(['start a', 'superseded b', 'superseded c', 'next A', 'start d', 'next D']);
});

test('as many at once as allowed, results as they come', async () => {
  const { source, finish, log } = setUp({ concurrency: 2 });
  for (const value of ['a', 'b', 'c', 'd']) source.next(value);
  await finish.get('b')!.done();
  await finish.get('d')!.done();
  await finish.get('a')!.done();
  expect(log).toEqual(['start a', 'start b', 'superseded c', 'next B', 'start d', 'next D', 'next A']);
});

test('completion waits for the work in flight and for the one that waits', async () => {
  const { source, finish, log } = setUp();
  source.next('a');
  source.next('b');
  source.complete();
  await finish.get('a')!.done();
  expect(log).not.toContain('complete');
  await finish.get('b')!.done();
  expect(log.slice(-2)).toEqual(['next B', 'complete']);
});

test('unsubscribing aborts, reports the waiting one, and starts nothing more', async () => {
  const { source, finish, log, subscription, signals } = setUp();
  source.next('a');
  source.next('b');
  subscription.unsubscribe();
  expect(signals[0]!.aborted).toBe(true);
  expect(source.observed).toBe(false);
  await finish.get('a')!.done();
  expect(log).toEqual(['start a', 'shutdown b']);
});

describe('errors', () => {
  test('of the work', async () => {
    const { source, finish, log } = setUp();
    source.next('a');
    source.next('b');
    await finish.get('a')!.fail(new Error('broken'));
    expect(log).toEqual(['start a', 'error broken', 'shutdown b']);
    expect(source.observed).toBe(false);
  });
  test('of the source, while one waits', async () => {
    const { source, finish, log, signals } = setUp();
    source.next('a');
    source.next('b');
    source.error(new Error('source'));
    await finish.get('a')!.done();
    expect(log).toEqual(['start a', 'error source', 'shutdown b']);
    expect(signals[0]!.aborted).toBe(true);
  });
  test('thrown by project, and by onDrop', async () => {
    const thrown = await new Promise((resolve) =>
      of(1)
        .pipe(
          latestMap(() => {
            throw new Error('at once');
          }),
        )
        .subscribe({ error: resolve }),
    );
    expect(thrown).toMatchObject({ message: 'at once' });
    const dropped = new Promise((resolve) =>
      of(1, 2, 3)
        .pipe(
          latestMap(() => new Promise(() => {}), {
            onDrop: (_value, reason) => {
              if (reason === 'superseded') throw new Error('in onDrop');
            },
          }),
        )
        .subscribe({ error: resolve }),
    );
    expect(await dropped).toMatchObject({ message: 'in onDrop' });
  });
  test('marbles: errors, completion and the subscription of the source', () => {
    new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(
      ({ cold, expectObservable, expectSubscriptions }) => {
        const never = latestMap(() => new Promise<string>(() => {}));
        const failing = cold(' --a--b--#');
        expectObservable(failing.pipe(never)).toBe('--------#');
        expectSubscriptions(failing.subscriptions).toBe('^-------!');
        const empty = cold('  ---|');
        expectObservable(empty.pipe(never)).toBe('---|');
        const endless = cold('--a-b-c-');
        expectObservable(endless.pipe(never), '-----!').toBe('------');
        expectSubscriptions(endless.subscriptions).toBe('^----!');
      },
    );
    throwError(() => new Error('x'))
      .pipe(latestMap(async () => 1))
      .subscribe({ error: (error: Error) => expect(error.message).toBe('x') });
  });
});

test('every value is worked on or dropped, once: a source that emits all at once', async () => {
  const seen: number[] = [];
  const dropped: number[] = [];
  await new Promise<void>((resolve) => {
    new Observable<number>((subscriber) => {
      for (let n = 0; n < 100; n++) subscriber.next(n);
      subscriber.complete();
    })
      .pipe(latestMap(async (n) => n, { concurrency: 3, onDrop: (n) => dropped.push(n) }))
      .subscribe({ next: (n) => seen.push(n), complete: resolve });
  });
  expect(seen).toEqual([0, 1, 2, 99]);
  expect([...seen, ...dropped].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, n) => n));
});

test.each([0, 1.5, -1, Number.NaN])('concurrency %d is refused', (concurrency) => {
  expect(() => latestMap(async () => 1, { concurrency })).toThrow(RangeError);
});
