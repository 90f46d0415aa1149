import { describe, expect, it } from 'vitest';
import { MessageQueue } from '../../../src/client/message-queue.js';
import type { SubscriptionMessage } from '../../../src/client/types.js';

const faces = (source: string, frame: number) => ({ type: 'faces', source, frame }) as unknown as SubscriptionMessage;
const removed = (seq: number): SubscriptionMessage => ({ type: 'removed', source: 'door', seq });
const stats = { type: 'stats' } as SubscriptionMessage;

async function all(queue: MessageQueue): Promise<unknown[]> {
  queue.close();
  const values: unknown[] = [];
  for (let next = await queue.take(); !next.done; next = await queue.take()) values.push(next.value);
  return values;
}

describe('MessageQueue', () => {
  it('keeps order, and of frame-rate messages only the newest of each camera', async () => {
    const queue = new MessageQueue('s1');
    const [a1, a2, b1] = [faces('a', 1), faces('a', 2), faces('b', 1)];
    for (const message of [a1, removed(1), b1, stats, a2, removed(2), stats]) queue.put(message);
    expect(await all(queue)).toEqual([removed(1), b1, a2, removed(2), stats]);
  });

  it('is bounded, and says that something was lost', async () => {
    const queue = new MessageQueue('s1', 3);
    for (let seq = 1; seq <= 5; seq++) queue.put(removed(seq));
    expect(await all(queue)).toEqual([{ type: 'gap', id: 's1' }, removed(3), removed(4), removed(5)]);
  });

  it('hands over to who waits, and ends them', async () => {
    const queue = new MessageQueue('s1');
    const [first, second] = [queue.take(), queue.take()];
    queue.put(removed(1));
    queue.close();
    expect([await first, await second]).toEqual([
      { done: false, value: removed(1) },
      { done: true, value: undefined },
    ]);
    queue.put(removed(2));
    expect((await queue.take()).done).toBe(true);
  });
});
