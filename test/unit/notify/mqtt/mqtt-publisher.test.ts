import { afterEach, describe, expect, it } from 'vitest';
import type { LinkOptions, MqttLink } from '../../../../src/notify/mqtt/mqtt-link.js';
import { MqttPublisher, type MqttPublisherOptions } from '../../../../src/notify/mqtt/mqtt-publisher.js';
import { ManualClock, settled } from '../../../support/manual-clock.js';

interface Sent {
  readonly topic: string;
  readonly payload: string;
  readonly qos: number;
  readonly retain: boolean;
}

/** A connection whose end a test decides on. */
interface FakeLink extends MqttLink {
  readonly sent: Sent[];
  readonly unanswered: (() => void)[];
  readonly subscribed: string[];
  readonly found: LinkOptions['onMessage'];
  lose(why: string): void;
}

const publishers: MqttPublisher[] = [];
const clocks: ManualClock[] = [];
afterEach(async () => {
  for (const [at, publisher] of publishers.splice(0).entries()) {
    const closed = publisher.close();
    await clocks[at]!.advance(10_000);
    await closed;
  }
  clocks.splice(0);
});

/** @param answers - the broker answers at once; otherwise when a test says so */
function publishing({
  reachable = true,
  answers = true,
  ...more
}: Partial<MqttPublisherOptions> & { reachable?: boolean; answers?: boolean } = {}) {
  const clock = new ManualClock();
  const broker = { reachable, answers };
  const links: FakeLink[] = [];
  const log: string[] = [];
  const told = { outcomes: [] as string[], waiting: 0, connected: [] as boolean[] };
  const open = ({ onMessage }: Pick<LinkOptions, 'onMessage'>): FakeLink => {
    let close: (why: string) => void = () => undefined;
    const closed = new Promise<string>((resolve) => {
      close = resolve;
    });
    const link: FakeLink = {
      closed,
      sent: [],
      unanswered: [],
      subscribed: [],
      found: onMessage,
      publish(message, done) {
        this.sent.push(message);
        if (broker.answers) done();
        else this.unanswered.push(done);
      },
      async subscribe(filters) {
        this.subscribed.push(...filters);
      },
      async unsubscribe(filters) {
        this.subscribed.splice(
          0,
          Number.POSITIVE_INFINITY,
          ...this.subscribed.filter((each) => !filters.includes(each)),
        );
      },
      end: async () => close('ended'),
      lose: close,
    };
    links.push(link);
    return link;
  };
  const publisher = new MqttPublisher({
    url: 'mqtt://broker.invalid',
    statusTopic: 'mien/status',
    qos: 0,
    retain: true,
    isKept: (topic) => topic === 'mien/status' || topic.startsWith('homeassistant/'),
    maxWaiting: 5,
    leftovers: { discovery: ['homeassistant/+/mien/+/config'], states: ['mien/+/faces'] },
    connect: async (options) => {
      if (broker.reachable) return open(options);
      throw Object.assign(new Error('no'), { code: 'ECONNREFUSED' });
    },
    clock,
    random: () => 1,
    onConnected: (connected) => told.connected.push(connected),
    onOutcome: (outcome) => told.outcomes.push(outcome),
    onWaiting: (waiting) => {
      told.waiting = waiting;
    },
    warn: (line) => log.push(line),
    info: (line) => log.push(line),
    ...more,
  });
  publishers.push(publisher);
  clocks.push(clock);
  return { publisher, clock, broker, links, log, told };
}
const texts = (sent: readonly Sent[]): string[] => sent.map(({ topic, payload }) => `${topic} ${payload}`);

