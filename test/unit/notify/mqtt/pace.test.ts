import { expect, it } from 'vitest';
import { Pace } from '../../../../src/notify/mqtt/pace.js';
import { ManualClock } from '../../../support/manual-clock.js';

function pacing() {
  const clock = new ManualClock();
  const sent: string[] = [];
  let made = 0;
  const pace = new Pace(1_000, clock, (topic, payload) => sent.push(`${clock.nowMs()} ${topic} ${payload}`));
  const offer = (topic: string, facts: string, payload = facts): void =>
    pace.offer(topic, () => {
      made++;
      return { facts, payload };
    });
  return { clock, sent, pace, offer, made: () => made };
}

it('tells a change at once, the next when its time has come, and the newest of those between', async () => {
  const { clock, sent, offer, made } = pacing();
  offer('a', '1');
  for (let at = 0; at < 30; at++) offer('a', `between ${at}`);
  offer('b', '1');
  expect(sent).toEqual(['0 a 1', '0 b 1']);
  await clock.advance(3_000);
  expect(sent.slice(2)).toEqual(['1000 a between 29']);
  expect(made()).toBe(3);
});

it('tells no second time what is as it was, and then a change at once', async () => {
  const { clock, sent, offer } = pacing();
  offer('a', 'same', 'at 0');
  await clock.advance(1_500);
  offer('a', 'same', 'at 1500');
  offer('a', 'other');
  expect(sent).toEqual(['0 a at 0', '1500 a other']);
});

it('tells nothing of a topic that was forgotten, and everything anew when it is back', async () => {
  const { clock, sent, pace, offer } = pacing();
  offer('a', '1');
  offer('a', '2');
  pace.forget('a');
  await clock.advance(2_000);
  offer('a', '1');
  expect(sent).toEqual(['0 a 1', '2000 a 1']);
});

it('holds no timer once it is closed', async () => {
  const { clock, sent, pace, offer } = pacing();
  offer('a', '1');
  offer('a', '2');
  pace.close();
  await clock.advance(2_000);
  expect(sent).toEqual(['0 a 1']);
});
