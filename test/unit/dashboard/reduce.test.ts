import { describe, expect, it } from 'vitest';
import { dismissNotice, reduce } from '../../../dashboards/web/src/model/reduce.js';
import { type DashboardState, EMPTY_STATE, KEEP } from '../../../dashboards/web/src/model/state.js';
import type { ServerMessage } from '../../../dashboards/web/src/model/wire.js';
import {
  cameraState,
  episodeMessage,
  facesMessage,
  START_MS,
  statsMessage,
  welcome,
} from '../../support/dashboard-messages.js';

const stateAfter = (messages: readonly ServerMessage[], start: DashboardState = EMPTY_STATE): DashboardState =>
  messages.reduce((state, message) => reduce(state, message, START_MS), start);

describe('the state of the page', () => {
  it('takes facts and cameras from the welcome', () => {
    const state = stateAfter([welcome()]);
    expect([...state.cameras.keys()]).toEqual(['door', 'desk']);
    expect(state.server).toMatchObject({ purpose: 'research', emotions: true, epoch: 'one' });
  });

  it('keeps events over a reconnection to the same run, and forgets them for another run', () => {
    const seen = stateAfter([welcome(), facesMessage({ seconds: 0 }), episodeMessage()]);
    expect(stateAfter([welcome()], seen).events).toHaveLength(1);
    expect(stateAfter([welcome({ epoch: 'two' })], seen).events).toEqual([]);
  });

  it('dates episodes by the clock of their camera, and keeps one row per episode', () => {
    const state = stateAfter([welcome(), facesMessage({ seconds: 1 }), episodeMessage()]);
    expect(state.events).toMatchObject([{ atMs: START_MS + 1000, apexMs: START_MS + 1500, endMs: null, peak: 0.8 }]);
    const ended = stateAfter(
      [episodeMessage({ phase: 'end', offsetUs: 3e6, peak: 0.9, endReason: 'face-lost' })],
      state,
    );
    expect(ended.events).toMatchObject([{ endMs: START_MS + 3000, peak: 0.9, detail: 'face-lost' }]);
  });

  it('does not let what is read of the past undo what came since', () => {
    const ended = stateAfter([welcome(), episodeMessage({ phase: 'end', offsetUs: 3e6 })]);
    expect(stateAfter([episodeMessage()], ended).events[0]!.endMs).not.toBeNull();
  });

  it('tells a blink once, not as an action unit, too', () => {
    const blink = episodeMessage({ id: 'door/1/blink/blink/1', kind: 'blink', label: 'blink' });
    const unit = episodeMessage({ id: 'door/1/action-unit/AU45/1', kind: 'action-unit', label: 'AU45' });
    expect(stateAfter([welcome(), blink, unit]).events.map(({ label }) => label)).toEqual(['blink']);
  });

  it('takes no emotion where only action units are read', () => {
    const unit = episodeMessage({ id: 'door/1/action-unit/AU12/1', kind: 'action-unit', label: 'AU12' });
    const state = stateAfter([welcome({ emotions: false }), episodeMessage(), unit]);
    expect(state.events.map(({ label }) => label)).toEqual(['AU12']);
  });

  it('keeps events in order of their beginning, and only so many', () => {
    const many = Array.from({ length: KEEP.events + 10 }, (_, at) =>
      episodeMessage({ id: `e${at}`, onsetUs: at * 1e6, apexUs: at * 1e6 }),
    );
    const state = stateAfter([welcome(), facesMessage({ seconds: 0 }), ...many]);
    expect(state.events).toHaveLength(KEEP.events);
    expect(state.eventsForgotten).toBe(10);
    expect(state.events[0]!.id).toBe('e10');
    const late = stateAfter([episodeMessage({ id: 'late', onsetUs: 100.5e6, apexUs: 101e6 })], state);
    expect(late.events.findIndex(({ id }) => id === 'late')).toBe(90);
  });

  it('has nothing of cameras among what faces do', () => {
    const waiting = cameraState('door', { status: 'waiting' });
    const state = stateAfter([welcome(), { type: 'state', seq: 4, state: waiting }]);
    expect(state.events).toEqual([]);
    expect(state.log).toMatchObject([{ what: 'away', source: 'door' }]);
  });

  it('keeps the counts of the numbers in a camera’s state', () => {
    const damagedSince = new Date(START_MS + 5000).toISOString();
    const numbers = statsMessage(1, 0);
    const lastEnd = { reason: 'unreachable', message: 'refused' } as const;
    const counted = { attempts: 3, reconnects: 5, lastEnd, decodeErrors: 64, behindMs: 3400 };
    const state = stateAfter([
      welcome(),
      { type: 'state', seq: 4, state: cameraState('door', { damagedSince, decodeErrors: 1 }) },
      { ...numbers, cameras: numbers.cameras.map((camera) => ({ ...camera, ...counted })) },
    ]);
    expect(state.cameras.get('door')).toMatchObject({ damagedSince, ...counted });
  });

  it('forgets a removed camera and ends what went on there', () => {
    const state = stateAfter([
      welcome(),
      episodeMessage(),
      statsMessage(1, 0),
      { type: 'removed', seq: 9, source: 'door' },
    ]);
    expect([...state.cameras.keys()]).toEqual(['desk']);
    expect(state.statsHistory.has('door')).toBe(false);
    expect(state.events[0]!.endMs).not.toBeNull();
  });

  it('keeps two minutes of statistics, with drops per second', () => {
    const state = stateAfter([welcome(), ...Array.from({ length: 200 }, (_, at) => statsMessage(at, at * 3))]);
    const points = state.statsHistory.get('door')!;
    expect(points).toHaveLength(KEEP.statsSeconds);
    expect(points.at(-1)).toMatchObject({ p95: 50, droppedNow: 3 });
  });

  it('estimates the server’s clock by the message that travelled least', () => {
    const message = facesMessage({ seconds: 0 });
    const slow = reduce(EMPTY_STATE, message, START_MS + 500);
    const fast = reduce(slow, message, START_MS + 60);
    expect(fast.skewMs).toBe(-20);
    expect(reduce(fast, message, START_MS + 900).skewMs).toBe(-20);
  });

  it('shows a notice once per code until it is dismissed', () => {
    const slow = { type: 'notice', level: 'warning', code: 'SLOW', message: 'you are slow' } as const;
    const state = stateAfter([slow, slow, { type: 'error', code: 'BAD', message: 'no', ref: null }]);
    expect(state.notices.map(({ code }) => code)).toEqual(['SLOW', 'BAD']);
    expect(dismissNotice(state, 'SLOW').notices.map(({ code }) => code)).toEqual(['BAD']);
  });
});
