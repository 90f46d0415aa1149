import { describe, expect, it } from 'vitest';
import { logDetail, logLength, logPlace, logTitle } from '../../../dashboards/web/src/alert-words.js';
import { reduce } from '../../../dashboards/web/src/model/reduce.js';
import { type DashboardState, EMPTY_STATE, KEEP, type LogEntry } from '../../../dashboards/web/src/model/state.js';
import { logRows, recordingTold, serverLost } from '../../../dashboards/web/src/model/system-log.js';
import type { CameraState, ServerMessage } from '../../../dashboards/web/src/model/wire.js';
import { cameraState, START_MS, statsMessage, welcome } from '../../support/dashboard-messages.js';

/** Messages with the seconds after START_MS at which they come. */
const stateAfter = (
  messages: readonly (readonly [number, ServerMessage])[],
  start: DashboardState = EMPTY_STATE,
): DashboardState =>
  messages.reduce((state, [seconds, message]) => reduce(state, message, START_MS + 1000 * seconds), start);

const at = (seconds: number): string => new Date(START_MS + 1000 * seconds).toISOString();
const told = (more: Partial<CameraState>, id = 'door'): ServerMessage => ({
  type: 'state',
  seq: 1,
  state: cameraState(id, more),
});
const unreachable = { reason: 'unreachable', message: 'connection refused' } as const;
const away = { status: 'waiting', since: at(5), lastEnd: unreachable, attempts: 1 } as const;

