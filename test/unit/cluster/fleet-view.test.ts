import { beforeEach, describe, expect, it } from 'vitest';
import type { Registered } from '../../../src/cluster/camera-register.js';
import { isOrphaned } from '../../../src/cluster/camera-states.js';
import { FleetView } from '../../../src/cluster/fleet-view.js';
import { Nodes } from '../../../src/cluster/nodes.js';
import type { SystemStats } from '../../../src/domain/live.js';
import { cameraState } from '../../support/camera-state.js';
import { cameraConfig } from '../../support/fake-live-system.js';
import { ManualClock } from '../../support/manual-clock.js';
import { heldCamera, nodeReport } from '../../support/node-report.js';

const ALIVE_MS = 3_000;
const ORPHANED_MS = 6_000;

describe('FleetView', () => {
  let clock: ManualClock;
  let nodes: Nodes;
  let entries: Map<string, { value: Registered; revision: number }>;
  let connectedSinceMs: number | null;
  let fleet: FleetView;
  beforeEach(() => {
    clock = new ManualClock();
    nodes = new Nodes(ALIVE_MS);
    entries = new Map();
    connectedSinceMs = 0;
    for (const id of ['door', 'desk']) register(id);
    fleet = new FleetView({
      register: { entries },
      nodes,
      orphanedMs: ORPHANED_MS,
      connectedSinceMs: () => connectedSinceMs,
      clients: () => 3,
      clock,
    });
  });

  function register(id: string): void {
    const input = { type: 'rtsp', url: `rtsp://user:secret@camera.test/${id}`, transport: 'tcp' } as const;
    const value: Registered = {
      config: cameraConfig(id, { input }),
      origin: 'configuration',
      drawn: null,
      addedAtMs: 0,
    };
    entries.set(id, { value, revision: 1 });
  }
  const report = (node: string, ...cameras: string[]): void =>
    nodes.take(nodeReport(node, { cameras: cameras.map((id) => heldCamera(id)) }), clock.nowMs());
  const statuses = (): Record<string, string> =>
    Object.fromEntries(fleet.states().map(({ id, status }) => [id, status]));

  const orphaned = (): string[] => fleet.states().flatMap((state) => (isOrphaned(state) ? [state.id] : []));

  it('a camera of which nothing is known yet is starting; no password is shown', () => {
    expect(statuses()).toEqual({ door: 'starting', desk: 'starting' });
    expect(JSON.stringify(fleet.states())).not.toContain('secret');
  });

  it('has the state that its holder reports, which is newer than what it told', () => {
    fleet.tell(cameraState('door', { status: 'waiting' }));
    expect(statuses().door).toBe('waiting');
    report('a', 'door');
    expect(statuses().door).toBe('running');
  });

  it('what was reported last is known when nobody reports any more; what was told is another thing', async () => {
    fleet.tell(cameraState('door', { status: 'starting' }));
    report('a', 'door');
    fleet.states();
    await clock.advance(ALIVE_MS + 1);
    expect(statuses().door).toBe('running');
    expect(fleet.told('door')!.status).toBe('starting');
  });

  it('of two that report a camera the later holder counts, whoever reports last', () => {
    const held = (fence: number, attempts: number) => [
      heldCamera('door', { fence, state: cameraState('door', { attempts }) }),
    ];
    nodes.take(nodeReport('b', { cameras: held(2, 22) }), 0);
    nodes.take(nodeReport('a', { cameras: held(1, 11) }), 0);
    expect(fleet.state('door')!.attempts).toBe(22);
    nodes.take(nodeReport('b', { cameras: held(2, 22) }), 0);
    expect(fleet.state('door')!.attempts).toBe(22);
    expect(fleet.stats().cameras).toHaveLength(1);
  });

  it('a camera that nobody reports for long is orphaned: it waits, with the reason, since it was found', async () => {
    report('a', 'door', 'desk');
    expect(statuses()).toEqual({ door: 'running', desk: 'running' });
    // As long as the node counts as living, so do its words.
    await clock.advance(ALIVE_MS);
    expect(statuses()).toEqual({ door: 'running', desk: 'running' });
    await clock.advance(ORPHANED_MS);
    report('b', 'desk');
    expect(orphaned()).toEqual([]);
    await clock.advance(1);
    expect(orphaned()).toEqual(['door']);
    expect(fleet.state('door')).toMatchObject({ status: 'waiting', lastEnd: { reason: 'unreachable' } });
    expect(fleet.state('door')!.lastEnd!.message).toContain('no machine reads it');
    expect(JSON.stringify(fleet.state('door'))).not.toContain('secret');
    // What was told of it says since when.
    const since = '2026-01-15T09:30:00.000Z';
    fleet.tell(cameraState('door', { status: 'waiting', since }));
    expect(fleet.state('door')!.since).toBe(since);
    report('a', 'door');
    expect([orphaned(), statuses().door]).toEqual([[], 'running']);
  });

  it('a camera that was never reported is orphaned after as long as one that was', async () => {
    fleet.states();
    await clock.advance(ORPHANED_MS);
    expect(orphaned()).toEqual([]);
    await clock.advance(1);
    expect(orphaned()).toEqual(['door', 'desk']);
  });

  it('while the bus is away, and for as long after it came back, none is orphaned', async () => {
    report('a', 'door', 'desk');
    fleet.states();
    connectedSinceMs = null;
    await clock.advance(10 * ORPHANED_MS);
    expect(orphaned()).toEqual([]);
    connectedSinceMs = clock.nowMs();
    await clock.advance(ORPHANED_MS);
    expect(orphaned()).toEqual([]);
    await clock.advance(1);
    expect(orphaned()).toEqual(['door', 'desk']);
  });

  it('a camera that is not in the register has no state; its removal is to be told when nobody reports it any more', async () => {
    report('a', 'door');
    fleet.tell(cameraState('door'));
    entries.delete('door');
    expect(fleet.state('door')).toBeUndefined();
    expect(fleet.removed()).toEqual([]);
    await clock.advance(ORPHANED_MS);
    expect(fleet.removed()).toEqual([]);
    await clock.advance(1);
    expect(fleet.removed()).toEqual(['door']);
    fleet.forget('door');
    expect(fleet.removed()).toEqual([]);
    expect(fleet.told('door')).toBeUndefined();
  });

  it('adds up what machines are and do', async () => {
    const system = { uptimeSeconds: 9, rssBytes: 100, lanes: 2, laneRestarts: 1, eventLoopLagMs: 5 };
    nodes.take(nodeReport('a', { system, cameras: [heldCamera('door')] }), 0);
    nodes.take(nodeReport('b', { system: { ...system, eventLoopLagMs: 7 }, cameras: [heldCamera('desk')] }), 0);
    await clock.advance(2_000);
    expect(fleet.stats()).toEqual<SystemStats>({
      uptimeSeconds: 2,
      rssBytes: 200,
      lanes: 4,
      laneRestarts: 2,
      eventLoopLagMs: 7,
      clients: 3,
      cameras: [heldCamera('door').stats, heldCamera('desk').stats],
    });
    await clock.advance(ALIVE_MS);
    expect(fleet.stats()).toMatchObject({ lanes: 0, eventLoopLagMs: 0, cameras: [] });
  });

  it('says of models what the first machine that has some says', () => {
    const info = { actionUnits: ['1'], device: 'cpu' as const, models: [] };
    expect(fleet.info).toEqual({});
    nodes.take(nodeReport('gateway'), 0);
    nodes.take(nodeReport('a', { info }), 0);
    expect(fleet.info).toEqual(info);
  });
});
