import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Registered } from '../../../src/cluster/camera-register.js';
import { FleetView } from '../../../src/cluster/fleet-view.js';
import { Nodes } from '../../../src/cluster/nodes.js';
import { OrphanWatch } from '../../../src/cluster/orphan-watch.js';
import { cameraState } from '../../support/camera-state.js';
import { cameraConfig } from '../../support/fake-live-system.js';
import { ManualClock } from '../../support/manual-clock.js';
import { MemoryEvents } from '../../support/memory-events.js';
import { heldCamera, nodeReport } from '../../support/node-report.js';

const ORPHANED_MS = 6_000;

describe('OrphanWatch of two gateways', () => {
  let clock: ManualClock;
  let bus: MemoryEvents;
  let nodes: Nodes;
  let entries: Map<string, { value: Registered; revision: number }>;
  let fleets: FleetView[];
  let watches: OrphanWatch[];
  let heard: number;

  beforeEach(() => {
    clock = new ManualClock();
    bus = new MemoryEvents();
    nodes = new Nodes(3_000);
    const value: Registered = { config: cameraConfig('door'), origin: 'request', drawn: null, addedAtMs: 0 };
    entries = new Map([['door', { value, revision: 1 }]]);
    heard = 0;
    const common = { register: { entries }, nodes, clock, orphanedMs: ORPHANED_MS, clients: () => 0 };
    fleets = [1, 2].map(() => new FleetView({ ...common, connectedSinceMs: () => 0 }));
    const logger = { debug: () => undefined };
    watches = fleets.map((fleet) => new OrphanWatch({ fleet, bus, heard: () => heard, clock, logger }));
    for (const watch of watches) watch.start();
  });
  afterEach(() => {
    for (const watch of watches) watch.close();
  });

  /** Each gateway hears what the bus took. */
  function hear(): void {
    for (const { event } of bus.taken.slice(heard)) {
      for (const fleet of fleets) {
        if (event.type === 'state') fleet.tell(event.state);
        if (event.type === 'removed') fleet.forget(event.source);
      }
    }
    heard = bus.taken.length;
  }
  async function run(seconds: number, reported = false): Promise<void> {
    for (let at = 0; at < seconds; at++) {
      if (reported) nodes.take(nodeReport('a', { cameras: [heldCamera('door')] }), clock.nowMs());
      await clock.advance(1_000);
      hear();
    }
  }
  const told = (): string[] =>
    bus.taken.map(({ event }) => (event.type === 'state' ? `${event.state.status}` : event.type));

  it('nothing is told of a camera that a machine reads', async () => {
    await run(20, true);
    expect(bus.sent).toEqual([]);
  });

  it('one that no machine reads is told to wait, once', async () => {
    await run(30);
    expect(told()).toEqual(['waiting']);
  });

  it('and again, since its last holder told otherwise', async () => {
    await run(10);
    bus.tell({ type: 'state', state: cameraState('door') });
    hear();
    await run(10);
    expect(told()).toEqual(['waiting', 'running', 'waiting']);
  });

  it('once its machine reports it again, its state is told: who holds it did not know that it was missed', async () => {
    await run(10);
    await run(10, true);
    expect(told()).toEqual(['waiting', 'running']);
  });

  it('one that is removed while no machine reads it is told to be, once', async () => {
    await run(10);
    entries.delete('door');
    await run(20);
    expect(told()).toEqual(['waiting', 'removed']);
  });

  it('while the bus is away nothing is lost', async () => {
    bus.away = true;
    await run(20);
    bus.away = false;
    await run(2);
    expect(told()).toEqual(['waiting']);
  });

  it('a closed one tells nothing', async () => {
    for (const watch of watches) watch.close();
    await run(20);
    expect(bus.sent).toEqual([]);
  });
});