describe('the system log', () => {
  it('has one row for an outage, which counts on with the numbers and ends when the camera is back', () => {
    const numbers = statsMessage(9, 0);
    const counted = { attempts: 7, retryAt: at(12), lastEnd: unreachable };
    const open = stateAfter([
      [0, welcome()],
      [5, told(away)],
      [6, told({ ...away, lastEnd: { reason: 'stalled', message: '' } })],
      [9, { ...numbers, cameras: numbers.cameras.map((camera) => ({ ...camera, ...counted })) }],
    ]);
    expect(open.log).toHaveLength(1);
    expect(open.log[0]).toMatchObject({ what: 'away', source: 'door', atMs: START_MS + 5000, endMs: null });
    expect(logDetail(open.log[0]!, START_MS + 9000)).toMatch(
      /^It cannot be reached\. Tried 7 times since \d\d:\d\d:\d\d\. Next try in 3\u00a0s\.$/,
    );
    expect(logLength(open.log[0]!, START_MS + 9000)).toBe('4.0\u00a0s so far');
    const back = stateAfter([[31, told({ since: at(30) })]], open);
    expect(back.log).toMatchObject([{ what: 'away', atMs: START_MS + 5000, endMs: START_MS + 30_000 }]);
    expect(logLength(back.log[0]!, START_MS + 99_000)).toBe('25\u00a0s');
    expect(logDetail(back.log[0]!, START_MS + 99_000)).toBe('It cannot be reached; 7 tries');
    expect(stateAfter([[40, told({ ...away, since: at(40) })]], back).log).toHaveLength(2);
  });

  it('is the same outage when a camera that was tried cannot work', () => {
    const state = stateAfter([
      [0, welcome()],
      [5, told(away)],
      [8, told({ ...away, status: 'failed', lastEnd: { reason: 'unusable', message: '' } })],
    ]);
    expect(state.log.map(logTitle)).toEqual(['Needs attention']);
  });

  it('knows what goes on from the welcome, and does not begin it twice when the connection comes back', () => {
    const sources = [cameraState('door', away), cameraState('desk', { damagedSince: at(2) })];
    const state = stateAfter([
      [10, welcome({ sources })],
      [20, welcome({ sources })],
    ]);
    expect(state.log.map(({ what, atMs, endMs }) => [what, atMs - START_MS, endMs])).toEqual([
      ['damaged', 2000, null],
      ['away', 5000, null],
    ]);
  });

  it('begins and ends damaged pictures and late analysis, and keeps how late it was at most', () => {
    const late = (behindMs: number) => told({ behindSince: at(3), behindMs });
    const state = stateAfter([
      [0, welcome()],
      [3, late(1200)],
      [4, late(4800)],
      [5, late(1100)],
      [6, told({ damagedSince: at(6), decodeErrors: 64 })],
      [9, told({})],
    ]);
    expect(state.log.map(({ what, atMs, endMs }) => [what, atMs - START_MS, endMs! - START_MS])).toEqual([
      ['behind', 3000, 6000],
      ['damaged', 6000, 9000],
    ]);
    expect(state.log.map((entry) => logDetail(entry, 0))).toEqual(['At most 4.8\u00a0s.', '64 decode errors in all.']);
  });

  it('has one row for all cameras while less is read', () => {
    const reduced = { since: at(4), looks: ['affect' as const], perSecond: 10 };
    const state = stateAfter([
      [0, welcome()],
      [4, told({ reduced })],
      [4, told({ reduced }, 'desk')],
      [5, told({ reduced: { ...reduced, perSecond: 5 } })],
      [5, told({ reduced: { ...reduced, perSecond: 5 } }, 'desk')],
    ]);
    expect(state.log).toHaveLength(1);
    expect(logPlace(state.log[0]!, (id) => id)).toBe('All cameras');
    expect(logDetail(state.log[0]!, 0)).toBe('Expressions read at most 5 times a second: the processor is busy.');
    // A camera that is away says nothing new of it.
    const lost = stateAfter([[6, told({ ...away, reduced }, 'yard')]], state);
    const over = stateAfter(
      [
        [8, told({})],
        [8, told({}, 'desk')],
        [9, statsMessage(9, 0)],
      ],
      lost,
    );
    expect(over.log.find(({ what }) => what === 'reduced')!.endMs).toBe(START_MS + 8000);
    const full = stateAfter(
      [
        [8, told({})],
        [8, told({}, 'desk')],
      ],
      state,
    );
    expect(full.log).toMatchObject([{ what: 'reduced', endMs: START_MS + 8000 }]);
  });

  it('tells cameras that are added and removed, the name of a removed one, and ends what went on there', () => {
    const state = stateAfter([
      [0, welcome()],
      [1, told({ ...away, since: at(1), name: 'Roof' }, 'roof')],
      [7, { type: 'removed', seq: 9, source: 'roof' }],
    ]);
    expect(state.log.map(({ what, endMs }) => [what, endMs! - START_MS])).toEqual([
      ['added', 1000],
      ['away', 7000],
      ['removed', 7000],
    ]);
    expect(logPlace(state.log[2]!, () => 'gone')).toBe('Roof');
  });

  it('tells when the server was away, that another run began, and lanes that were started again', () => {
    const before = stateAfter([
      [0, welcome()],
      [2, told(away)],
    ]);
    const lost = { ...before, log: serverLost(serverLost(before.log, START_MS + 10_000), START_MS + 11_000) };
    expect(lost.log.map(({ what }) => what)).toEqual(['away', 'server']);
    const same = stateAfter([[20, welcome({ atMs: START_MS + 20_000 })]], lost);
    expect(same.log.find(({ what }) => what === 'server')!.endMs).toBe(START_MS + 20_000);
    const other = stateAfter([[20, welcome({ epoch: 'two', atMs: START_MS + 20_000 })]], lost);
    expect(other.log.map(({ what, endMs }) => [what, endMs! - START_MS])).toEqual([
      ['away', 20_000],
      ['server', 20_000],
      ['restarted', 20_000],
    ]);
    const numbers = statsMessage(30, 0);
    const again = { ...numbers, system: { ...numbers.system, laneRestarts: 1 } };
    expect(
      stateAfter(
        [
          [30, numbers],
          [31, again],
          [32, again],
        ],
        same,
      ).log.filter(({ what }) => what === 'lane'),
    ).toHaveLength(1);
  });

  it('tells that recording has stopped and why, once, and when it goes on', () => {
    const stopped = { since: at(3), reason: 'disk full' };
    const open = recordingTold(recordingTold([], stopped, START_MS), stopped, START_MS);
    expect(open).toMatchObject([{ what: 'recording', atMs: START_MS + 3000, endMs: null, note: 'disk full' }]);
    expect(logDetail(open[0]!, START_MS)).toBe('Disk full; it is tried again.');
    expect(recordingTold(open, null, START_MS + 9000)[0]!.endMs).toBe(START_MS + 9000);
    expect(recordingTold([], null, START_MS)).toEqual([]);
  });

  it('is bounded, and never forgets what goes on', () => {
    const flapping = Array.from(
      { length: KEEP.log + 20 },
      (_, count): readonly (readonly [number, ServerMessage])[] => [
        [10 * count + 10, told({ ...away, since: at(10 * count + 10) })],
        [10 * count + 15, told({ since: at(10 * count + 15) })],
      ],
    ).flat();
    const state = stateAfter([[0, welcome()], [1, told({ ...away, since: at(1) }, 'desk')], ...flapping]);
    expect(state.log).toHaveLength(KEEP.log);
    expect(state.log[0]).toMatchObject({ source: 'desk', endMs: null });
  });

  it('shows what goes on first, then what has ended, newest first and only so many', () => {
    const entry = (id: string, atMs: number, endMs: number | null): LogEntry => ({
      id,
      what: 'away',
      source: 'door',
      atMs,
      endMs,
      camera: null,
      note: '',
    });
    const log = [entry('a', 1, null), entry('b', 2, 3), entry('c', 4, 5), entry('d', 6, null), entry('e', 7, 8)];
    const { shown, open, ended } = logRows(log, 2);
    expect([shown.map(({ id }) => id).join(''), open, ended]).toEqual(['daec', 2, 3]);
  });
});