describe('MqttPublisher', () => {
  it('says that it is there, keeps states and not events, and status and discovery whatever is asked for', async () => {
    const { publisher, links } = publishing({ retain: false });
    await settled();
    publisher.state('mien/desk/faces', '1');
    publisher.state('homeassistant/sensor/mien/a/config', '{}');
    publisher.event('mien/rules', 'r');
    expect(links[0]!.sent).toEqual([
      { topic: 'mien/status', payload: 'online', qos: 1, retain: true },
      { topic: 'mien/desk/faces', payload: '1', qos: 0, retain: false },
      { topic: 'homeassistant/sensor/mien/a/config', payload: '{}', qos: 1, retain: true },
      { topic: 'mien/rules', payload: 'r', qos: 0, retain: false },
    ]);
    publisher.state('mien/desk/faces', '');
    expect(links[0]!.sent.at(-1)).toMatchObject({ payload: '', retain: true });
  });

  it('waits for a broker that is away with growing pauses, one line, and bounded memory; then states are back', async () => {
    const { publisher, clock, broker, links, log, told } = publishing({ reachable: false });
    for (let at = 0; at < 1_000; at++) {
      publisher.state('mien/desk/faces', String(at));
      publisher.event('mien/episodes', String(at));
    }
    expect(told.waiting).toBe(2 + 5);
    await clock.advance(1_000 + 2_000 + 4_000);
    expect(told.outcomes.filter((outcome) => outcome === 'failed')).toHaveLength(4);
    expect(told.outcomes.filter((outcome) => outcome === 'dropped')).toHaveLength(995);
    expect(log).toEqual([
      'mqtt: more than 5 episodes and firings wait for the broker; the oldest are dropped',
      'mqtt: mqtt://broker.invalid: connection refused; it is tried again until the broker is back',
    ]);
    broker.reachable = true;
    await clock.advance(8_000);
    expect(texts(links[0]!.sent)).toEqual([
      'mien/status online',
      'mien/desk/faces 999',
      ...[995, 996, 997, 998, 999].map((at) => `mien/episodes ${at}`),
    ]);
    expect(log.slice(2)).toEqual(['mqtt: connected to mqtt://broker.invalid again']);
    expect(told).toMatchObject({ waiting: 0, connected: [false, true] });
  });

  it('tells everything again that had no answer when the connection was lost', async () => {
    const { publisher, clock, broker, links, told } = publishing({ answers: false });
    await settled();
    publisher.state('mien/desk/faces', '1');
    publisher.event('mien/rules', '1');
    publisher.event('mien/rules', '2');
    const [online, , first] = links[0]!.unanswered;
    online!();
    first!();
    broker.answers = true;
    links[0]!.lose('the connection was closed');
    await clock.advance(1_000);
    expect(texts(links[1]!.sent)).toEqual(['mien/status online', 'mien/desk/faces 1', 'mien/rules 2']);
    for (const late of links[0]!.unanswered) late();
    expect(told).toMatchObject({ waiting: 0, connected: [false, true, false, true] });
  });

  it('has few messages on the way at once, and no end of them in one turn', async () => {
    const slow = publishing({ answers: false, maxWaiting: 10_000 });
    const fast = publishing({ reachable: false, maxWaiting: 10_000 });
    await settled();
    for (let at = 0; at < 10_000; at++) {
      slow.publisher.event('e', String(at));
      fast.publisher.event('e', String(at));
    }
    expect(slow.links[0]!.sent).toHaveLength(16);
    fast.broker.reachable = true;
    await fast.clock.advance(1_000);
    expect(fast.links[0]!.sent).toHaveLength(10_001);
  });

  it('removes what the broker keeps of what is no more, once all is told, and nothing that is told', async () => {
    const { publisher, links } = publishing();
    await settled();
    publisher.state('mien/desk/faces', '1');
    expect(links[0]!.subscribed).toEqual([]);
    publisher.settle();
    const { found, sent, subscribed } = links[0]!;
    expect(subscribed).toEqual(['homeassistant/+/mien/+/config', 'mien/+/faces']);
    const before = sent.length;
    found('mien/attic/faces', '2', true);
    found('mien/desk/faces', '1', true);
    found('mien/cellar/faces', '', true);
    found('mien/garden/faces', '3', false);
    expect(texts(sent.slice(before))).toEqual(['mien/attic/faces ']);
    await settled();
    expect(subscribed).toEqual(['homeassistant/+/mien/+/config']);
  });

  it('says offline last and takes leave; what comes later is not told', async () => {
    const { publisher, links } = publishing();
    await settled();
    publisher.event('mien/rules', '1');
    await publisher.close();
    publisher.event('mien/rules', '2');
    publisher.state('mien/desk/faces', '2');
    expect(texts(links[0]!.sent)).toEqual(['mien/status online', 'mien/rules 1', 'mien/status offline']);
  });

  it('ends a connection that is made while it leaves', async () => {
    let made: (link: MqttLink) => void = () => undefined;
    const connect = (): Promise<MqttLink> =>
      new Promise((resolve) => {
        made = resolve;
      });
    const { publisher } = publishing({ connect });
    const closed = publisher.close();
    const link = publishing().links;
    await settled();
    made(link[0]!);
    await closed;
    expect(await link[0]!.closed).toBe('ended');
  });

  it.each([
    ['does not answer', { answers: false }],
    ['is away', { reachable: false }],
  ])('leaves in time when the broker %s', async (_, options) => {
    const { publisher, clock } = publishing(options);
    await settled();
    publisher.event('mien/rules', '1');
    let closed = false;
    void publisher.close().then(() => {
      closed = true;
    });
    await clock.advance(1_500);
    expect(closed).toBe(true);
  });
});
