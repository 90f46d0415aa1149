import { describe, expect, it } from 'vitest';
import { reduce } from '../../../dashboards/web/src/model/reduce.js';
import { type DashboardState, EMPTY_STATE, KEEP } from '../../../dashboards/web/src/model/state.js';
import type { InsightMessage, ServerMessage, WritingMessage } from '../../../dashboards/web/src/model/wire.js';
import { fresh, writingOf } from '../../../dashboards/web/src/model/writings.js';
import { START_MS, welcome } from '../../support/dashboard-messages.js';
import { insight } from '../../support/scripted-insights.js';

const written = (text: string, more: Partial<WritingMessage> = {}): WritingMessage => ({
  type: 'writing',
  source: 'door',
  atMs: START_MS,
  track: 1,
  ptsUs: 1_000_000,
  task: 'describe',
  emotion: 'happiness',
  text,
  ...more,
});
const stateAfter = (messages: readonly ServerMessage[], start: DashboardState = EMPTY_STATE): DashboardState =>
  messages.reduce((state, message) => reduce(state, message, START_MS), start);
const of = ({ writings }: DashboardState, track = 1) => writingOf(writings, { source: 'door', track });

describe('answers in the making', () => {
  it('grow, each person’s own, until their insight comes', () => {
    const state = stateAfter([welcome(), written('A'), written('A smile'), written('B', { track: 2, emotion: null })]);
    expect([of(state), of(state, 2), of(state, 3)]).toEqual(['happiness: A smile', 'B', null]);
    const told = JSON.parse(JSON.stringify(insight({ ptsUs: 1_000_000 as never }))) as InsightMessage['insight'];
    const message = {
      type: 'insight',
      seq: 1,
      source: 'door',
      atMs: START_MS,
      insight: told,
      fusion: null,
      evidenceJpeg: null,
    } as const;
    expect(of(stateAfter([message], state))).toBeNull();
    expect(of(stateAfter([{ ...message, insight: { ...told, task: 'emotion' } }], state))).toBe('happiness: A smile');
  });

  it('are forgotten when nothing more comes, are bounded, and go with their camera', () => {
    const state = stateAfter([welcome(), written('A')]);
    expect(fresh(state.writings, START_MS + KEEP.writingMs)).toHaveLength(1);
    expect(fresh(state.writings, START_MS + KEEP.writingMs + 1)).toEqual([]);
    const many = Array.from({ length: 40 }, (_, track) => written('x'.repeat(1e5), { track }));
    const full = stateAfter(many, state).writings;
    expect(full).toHaveLength(KEEP.writings);
    expect(full[0]!.writing.text.length).toBeLessThan(2000);
    expect(stateAfter([{ type: 'removed', seq: 2, source: 'door' }], state).writings).toEqual([]);
  });

  it('are not shown in the action-units-only mode', () => {
    expect(of(stateAfter([welcome({ emotions: false }), written('A')]))).toBeNull();
  });
});
