import { expect, test } from 'vitest';
import { micros } from '../../../src/domain/units.js';
import { FramePool } from '../../../src/source/frame-pool.js';

const frame = { index: 0, ptsUs: micros(0) };
const pool = (slots: number) => new FramePool({ slots, widthPx: 5, heightPx: 3 });

test('slots are as big as a frame, in shared memory of their own', () => {
  const frames = pool(2);
  const [one, two] = [frames.tryAcquire(), frames.tryAcquire()];
  expect(one?.data.length).toBe(5 * 3 + 2 * 3 * 2);
  expect(one?.data.buffer).toBeInstanceOf(SharedArrayBuffer);
  expect(one?.data.buffer).not.toBe(two?.data.buffer);
  expect(frames.tryAcquire()).toBeUndefined();
});

test('who waits gets the released slots in order', async () => {
  const frames = pool(1);
  const lease = frames.tryAcquire()!.lend(frame);
  const order: string[] = [];
  const first = frames.acquire().then((slot) => {
    order.push('first');
    return slot!;
  });
  const second = frames.acquire().then((slot) => {
    order.push('second');
    return slot!;
  });
  lease.release();
  (await first).putBack();
  (await second).putBack();
  expect(order).toEqual(['first', 'second']);
  expect(frames.freeSlots).toBe(1);
});

test('a slot is given back once only', () => {
  const frames = pool(1);
  const slot = frames.tryAcquire()!;
  const lease = slot.lend(frame);
  expect(() => slot.lend(frame)).toThrow(/lent while lent/);
  expect(() => slot.putBack()).toThrow(/released while lent/);
  lease.release();
  expect(() => lease.release()).toThrow(/released while free/);
  expect(frames.freeSlots).toBe(1);
});

test('closing wakes those who wait; leases stay valid', async () => {
  const frames = pool(1);
  const lease = frames.tryAcquire()!.lend(frame);
  const waiting = frames.acquire();
  frames.close();
  expect(await waiting).toBeUndefined();
  expect(await frames.acquire()).toBeUndefined();
  lease.release();
  expect(frames.freeSlots).toBe(1);
  expect(frames.tryAcquire()).toBeUndefined();
});

test.each([0, -1, 1.5, Number.NaN])('%s slots are refused', (slots) => {
  expect(() => pool(slots)).toThrow(/slots must be a whole number/);
});
