import { describe, expect, it } from 'vitest';
import { type Lease, type LeasePlan, type LeaseView, planLeases } from '../../../src/cluster/plan-leases.js';
import { mulberry32 } from '../../../src/statistics/random.js';

const LEASE_MS = 3_000;
const NOW_MS = 100_000;

interface World {
  readonly cameras: readonly string[];
  /** Capacity of those that live, by name. */
  readonly nodes: Readonly<Record<string, number>>;
  /** Holder by camera; null: given back, not named: never held. */
  readonly held?: Readonly<Record<string, string | null>>;
  /** Since when a lease stands as it does; just now where it is not named. */
  readonly standsMs?: Readonly<Record<string, number>>;
}

const lease = (node: string | null, seenMs: number): Lease & { seenMs: number } => ({
  node,
  fence: 1,
  tracks: 0,
  seenMs,
});

function viewOf({ cameras, nodes, held = {}, standsMs = {} }: World, me: string): LeaseView {
  const leases = Object.entries(held).map(
    ([camera, node]) => [camera, lease(node, NOW_MS - (standsMs[camera] ?? 0))] as const,
  );
  return {
    me,
    cameras,
    leases: new Map(leases),
    nodes: new Map(Object.entries(nodes).map(([node, capacity]) => [node, { capacity }])),
    nowMs: NOW_MS,
    leaseMs: LEASE_MS,
  };
}

const plan = (world: World, me: string): LeasePlan => planLeases(viewOf(world, me));
const plansOf = (world: World): Record<string, LeasePlan> =>
  Object.fromEntries(Object.keys(world.nodes).map((node) => [node, plan(world, node)]));
const takesOf = (world: World): Record<string, readonly string[]> =>
  Object.fromEntries(Object.entries(plansOf(world)).map(([node, { take }]) => [node, take]));
const givesOf = (world: World): Record<string, readonly string[]> =>
  Object.fromEntries(Object.entries(plansOf(world)).map(([node, { give }]) => [node, give]));

/** What holds after all have done what they planned. Two that take the same camera, or too many, are a fault. */
function step(world: World): World {
  const held = { ...world.held };
  const taken = new Set<string>();
  for (const [node, { take, give }] of Object.entries(plansOf(world))) {
    for (const camera of give) held[camera] = null;
    for (const camera of take) {
      expect(taken).not.toContain(camera);
      taken.add(camera);
      held[camera] = node;
    }
  }
  return { ...world, held };
}

/** Steps until nobody wants anything. */
function settle(world: World, most: number): { readonly world: World; readonly steps: number } {
  let now = world;
  for (let steps = 0; steps <= most; steps++) {
    const plans = Object.values(plansOf(now));
    if (plans.every(({ take, give }) => take.length + give.length === 0)) return { world: now, steps };
    now = step(now);
  }
  throw new Error(`no rest after ${most} steps: ${JSON.stringify(now)}`);
}

function loads({ nodes, held = {}, cameras }: World): Record<string, number> {
  const counts = Object.fromEntries(Object.keys(nodes).map((node) => [node, 0]));
  for (const camera of cameras) {
    const node = held[camera];
    if (node != null && node in counts) counts[node] = counts[node]! + 1;
  }
  return counts;
}

const named = (count: number, prefix = 'cam'): string[] => Array.from({ length: count }, (_, at) => `${prefix}-${at}`);

