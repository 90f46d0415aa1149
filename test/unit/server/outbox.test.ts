import { describe, expect, it } from 'vitest';
import { Outbox, type Outgoing } from '../../../src/server/outbox.js';

const LIMITS = { relaxedBytes: 100, hopelessBytes: 1000, hopelessMs: 10_000, maxWaitingMessages: 5 };
const message = (name: string, bytes = 10): Outgoing => ({
  kind: name.split(' ')[0]!,
  // "faces a#2" is the second message of key "faces a"; "episode" has no key.
  key: name.startsWith('episode') ? null : name.split('#')[0]!,
  data: Buffer.alloc(bytes, name),
  binary: false,
  arrivedAtMs: null,
});

interface Step {
  readonly offer?: string;
  readonly bytes?: number;
  readonly buffered: number;
  readonly at?: number;
  readonly sends?: readonly string[];
  readonly drops?: string;
  readonly hopeless?: boolean;
}

/** Runs steps; names of messages are told apart by identity. */
function play(steps: readonly Step[]): Outbox {
  const outbox = new Outbox(LIMITS);
  const names = new Map<Outgoing, string>();
  for (const [index, { offer, bytes, buffered, at = 0, sends = [], drops, hopeless = false }] of steps.entries()) {
    const offered = offer === undefined ? null : message(offer, bytes);
    if (offered) names.set(offered, offer!);
    const decision = offered ? outbox.offer(offered, buffered, at) : outbox.drain(buffered, at);
    expect(
      {
        sends: decision.send.map((sent) => names.get(sent)),
        drops: decision.dropped ? names.get(decision.dropped) : undefined,
        hopeless: decision.hopeless,
      },
      `step ${index + 1}`,
    ).toEqual({ sends, drops, hopeless });
  }
  return outbox;
}

describe('Outbox', () => {
  it.each<[string, readonly Step[]]>([
    [
      'sends everything while the socket holds little',
      [
        { offer: 'faces a#1', buffered: 0, sends: ['faces a#1'] },
        { offer: 'faces a#2', buffered: 99, sends: ['faces a#2'] },
        { offer: 'episode 1', buffered: 50, sends: ['episode 1'] },
      ],
    ],
    [
      'keeps the newest of each source above that, and everything that has no key, in order',
      [
        { offer: 'faces a#1', buffered: 100 },
        { offer: 'episode 1', buffered: 100 },
        { offer: 'faces b#1', buffered: 100 },
        { offer: 'faces a#2', buffered: 100, drops: 'faces a#1' },
        { offer: 'episode 2', buffered: 100 },
        { buffered: 0, sends: ['episode 1', 'episode 2', 'faces b#1', 'faces a#2'] },
        { buffered: 0 },
      ],
    ],
    [
      'does not overtake what waits',
      [
        { offer: 'episode 1', buffered: 100 },
        { offer: 'episode 2', buffered: 0, sends: ['episode 1', 'episode 2'] },
      ],
    ],
    [
      'fills the socket only up to the mark',
      [
        { offer: 'episode 1', bytes: 60, buffered: 100 },
        { offer: 'episode 2', bytes: 60, buffered: 100 },
        { offer: 'episode 3', bytes: 60, buffered: 100 },
        { buffered: 10, sends: ['episode 1', 'episode 2'] },
        { buffered: 99, sends: ['episode 3'] },
      ],
    ],
    [
      'gives up above so many bytes in socket and outbox',
      [
        { offer: 'episode 1', bytes: 500, buffered: 400 },
        { offer: 'episode 2', bytes: 100, buffered: 400 },
        { offer: 'episode 3', bytes: 1, buffered: 400, hopeless: true },
      ],
    ],
    [
      'gives up when too many wait that must not be dropped',
      [
        ...[1, 2, 3, 4, 5].map((number) => ({ offer: `episode ${number}`, bytes: 1, buffered: 100 })),
        { offer: 'episode 6', bytes: 1, buffered: 100, hopeless: true },
      ],
    ],
    [
      'gives up after so long behind, also when nothing new comes',
      [
        { offer: 'faces a#1', buffered: 100, at: 0 },
        { buffered: 100, at: 10_000 },
        { buffered: 100, at: 10_001, hopeless: true },
      ],
    ],
    [
      'starts to count anew after it caught up',
      [
        { offer: 'faces a#1', buffered: 100, at: 0 },
        { buffered: 0, at: 9000, sends: ['faces a#1'] },
        { offer: 'faces a#2', buffered: 100, at: 12_000 },
        { buffered: 100, at: 20_000 },
      ],
    ],
  ])('%s', (_, steps) => {
    play(steps);
  });

  it('counts what waits, and never holds more than one message of a key', () => {
    const outbox = new Outbox(LIMITS);
    for (let number = 0; number < 1000; number++) outbox.offer(message(`faces a#${number}`, 20), 500, 0);
    expect(outbox).toMatchObject({ waiting: 1, waitingBytes: 20 });
    outbox.drain(0, 0);
    expect(outbox).toMatchObject({ waiting: 0, waitingBytes: 0 });
  });
});
