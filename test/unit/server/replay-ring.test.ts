import { describe, expect, it } from 'vitest';
import { ReplayRing } from '../../../src/server/replay-ring.js';

const ring = (count: number, everyMs = 0): ReplayRing => {
  const made = new ReplayRing({ replayMessages: 5, replayMs: 1000 });
  for (let at = 0; at < count; at++) {
    made.add({ kind: 'episodes', source: 'door', atMs: at * everyMs }, (seq) => Buffer.from(String(seq)));
  }
  return made;
};
const missed = (made: ReplayRing, seq: number, nowMs = 0) => {
  const { messages, gap } = made.after(seq, nowMs);
  return { seqs: messages.map((message) => message.seq), gap };
};

describe('ReplayRing', () => {
  it.each<[string, number, number, number[], boolean]>([
    ['nothing happened', 0, 0, [], false],
    ['nothing since', 4, 4, [], false],
    ['some since', 4, 2, [3, 4], false],
    ['all since the start', 4, 0, [1, 2, 3, 4], false],
    ['exactly as far back as it remembers', 8, 3, [4, 5, 6, 7, 8], false],
    ['further back than it remembers', 8, 2, [4, 5, 6, 7, 8], true],
    ['a number that was never reached', 4, 5, [], true],
  ])('%s', (_, count, seq, seqs, gap) => {
    expect(missed(ring(count), seq)).toEqual({ seqs, gap });
  });

  it('forgets by age', () => {
    const made = ring(4, 400);
    expect(missed(made, 0, 1400)).toEqual({ seqs: [2, 3, 4], gap: true });
    expect(missed(made, 1, 1400)).toEqual({ seqs: [2, 3, 4], gap: false });
    expect(missed(made, 3, 60_000)).toEqual({ seqs: [], gap: true });
    expect(missed(made, 4, 60_000)).toEqual({ seqs: [], gap: false });
  });

  it('keeps of the updates of an episode the newest, and none after its end', () => {
    const made = new ReplayRing({ replayMessages: 5, replayMs: 1000 });
    const told = (id: string, phase: 'new' | 'update' | 'end') =>
      made.add({ kind: 'episodes', source: 'door', atMs: 0, episode: { id, phase } }, () => Buffer.alloc(0));
    told('a', 'new');
    told('b', 'new');
    for (let at = 0; at < 100; at++) for (const id of ['a', 'b']) told(id, 'update');
    expect(missed(made, 0)).toEqual({ seqs: [1, 2, 201, 202], gap: false });
    told('a', 'end');
    expect(missed(made, 2)).toEqual({ seqs: [202, 203], gap: false });
    for (let at = 0; at < 3; at++) told(`c${at}`, 'new');
    expect(missed(made, 0)).toEqual({ seqs: [202, 203, 204, 205, 206], gap: true });
    expect(missed(made, 2)).toMatchObject({ gap: false });
  });

  it('keeps the newest state of each camera, and none of them in the place of an episode', () => {
    const made = new ReplayRing({ replayMessages: 5, replayMs: 1000 });
    const tell = (kind: 'episodes' | 'states', source: string) =>
      made.add({ kind, source, atMs: 0 }, () => Buffer.alloc(0));
    for (let at = 0; at < 5; at++) tell('episodes', 'door');
    for (let at = 0; at < 1000; at++) for (const source of ['door', 'yard']) tell('states', source);
    expect(made.size).toBe(7);
    expect(missed(made, 0)).toEqual({ seqs: [1, 2, 3, 4, 5, 2004, 2005], gap: false });
    // However long ago: where nothing changed, nothing is lost.
    expect(missed(made, 5, 3_600_000)).toEqual({ seqs: [2004, 2005], gap: false });
    tell('episodes', 'door');
    expect(missed(made, 2003)).toEqual({ seqs: [2004, 2005, 2006], gap: false });
  });

  it('forgets the oldest of more than a thousand cameras, and says so', () => {
    const made = new ReplayRing({ replayMessages: 5, replayMs: 1000 });
    for (let at = 0; at < 1025; at++) made.add({ kind: 'states', source: `c${at}`, atMs: 0 }, () => Buffer.alloc(0));
    expect(made.size).toBe(1024);
    expect(missed(made, 0)).toMatchObject({ gap: true });
    expect(missed(made, 1)).toMatchObject({ gap: false });
  });

  it('stays bounded and right over many messages', () => {
    const made = ring(10_007);
    expect(made).toMatchObject({ size: 5, seq: 10_007 });
    expect(missed(made, 10_005)).toEqual({ seqs: [10_006, 10_007], gap: false });
  });

  describe('with numbers that others give', () => {
    const limits = { replayMessages: 5, replayMs: 1000 };
    const told = (made: ReplayRing, seq: number, kind: 'episodes' | 'states' = 'episodes') =>
      made.add({ kind, source: 'door', atMs: 0 }, (given) => Buffer.from(String(given)), seq);

    it('what came before it began is forgotten from the beginning', () => {
      const made = new ReplayRing(limits, 40);
      expect(made.seq).toBe(40);
      expect(missed(made, 40)).toEqual({ seqs: [], gap: false });
      expect(missed(made, 39)).toEqual({ seqs: [], gap: true });
      expect(missed(made, 41)).toEqual({ seqs: [], gap: true });
      expect(told(made, 41)).toMatchObject({ seq: 41, data: Buffer.from('41') });
      expect(missed(made, 40)).toEqual({ seqs: [41], gap: false });
    });

    it('numbers that never came here are a gap to who has not seen them', () => {
      const made = new ReplayRing(limits, 40);
      for (const seq of [41, 44, 45]) told(made, seq);
      expect(made.seq).toBe(45);
      expect(missed(made, 41)).toEqual({ seqs: [44, 45], gap: true });
      expect(missed(made, 43)).toEqual({ seqs: [44, 45], gap: false });
      expect(missed(made, 44)).toEqual({ seqs: [45], gap: false });
    });

    it('two rings that hear the same answer the same', () => {
      const [first, second] = [new ReplayRing(limits, 40), new ReplayRing(limits, 40)];
      for (let seq = 41; seq < 60; seq++)
        for (const made of [first, second]) told(made, seq, seq % 4 ? 'episodes' : 'states');
      for (let seq = 39; seq < 62; seq++) expect(missed(first, seq)).toEqual(missed(second, seq));
      expect(missed(first, 55)).toEqual({ seqs: [56, 57, 58, 59], gap: false });
    });

    it('a message that cannot be encoded leaves its number to nobody', () => {
      const made = new ReplayRing(limits, 40);
      const fail = (): Buffer => {
        throw new Error('not a number');
      };
      expect(() => made.add({ kind: 'episodes', source: 'door', atMs: 0 }, fail, 41)).toThrow('not a number');
      told(made, 42);
      expect(missed(made, 40)).toEqual({ seqs: [42], gap: true });
    });
  });
});