describe('planLeases', () => {
  it('one node takes everything', () => {
    expect(plan({ cameras: ['hall', 'door'], nodes: { a: 8 } }, 'a')).toEqual({ take: ['door', 'hall'], give: [] });
  });

  it('spreads evenly, the same for all', () => {
    const world = { cameras: named(7), nodes: { a: 8, b: 8, c: 8 } };
    expect(takesOf(world)).toEqual({
      a: ['cam-0', 'cam-3', 'cam-6'],
      b: ['cam-1', 'cam-4'],
      c: ['cam-2', 'cam-5'],
    });
  });

  it('does not depend on the order in which cameras and nodes are known', () => {
    const world = { cameras: named(7), nodes: { a: 8, b: 8, c: 8 } };
    const reversed = { cameras: named(7).reverse(), nodes: { c: 8, b: 8, a: 8 } };
    expect(takesOf(reversed)).toEqual(takesOf(world));
  });

  it('goes on from what is held already', () => {
    const world = { cameras: named(4), nodes: { a: 8, b: 8 }, held: { 'cam-0': 'a', 'cam-1': 'a' } };
    expect(takesOf(world)).toEqual({ a: [], b: ['cam-2', 'cam-3'] });
  });

  it('fills each node to what it may have, and no further', () => {
    const world = { cameras: named(6), nodes: { a: 1, b: 3, c: 0 } };
    expect(loads(settle(world, 1).world)).toEqual({ a: 1, b: 3, c: 0 });
  });

  it('takes nothing as one that is not among those that live', () => {
    expect(plan({ cameras: ['door'], nodes: { b: 8 } }, 'a')).toEqual({ take: [], give: [] });
  });

  it('a lease that is renewed is left alone, of a holder that was not heard of, too', () => {
    const world = {
      cameras: ['door'],
      nodes: { a: 8 },
      held: { door: 'silent' },
      standsMs: { door: LEASE_MS },
    };
    expect(plan(world, 'a').take).toEqual([]);
  });

  it('one that was not renewed for a lease time is free', () => {
    const world = {
      cameras: named(2),
      nodes: { a: 8, b: 8 },
      held: { 'cam-0': 'gone', 'cam-1': 'b' },
      standsMs: { 'cam-0': LEASE_MS + 1 },
    };
    expect(takesOf(world)).toEqual({ a: ['cam-0'], b: [] });
  });

  it('nobody takes its own again, however long it could not renew', () => {
    const world = { cameras: ['door'], nodes: { a: 8 }, held: { door: 'a' }, standsMs: { door: 60_000 } };
    expect(plan(world, 'a')).toEqual({ take: [], give: [] });
  });

  describe('one that joins', () => {
    const world = { cameras: named(6), nodes: { a: 8, b: 8 }, held: {} };
    const before = settle(world, 1).world;
    const joined: World = { ...before, nodes: { ...before.nodes, c: 8 } };

    it('is given one camera at a time, by one node', () => {
      expect(givesOf(joined)).toEqual({ a: ['cam-4'], b: [], c: [] });
    });

    it('takes what was given, and nobody gives meanwhile', () => {
      const given = step(joined);
      expect(takesOf(given)).toEqual({ a: [], b: [], c: ['cam-4'] });
      expect(givesOf(given)).toEqual({ a: [], b: [], c: [] });
    });

    it('has as much as the others in the end, and only what it got has moved', () => {
      const after = settle(joined, 10).world;
      expect(loads(after)).toEqual({ a: 2, b: 2, c: 2 });
      const moved = named(6).filter((camera) => after.held![camera] !== before.held![camera]);
      expect(moved.map((camera) => after.held![camera])).toEqual(['c', 'c']);
    });

    it('is given no more than it has room for', () => {
      const small = settle({ ...before, nodes: { ...before.nodes, c: 1 } }, 10).world;
      expect(loads(small)).toEqual({ a: 2, b: 3, c: 1 });
    });
  });

  it('one more than another is even enough: nothing is moved', () => {
    const world = { cameras: named(3), nodes: { a: 8, b: 8 }, held: { 'cam-0': 'a', 'cam-1': 'a', 'cam-2': 'b' } };
    expect(settle(world, 0).steps).toBe(0);
  });

  it('one that leaves is replaced by all others together', () => {
    const world = { cameras: named(6), nodes: { a: 8, b: 8, c: 8 } };
    const { c: _, ...nodes } = world.nodes;
    const held = { ...settle(world, 1).world.held };
    for (const [camera, node] of Object.entries(held)) if (node === 'c') held[camera] = null;
    expect(takesOf({ cameras: world.cameras, nodes, held })).toEqual({ a: ['cam-2'], b: ['cam-5'] });
  });

  describe('patience', () => {
    const hung = { cameras: ['door'], nodes: { a: 8, b: 8 }, held: { door: null, desk: 'b' } };
    const waits = (waitedMs: number, nodes: World['nodes'] = hung.nodes): Record<string, readonly string[]> =>
      takesOf({ ...hung, nodes, standsMs: { door: waitedMs } });

    it('waits three lease times for the node whose turn it is', () => {
      expect(waits(3 * LEASE_MS)).toEqual({ a: ['door'], b: [] });
    });

    it('then whoever has room takes the camera, and the store decides', () => {
      expect(waits(3 * LEASE_MS + 1)).toEqual({ a: ['door'], b: ['door'] });
    });

    it('but nobody without room', () => {
      expect(waits(3 * LEASE_MS + 1, { a: 8, b: 0 })).toEqual({ a: ['door'], b: [] });
    });

    it('nobody takes more than it has room for, of what waits and what is its turn together', () => {
      const cameras = named(3);
      const held = Object.fromEntries(cameras.map((camera) => [camera, null]));
      const standsMs = Object.fromEntries(cameras.map((camera) => [camera, 4 * LEASE_MS]));
      const takes = takesOf({ cameras, nodes: { a: 8, b: 1 }, held, standsMs });
      expect(takes).toEqual({ a: cameras, b: ['cam-0'] });
    });
  });

  describe('of any view', () => {
    const random = mulberry32(19);
    const below = (most: number): number => Math.floor(random() * most);
    const pick = <T>(of: readonly T[]): T => of[below(of.length)]!;

    /** Holders that live, that are gone and that nobody has heard of; none holds more than it may. */
    function anyWorld(): World {
      const names = named(1 + below(5), 'node');
      const nodes = Object.fromEntries(names.map((node) => [node, below(8)]));
      const cameras = named(below(20));
      const held: Record<string, string | null> = {};
      const standsMs: Record<string, number> = {};
      const room = { ...nodes };
      for (const camera of cameras) {
        if (random() < 0.3) continue;
        const node = pick([...names, null, 'gone']);
        const fits = node === null || node === 'gone' || room[node]! > 0;
        held[camera] = fits ? node : null;
        if (node !== null && fits && node in room) room[node] = room[node]! - 1;
        // Those that live renew; who is gone does not, or has not been away for long.
        standsMs[camera] = node === 'gone' ? below(2 * LEASE_MS) : below(LEASE_MS);
      }
      return { cameras, nodes, held, standsMs };
    }
    const worlds = Array.from({ length: 400 }, anyWorld);
    const sum = (counts: Record<string, number>): number => Object.values(counts).reduce((a, b) => a + b, 0);

    it('no camera is taken twice, none that somebody holds, and at most one is given back', () => {
      for (const world of worlds) {
        const plans = Object.values(plansOf(world));
        const taken = plans.flatMap(({ take }) => take);
        expect(new Set(taken).size).toBe(taken.length);
        const free = world.cameras.filter(
          (camera) => world.held![camera] == null || world.standsMs![camera]! > LEASE_MS,
        );
        expect(taken.filter((camera) => !free.includes(camera))).toEqual([]);
        expect(plans.flatMap(({ give }) => give).length).toBeLessThanOrEqual(free.length > 0 ? 0 : 1);
      }
    });

    it('all comes to rest: nobody has more than it may, nothing is free where there is room, and loads are even', () => {
      for (const any of worlds) {
        // The one that is gone stays away.
        const standsMs = Object.fromEntries(any.cameras.map((camera) => [camera, 0]));
        const held = Object.fromEntries(
          Object.entries(any.held!).map(([camera, node]) => [camera, node === 'gone' ? null : node]),
        );
        const { world } = settle({ ...any, held, standsMs }, 2 * any.cameras.length + 2);
        const counts = loads(world);
        for (const [node, count] of Object.entries(counts)) expect(count).toBeLessThanOrEqual(world.nodes[node]!);
        expect(sum(counts)).toBe(Math.min(world.cameras.length, sum({ ...world.nodes })));
        const open = Object.keys(counts).filter((node) => counts[node]! < world.nodes[node]!);
        const least = Math.min(...open.map((node) => counts[node]!));
        expect(Math.max(...Object.values(counts), 0) - least).toBeLessThan(2);
      }
    });
  });
});
