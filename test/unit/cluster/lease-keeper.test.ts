import { beforeEach, describe, expect, it } from 'vitest';
import { mulberry32 } from '../../../src/statistics/random.js';
import { LEASE_MS, LeaseWorld, type Member } from '../../support/lease-world.js';
import { settled } from '../../support/manual-clock.js';

/** Until the leases of one that is gone are anybody's, and are taken. */
const TAKEN_OVER_MS = LEASE_MS + LEASE_MS / 3 + 1_000;
const CAMERAS = ['c1', 'c2', 'c3', 'c4', 'c5', 'c6'];

describe('LeaseKeeper: three on one store', () => {
  let world: LeaseWorld;
  let a: Member;
  let b: Member;
  let c: Member;
  /** Moves on; nothing may be wrong on the way. */
  const run = async (ms: number): Promise<void> => expect(await world.run(ms)).toEqual([]);
  const shares = (): number[] => [a, b, c].map(({ reads }) => reads.size);

  beforeEach(async () => {
    world = new LeaseWorld();
    [a, b, c] = [world.join('a'), world.join('b'), world.join('c')];
    await run(1_000);
    for (const camera of CAMERAS) world.cameras.add(camera);
    await run(1_000);
  });

  it('each takes its share at once', () => {
    expect(world.readers).toEqual({ c1: 'a', c2: 'b', c3: 'c', c4: 'a', c5: 'b', c6: 'c' });
    expect(a.reads.get('c1')).toEqual({ camera: 'c1', fence: 1, tracks: 0, abandoned: false });
  });

  it('renews each lease three times in its time, and keeps it', async () => {
    const [before, readers] = [world.store.truth.get('c1')!.revision, world.readers];
    world.tracks.set('c1', 7);
    await run(4 * LEASE_MS);
    const { value, revision } = world.store.truth.get('c1')!;
    expect(value).toEqual({ node: 'a', fence: 1, tracks: 7 });
    // Six cameras, each as often.
    expect(revision - before).toBe(6 * 3 * 4);
    expect(world.readers).toEqual(readers);
  });

  it('one that dies is replaced after a lease time; what it held goes on above the faces it may have told', async () => {
    world.tracks.set('c1', 40);
    await run(1_500);
    const readers = world.readers;
    a.kill();
    await run(LEASE_MS / 2);
    expect(world.readers).toEqual({ ...readers, c1: '', c4: '' });
    await run(TAKEN_OVER_MS);
    expect(shares()).toEqual([0, 3, 3]);
    const [next] = [b, c].flatMap(({ reads }) => reads.get('c1') ?? []);
    expect(next).toEqual({ camera: 'c1', fence: 2, tracks: 1_040, abandoned: true });
  });

  it('one that is cut off for less than a lease time keeps what it has', async () => {
    const readers = world.readers;
    a.cut();
    await run(LEASE_MS / 2);
    a.heal();
    await run(2 * LEASE_MS);
    expect(world.readers).toEqual(readers);
    expect(a.reads.get('c1')!.fence).toBe(1);
  });

  it.each([
    ['hears at once what it missed', true],
    ['hears of it only later', false],
  ])('one that is cut off loses its cameras, and finds it when it comes back and %s', async (_, lists) => {
    a.cut();
    await run(TAKEN_OVER_MS);
    expect([a, b, c].map(({ reads }) => reads.size)).toEqual([2, 3, 3]);
    const taken = [...b.reads.keys(), ...c.reads.keys()];
    expect(taken.sort()).toEqual(CAMERAS);
    // The bus took nothing of it meanwhile, and the others know better.
    await expect(a.keeper.isMine('c1')).rejects.toThrow('does not answer');
    a.heal(lists);
    if (!lists) {
      // Not no: what it knows is old. Not yes either: the store refused.
      await expect(a.keeper.isMine('c1')).rejects.toThrow('still to come');
      a.heal();
    }
    expect(a.cameras).toEqual([]);
    expect(await a.keeper.isMine('c1')).toBe(false);
    expect(a.log.filter((line) => line.includes('given up here')).map((line) => line.slice(0, 9))).toEqual([
      'camera c1',
      'camera c4',
    ]);
    await run(3 * LEASE_MS);
    expect(shares()).toEqual([2, 2, 2]);
  });

  it.each([
    ['who know it', true],
    ['who do not know it', false],
  ])('when the bus was away for all, %s, everybody keeps what it had', async (_, noticed) => {
    const readers = world.readers;
    for (const each of [a, b, c]) each.cut(noticed);
    await run(10 * LEASE_MS);
    // They come back one after the other.
    for (const each of [a, b, c]) {
      each.heal();
      await run(500);
    }
    await run(2 * LEASE_MS);
    expect(world.readers).toEqual(readers);
    for (const { reads } of [a, b, c]) for (const { fence } of reads.values()) expect(fence).toBe(1);
  });

  it('a renewal whose answer is lost is no loss', async () => {
    const readers = world.readers;
    for (const fault of ['answer lost', 'write lost', 'answer lost'] as const) {
      a.bucket.failNext(fault);
      await run(LEASE_MS / 2);
    }
    await run(2 * LEASE_MS);
    expect(world.readers).toEqual(readers);
    expect([...a.reads.values()].map(({ fence }) => fence)).toEqual([1, 1]);
    expect(await a.keeper.isMine('c1')).toBe(true);
  });

  it('a camera whose taking was not answered is taken again, as one with a past', async () => {
    a.bucket.failNext('answer lost');
    // The others have as many, and a is the first by name.
    world.cameras.add('c0');
    await run(2_000);
    expect(world.readers.c0).toBe('a');
    expect(a.reads.get('c0')).toEqual({ camera: 'c0', fence: 2, tracks: 1_000, abandoned: true });
  });

  it('one that starts again under its name takes at once what it held, as one with a past', async () => {
    const readers = world.readers;
    a.kill();
    a = world.join('a');
    await run(1_000);
    expect(world.readers).toEqual(readers);
    expect(a.reads.get('c4')).toEqual({ camera: 'c4', fence: 2, tracks: 1_000, abandoned: true });
    expect(b.reads.get('c2')!.fence).toBe(1);
  });

  it('a camera that is removed while its holder is dead leaves no lease behind; those of others stay', async () => {
    a.kill();
    world.cameras.delete('c1');
    await run(2 * LEASE_MS);
    expect(world.store.truth.has('c1')).toBe(true); // its holder may be back
    await run(2 * LEASE_MS);
    expect([...world.store.truth.keys()].sort()).toEqual(['c2', 'c3', 'c4', 'c5', 'c6']);
    world.cameras.add('c1');
    await run(2_000);
    expect([b, c].flatMap(({ reads }) => reads.get('c1') ?? [])).toEqual([
      { camera: 'c1', fence: 1, tracks: 0, abandoned: false },
    ]);
  });

  it('a lease that somebody renews stays, though its camera is not known here yet', async () => {
    const readers = world.readers;
    c.unheard.add('c2');
    await run(6 * LEASE_MS);
    expect(world.readers).toEqual(readers);
    expect(world.store.truth.get('c2')!.value).toEqual({ node: 'b', fence: 1, tracks: 0 });
  });

  it('a camera that is removed is stopped and has no lease; added again it begins anew', async () => {
    world.cameras.delete('c1');
    await run(1_000);
    expect(a.cameras).toEqual(['c4']);
    expect([...world.store.truth.keys()].sort()).toEqual(CAMERAS.slice(1));
    world.cameras.add('c1');
    await run(1_000);
    expect(a.reads.get('c1')).toEqual({ camera: 'c1', fence: 1, tracks: 0, abandoned: false });
  });

  it('one that joins is given its share, with word of what was before, and the others keep theirs', async () => {
    world.tracks.set('c4', 12);
    const before = world.readers;
    const d = world.join('d');
    await run(1_000);
    expect(world.readers).toEqual({ ...before, c4: 'd' });
    expect(d.reads.get('c4')).toEqual({ camera: 'c4', fence: 2, tracks: 12, abandoned: false });
    await run(4 * LEASE_MS);
    // Two, two and one: that is even enough.
    expect(world.readers).toEqual({ ...before, c4: 'd' });
  });

  it('a camera that takes long to stop is begun elsewhere when it has', async () => {
    let stopped: () => void = () => undefined;
    a.stopping = new Promise((resolve) => {
      stopped = resolve;
    });
    const d = world.join('d');
    await run(LEASE_MS - 1_000);
    expect([world.readers.c4, d.cameras]).toEqual(['a', []]);
    stopped();
    await run(LEASE_MS / 3);
    expect(world.readers.c4).toBe('d');
  });

  it('closing gives everything back: others take it at once, and nothing was abandoned', async () => {
    world.tracks.set('c1', 5);
    await world.leave(a);
    expect(a.cameras).toEqual([]);
    await run(1_000);
    expect([b, c].map(({ reads }) => reads.size)).toEqual([3, 3]);
    const [next] = [b, c].flatMap(({ reads }) => reads.get('c1') ?? []);
    expect(next).toEqual({ camera: 'c1', fence: 2, tracks: 5, abandoned: false });
  });

  it('closing twice, and without the bus, is closing', async () => {
    a.cut();
    await a.keeper.close(a.stop);
    await a.keeper.close(a.stop);
    expect(a.cameras).toEqual([]);
  });

  it('a camera that nobody has held is taken by whoever has room, when the one whose turn it is does not', async () => {
    // a hangs: it says that it lives, and takes nothing.
    a.bucket.cut();
    for (const each of ['c1', 'c4']) world.cameras.delete(each);
    await run(1_000);
    world.cameras.add('new');
    await run(3 * LEASE_MS - 1_000);
    expect(world.readers.new).toBe('');
    await run(2_000);
    expect(['b', 'c']).toContain(world.readers.new);
  });

  it('stays right through a day of trouble', async () => {
    const random = mulberry32(7);
    for (let turn = 0; turn < 40; turn++) {
      const members = [a, b, c];
      const one = members[Math.floor(random() * 3)]!;
      const what = random();
      if (what < 0.3) one.cut(random() < 0.5);
      else if (what < 0.6) one.heal(random() < 0.7);
      else if (what < 0.8) one.bucket.failNext(random() < 0.5 ? 'answer lost' : 'write lost');
      else if (what < 0.9) world.cameras.delete(CAMERAS[Math.floor(random() * 6)]!);
      else for (const camera of CAMERAS) world.cameras.add(camera);
      await world.run(Math.floor(random() * 20) * 100);
      for (const each of members) if (!each.isCut) each.heal();
      await settled();
      expect(await world.run(300)).toEqual([]);
    }
    for (const each of [a, b, c]) each.heal();
    for (const camera of CAMERAS) world.cameras.add(camera);
    await world.run(4 * LEASE_MS);
    expect(shares()).toEqual([2, 2, 2]);
    await run(LEASE_MS);
  });
});
