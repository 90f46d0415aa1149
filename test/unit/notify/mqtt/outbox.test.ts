import { describe, expect, it } from 'vitest';
import { Outbox, type Outgoing } from '../../../../src/notify/mqtt/outbox.js';

function outbox(maxEvents = 3) {
  let dropped = 0;
  const box = new Outbox(maxEvents, () => {
    dropped++;
  });
  /** Everything that can be sent now. */
  const handed = (): Outgoing[] => {
    const all: Outgoing[] = [];
    for (let next = box.next(); next; next = box.next()) all.push(next);
    return all;
  };
  return { box, handed, dropped: () => dropped };
}
const texts = (messages: readonly Outgoing[]): string[] => messages.map(({ topic, payload }) => `${topic} ${payload}`);

describe('Outbox', () => {
  it('sends the newest of each topic, and events in order', () => {
    const { box, handed } = outbox();
    box.event('e', '1');
    box.state('a', '1');
    box.state('b', '1');
    box.state('a', '2');
    box.event('e', '2');
    expect(texts(handed())).toEqual(['a 2', 'b 1', 'e 1', 'e 2']);
    expect(handed()).toEqual([]);
  });

  it('sends what changed while it was on its way after that has arrived, never both at once', () => {
    const { box, handed } = outbox();
    box.state('a', '1');
    const [first] = handed();
    box.state('a', '2');
    expect(handed()).toEqual([]);
    box.done(first!);
    expect(texts(handed())).toEqual(['a 2']);
  });

  it('sends everything that counts again on a new connection: states, and events without an answer', () => {
    const { box, handed } = outbox();
    box.state('a', '1');
    box.event('e', '1');
    box.event('e', '2');
    const [state, event] = handed();
    box.done(state!);
    box.done(event!);
    box.restart();
    expect(texts(handed())).toEqual(['a 1', 'e 2']);
    box.done(event!);
    expect(box.waiting).toBe(2);
  });

  it('forgets a topic whose removal arrived', () => {
    const { box, handed } = outbox();
    box.state('a', '1');
    box.state('a', '');
    expect(box.tells('a')).toBe(false);
    box.done(handed()[0]!);
    box.restart();
    expect(box.waiting).toBe(0);
  });

  it('is bounded while nothing can be sent: states by topics, events by number, the oldest go and are counted', () => {
    const { box, handed, dropped } = outbox(3);
    for (let at = 0; at < 10_000; at++) {
      box.state(`topic ${at % 5}`, String(at));
      box.event('e', String(at));
    }
    expect(box.waiting).toBe(5 + 3);
    expect(dropped()).toBe(10_000 - 3);
    expect(texts(handed()).slice(5)).toEqual(['e 9997', 'e 9998', 'e 9999']);
  });
});
