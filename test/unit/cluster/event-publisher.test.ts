import { beforeEach, describe, expect, it } from 'vitest';
import { EventPublisher, endsOf, type PublisherOptions } from '../../../src/cluster/event-publisher.js';
import type { Told } from '../../../src/cluster/wire.js';
import { micros } from '../../../src/domain/units.js';
import { cameraState } from '../../support/camera-state.js';
import { insightOf } from '../../support/insight-builder.js';
import { ManualClock, settled } from '../../support/manual-clock.js';
import { MemoryEvents } from '../../support/memory-events.js';
import { episode } from '../../support/record-builders.js';
import { firingOf } from '../../support/rule-builders.js';

/** Time between two tries. */
const RETRY_MS = 250;

const attempt = (attempts: number): Told => ({ type: 'state', state: cameraState('door', { attempts }) });
const attemptOf = (event: Told): number | string => (event.type === 'state' ? event.state.attempts : event.type);

describe('EventPublisher', () => {
  let bus: MemoryEvents;
  let clock: ManualClock;
  let log: string[];
  beforeEach(() => {
    bus = new MemoryEvents();
    clock = new ManualClock();
    log = [];
  });

  const publisherOf = (more: Partial<PublisherOptions> = {}): EventPublisher =>
    new EventPublisher({
      camera: 'door',
      bus,
      begin: async () => ({ after: await bus.newest('door'), events: [] }),
      isMine: async () => true,
      clock,
      logger: { warn: (line) => void log.push(line) },
      ...more,
    });
  const taken = (): (number | string)[] => bus.taken.map(({ event }) => attemptOf(event));

  it('tells in order, each once', async () => {
    const publisher = publisherOf();
    for (const at of [1, 2, 3]) publisher.tell(attempt(at));
    await settled();
    publisher.tell(attempt(4));
    await settled();
    expect(taken()).toEqual([1, 2, 3, 4]);
    expect(new Set(bus.sent).size).toBe(4);
    expect(publisher).toMatchObject({ waiting: 0, fenced: false });
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'what is told %s turns after the one before was sent is sent, too',
    async (turns) => {
      const publisher = publisherOf();
      bus.onAppend = () => {
        bus.onAppend = () => undefined;
        let late = Promise.resolve();
        for (let turn = 0; turn < turns; turn++) late = late.then(() => undefined);
        void late.then(() => publisher.tell(attempt(2)));
      };
      publisher.tell(attempt(1));
      await settled();
      await settled();
      expect(taken()).toEqual([1, 2]);
    },
  );

  it('goes on above what others told of the camera before', async () => {
    bus.tell(attempt(0));
    publisherOf().tell(attempt(1));
    await settled();
    expect(taken()).toEqual([0, 1]);
  });

  it('while the bus is away it waits and tries again, and then tells all in order', async () => {
    const publisher = publisherOf();
    publisher.tell(attempt(1));
    await settled();
    bus.away = true;
    for (const at of [2, 3]) publisher.tell(attempt(at));
    await clock.advance(10 * RETRY_MS);
    expect([taken(), publisher.waiting]).toEqual([[1], 2]);
    bus.away = false;
    publisher.tell(attempt(4));
    await clock.advance(RETRY_MS);
    expect([taken(), publisher.waiting]).toEqual([[1, 2, 3, 4], 0]);
  });

  it('an event whose answer is lost is sent again under the same id, and is there once', async () => {
    const publisher = publisherOf();
    bus.answersLost = 2;
    for (const at of [1, 2]) publisher.tell(attempt(at));
    await clock.advance(3 * RETRY_MS);
    expect(taken()).toEqual([1, 2]);
    const [first, again, third, second] = bus.sent;
    expect([again, third]).toEqual([first, first]);
    expect(second).not.toBe(first);
  });

  it('another holder of the same camera, before or after, has other ids', async () => {
    for (let holding = 0; holding < 2; holding++) {
      publisherOf().tell(attempt(holding));
      await settled();
    }
    expect(taken()).toEqual([0, 1]);
  });

  it('tells nothing more once another holder has told something', async () => {
    const publisher = publisherOf({ isMine: async () => false });
    publisher.tell(attempt(1));
    await settled();
    bus.tell(attempt(90));
    for (const at of [2, 3]) publisher.tell(attempt(at));
    await settled();
    publisher.tell(attempt(4));
    await clock.advance(10 * RETRY_MS);
    expect(taken()).toEqual([1, 90]);
    expect(publisher).toMatchObject({ waiting: 0, fenced: true });
    expect(log).toEqual(['camera door: another machine tells of it now; 2 events are not told']);
  });

  it('nor when the answer to its last event was lost before', async () => {
    const publisher = publisherOf({ isMine: async () => false });
    bus.answersLost = 1;
    publisher.tell(attempt(1));
    await settled();
    bus.tell(attempt(90));
    publisher.tell(attempt(2));
    await clock.advance(10 * RETRY_MS);
    expect(taken()).toEqual([1, 90]);
    expect(publisher.fenced).toBe(true);
  });

  it('while it cannot know whose the camera is, it waits; then it goes on, or not', async () => {
    let mine: boolean | null = null;
    const publisher = publisherOf({
      isMine: async () => {
        if (mine === null) throw new Error('timeout');
        return mine;
      },
    });
    publisher.tell(attempt(1));
    await settled();
    bus.tell(attempt(90));
    publisher.tell(attempt(2));
    await clock.advance(10 * RETRY_MS);
    expect([taken(), publisher.fenced]).toEqual([[1, 90], false]);
    mine = true;
    await clock.advance(RETRY_MS);
    expect(taken()).toEqual([1, 90, 2]);
    mine = false;
    bus.tell(attempt(91));
    publisher.tell(attempt(3));
    await clock.advance(RETRY_MS);
    expect([taken(), publisher.fenced]).toEqual([[1, 90, 2, 91], true]);
  });

  it('goes on when a gateway told something of its camera', async () => {
    const publisher = publisherOf();
    publisher.tell(attempt(1));
    await settled();
    bus.tell(attempt(90));
    publisher.tell(attempt(2));
    await settled();
    expect(taken()).toEqual([1, 90, 2]);
  });

  it('goes on when the stream has forgotten what it told', async () => {
    const publisher = publisherOf();
    publisher.tell(attempt(1));
    await settled();
    bus.forget('door');
    publisher.tell(attempt(2));
    await settled();
    expect(taken()).toEqual([1, 2]);
  });

  it('keeps two thousand events at most while the bus is away: the oldest are lost, and it says so once', async () => {
    const publisher = publisherOf();
    bus.away = true;
    for (let at = 1; at <= 2_003; at++) publisher.tell(attempt(at));
    await clock.advance(RETRY_MS);
    expect(publisher.waiting).toBe(2_000);
    expect(log).toEqual(['camera door: the bus is away too long; oldest events are lost']);
    bus.away = false;
    await clock.advance(RETRY_MS);
    for (let turn = 0; turn < 1_000; turn++) await settled();
    expect(bus.taken).toHaveLength(2_000);
    expect([taken()[0], taken().at(-1)]).toEqual([4, 2_003]);
  });

  it('what is lost while it is being sent takes no other along', async () => {
    const publisher = publisherOf();
    bus.onAppend = () => {
      bus.onAppend = () => undefined;
      for (let at = 2; at <= 2_002; at++) publisher.tell(attempt(at));
    };
    publisher.tell(attempt(1));
    for (let turn = 0; turn < 1_000; turn++) await settled();
    expect(bus.taken).toHaveLength(2_001);
    expect(taken().slice(0, 3)).toEqual([1, 3, 4]);
  });

  describe('what a holder begins with', () => {
    const beginning = [attempt(51), attempt(52)];

    it('is told before its own events', async () => {
      bus.tell(attempt(0));
      const publisher = publisherOf({ begin: async () => ({ after: await bus.newest('door'), events: beginning }) });
      publisher.tell(attempt(1));
      await settled();
      expect(taken()).toEqual([0, 51, 52, 1]);
    });

    it('is asked again when the holder before told more meanwhile, and is told once', async () => {
      bus.tell(attempt(0));
      const asked: number[] = [];
      const publisher = publisherOf({
        begin: async () => {
          const after = await bus.newest('door');
          asked.push(after);
          if (asked.length === 1) bus.tell(attempt(9));
          return { after, events: beginning };
        },
      });
      publisher.tell(attempt(1));
      await settled();
      expect([asked, taken()]).toEqual([
        [1, 2],
        [0, 9, 51, 52, 1],
      ]);
    });

    it('is not told twice when an answer is lost or a gateway comes between', async () => {
      const publisher = publisherOf({ begin: async () => ({ after: await bus.newest('door'), events: beginning }) });
      bus.answersLost = 1;
      publisher.tell(attempt(1));
      await settled();
      bus.tell(attempt(90));
      await clock.advance(RETRY_MS);
      expect(taken()).toEqual([51, 90, 52, 1]);
    });

    it('is waited for while the bus is away', async () => {
      let away = true;
      const publisher = publisherOf({
        begin: async () => {
          if (away) throw new Error('timeout');
          return { after: 0, events: beginning };
        },
      });
      publisher.tell(attempt(1));
      await clock.advance(RETRY_MS);
      expect(taken()).toEqual([]);
      away = false;
      await clock.advance(RETRY_MS);
      expect(taken()).toEqual([51, 52, 1]);
    });
  });

  describe('close', () => {
    it('waits until all is told', async () => {
      const publisher = publisherOf();
      for (const at of [1, 2]) publisher.tell(attempt(at));
      await publisher.close(1_000);
      expect(taken()).toEqual([1, 2]);
    });

    it('is at once where nothing waits; what is told afterwards is not', async () => {
      const publisher = publisherOf();
      await publisher.close(1_000);
      publisher.tell(attempt(1));
      await settled();
      expect([taken(), publisher.waiting]).toEqual([[], 0]);
    });

    it('gives up after its patience, also between two tries, and does not tell later', async () => {
      const publisher = publisherOf();
      bus.away = true;
      publisher.tell(attempt(1));
      let closed = false;
      void publisher.close(1_000).then(() => {
        closed = true;
      });
      await clock.advance(999);
      expect(closed).toBe(false);
      await clock.advance(1);
      expect(closed).toBe(true);
      bus.away = false;
      await clock.advance(10 * RETRY_MS);
      expect(taken()).toEqual([]);
    });
  });
});

describe('endsOf', () => {
  const WALL_MS = Date.parse('2026-01-15T09:30:00.000Z');
  const NOW_MS = WALL_MS + 60_000;
  type Phase = 'new' | 'update' | 'end';
  const told = (id: string, phase: Phase, more: object = {}): Told => ({
    type: 'episode',
    source: 'door',
    wallTimeMs: WALL_MS,
    episode: episode({
      id,
      phase,
      onsetUs: micros(100),
      apexUs: micros(300),
      ...(phase === 'end' ? {} : { offsetUs: null, endReason: null }),
      ...more,
    }),
  });
  const fired = (id: string, phase: 'start' | 'end'): Told => ({
    type: 'rule',
    source: 'door',
    wallTimeMs: WALL_MS,
    firing: firingOf({ id, phase }),
  });
  const removed: Told = { type: 'removed', source: 'door' };
  const idsOf = (past: readonly Told[]): string[] =>
    endsOf(past, NOW_MS).map((event) => {
      if (event.type === 'episode') return event.episode.id;
      return event.type === 'rule' ? event.firing.id : event.type;
    });

  it.each<[string, readonly Told[], readonly string[]]>([
    ['nothing was told', [], []],
    ['one began', [told('a', 'new')], ['a']],
    ['one began and changed', [told('a', 'new'), told('a', 'update')], ['a']],
    ['only a change is remembered', [told('a', 'update')], ['a']],
    ['one ended', [told('a', 'new'), told('a', 'end')], []],
    ['only an end is remembered', [told('a', 'end')], []],
    ['one of two ended', [told('a', 'new'), told('b', 'new'), told('a', 'end')], ['b']],
    ['a rule fired', [fired('r', 'start')], ['r']],
    ['a rule ended', [fired('r', 'start'), fired('r', 'end')], []],
    ['the camera was removed', [told('a', 'new'), fired('r', 'start'), removed], []],
    ['one began since the camera was removed', [told('a', 'new'), removed, told('b', 'new')], ['b']],
    ['something else', [attempt(1), { type: 'insight', ...insightEvent() }], []],
  ])('%s', (_, past, ends) => {
    expect(idsOf(past)).toEqual(ends);
  });

  it('an episode ends where it was strongest as far as is known, told now', () => {
    const past = [told('a', 'new'), told('a', 'update', { apexUs: micros(500), peak: 0.95 })];
    expect(endsOf(past, NOW_MS)).toEqual([
      {
        type: 'episode',
        source: 'door',
        wallTimeMs: NOW_MS,
        episode: episode({
          id: 'a',
          phase: 'end',
          onsetUs: micros(100),
          apexUs: micros(500),
          offsetUs: micros(500),
          peak: 0.95,
          endReason: 'source-end',
        }),
      },
    ]);
  });

  it('a firing ends when it fired: nothing is known of it since', () => {
    const [end] = endsOf([fired('r', 'start')], NOW_MS);
    expect(end).toEqual({
      type: 'rule',
      source: 'door',
      wallTimeMs: NOW_MS,
      firing: firingOf({
        id: 'r',
        phase: 'end',
        endedUs: firingOf().firedUs,
        at: new Date(WALL_MS).toISOString(),
        endReason: 'silent',
      }),
    });
  });
});

function insightEvent() {
  return { source: 'door', insight: insightOf(), fusion: null, evidenceJpeg: null, wallTimeMs: 0 };
}
