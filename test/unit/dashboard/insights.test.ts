import { describe, expect, it } from 'vitest';
import { insightsJsonl } from '../../../dashboards/web/src/model/export-text.js';
import { filterEvents, NO_FILTER } from '../../../dashboards/web/src/model/filters.js';
import { insightsOf, keepEvidence } from '../../../dashboards/web/src/model/insights.js';
import { reduce } from '../../../dashboards/web/src/model/reduce.js';
import { type DashboardState, EMPTY_STATE, KEEP } from '../../../dashboards/web/src/model/state.js';
import { subscriptionsFor } from '../../../dashboards/web/src/model/subscription.js';
import type { InsightJson, InsightMessage, ServerMessage } from '../../../dashboards/web/src/model/wire.js';
import { eventDetail, eventTitle } from '../../../dashboards/web/src/words.js';
import { START_MS, welcome } from '../../support/dashboard-messages.js';
import { weighedIn } from '../../support/insight-builder.js';
import { insight } from '../../support/scripted-insights.js';

const stateAfter = (messages: readonly ServerMessage[], start: DashboardState = EMPTY_STATE): DashboardState =>
  messages.reduce((state, message) => reduce(state, message, START_MS), start);

/** An insight at a second; what is said of each is another. */
function said(seconds: number, more: Partial<InsightJson> = {}, message: Partial<InsightMessage> = {}): InsightMessage {
  const ofJson = JSON.parse(JSON.stringify(insight())) as InsightJson;
  const { source = 'door', track = 1 } = more;
  return {
    type: 'insight',
    seq: 1,
    source,
    atMs: START_MS + seconds * 1000,
    insight: { ...ofJson, id: `${source}/${track}/insight/${seconds}`, ptsUs: seconds * 1e6, ...more },
    fusion: weighedIn(),
    evidenceJpeg: '/9j/AAAA',
    ...message,
  };
}

describe('insights in the state of the page', () => {
  it('are kept by the time of their evidence, once, with a row in the event list', () => {
    const state = stateAfter([welcome(), said(3), said(1), said(3)]);
    expect(state.insights.map(({ atMs }) => (atMs - START_MS) / 1000)).toEqual([1, 3]);
    expect(filterEvents(state.events, { ...NO_FILTER, kind: 'insight' }, 9).shown).toMatchObject([
      {
        kind: 'insight',
        label: 'happiness',
        track: 1,
        atMs: START_MS + 3000,
        endMs: START_MS + 3000,
        detail: 'agrees',
      },
      { atMs: START_MS + 1000 },
    ]);
  });

  it('say in the event list what disagrees, and that it is a model that speaks', () => {
    const [event] = stateAfter([welcome(), said(1, { agreesWithMeasured: false })]).events;
    expect(eventTitle(event!)).toBe('LLM: happiness');
    expect(eventDetail(event!)).toBe('disagrees with the measurement');
  });

  it('of a person up to a moment, newest first', () => {
    const { insights } = stateAfter([welcome(), said(1), said(2), said(3), said(2, { track: 2 })]);
    const found = insightsOf(insights, { source: 'door', track: 1, atMs: START_MS + 2500, most: 3 });
    expect(found.map(({ atMs }) => atMs - START_MS)).toEqual([2000, 1000]);
  });

  it('are bounded by person, in all, in the length of texts and in pictures', () => {
    const long = 'x'.repeat(2e6);
    let state = stateAfter([welcome()]);
    for (let at = 0; at < 40; at++) state = stateAfter([said(at)], state);
    expect(state.insights).toHaveLength(KEEP.insightsPerTrack);
    expect(state.insights[0]!.atMs).toBe(START_MS + (40 - KEEP.insightsPerTrack) * 1000);
    for (let track = 2; track < 2 + KEEP.insights; track++) {
      state = stateAfter([said(100, { track, description: long })], state);
    }
    expect(state.insights).toHaveLength(KEEP.insights);
    expect(JSON.stringify(state.insights).length).toBeLessThan(KEEP.insights * 4000);
    const evidenceJpeg = 'A'.repeat(KEEP.evidenceChars);
    for (let track = 1; track <= 60; track++) state = stateAfter([said(200, { track }, { evidenceJpeg })], state);
    const kept = state.insights.reduce((sum, { evidence }) => sum + (evidence?.length ?? 0), 0);
    expect(kept).toBeLessThanOrEqual(KEEP.allEvidenceChars);
    expect(kept).toBeGreaterThan(KEEP.allEvidenceChars - KEEP.evidenceChars);
    expect(state.insights.at(-1)!.evidence).toBe(evidenceJpeg);
  });

  it.each([
    ['no base64', '"><script>'],
    ['too long', 'A'.repeat(KEEP.evidenceChars + 1)],
    ['empty', ''],
    ['none', null],
  ])('a picture that is %s is not kept', (_, evidenceJpeg) => {
    expect(stateAfter([welcome(), said(1, {}, { evidenceJpeg })]).insights).toMatchObject([{ evidence: null }]);
  });

  it('lose their pictures when faces are to be blurred, and get none while they are', () => {
    const blurred = keepEvidence(stateAfter([welcome(), said(1)]), false);
    expect(stateAfter([said(2)], blurred).insights.map(({ evidence }) => evidence)).toEqual([null, null]);
    const other = stateAfter([welcome({ epoch: 'two' }), said(1)], blurred);
    expect(other.insights).toMatchObject([{ evidence: null }]);
    expect(stateAfter([said(3)], keepEvidence(other, true)).insights.at(-1)!.evidence).toBe('/9j/AAAA');
  });

  it('name no emotion, and repeat no words that may, where only action units are read', () => {
    const state = stateAfter([welcome({ emotions: false }), said(1, { compound: 'happily surprised' })]);
    expect(state.events).toMatchObject([{ label: 'facial movements', confidence: null }]);
    expect([...insightsJsonl(state.insights)].join('')).not.toMatch(/happi|suggest/);
    expect(state.insights[0]!.fusion).toBeNull();
    expect(state.insights[0]!.insight.claimedActionUnits).toEqual(['6', '12']);
  });

  it('are forgotten with their camera, and with the run of the server', () => {
    const state = stateAfter([welcome(), said(1), said(1, { source: 'desk' })]);
    const removed = stateAfter([{ type: 'removed', seq: 2, source: 'door' }], state);
    expect(removed.insights.map(({ insight: { source } }) => source)).toEqual(['desk']);
    expect(stateAfter([welcome({ epoch: 'two' })], state).insights).toEqual([]);
  });

  it('are exported as lines, without pictures, and asked for', () => {
    const lines = [...insightsJsonl(stateAfter([welcome(), said(1), said(2)]).insights)];
    expect(lines.map((line) => (JSON.parse(line) as InsightJson).ptsUs)).toEqual([1e6, 2e6]);
    expect(lines.join('')).not.toContain('/9j/');
    const hidden = {
      cameras: 1,
      landmarks: 'none',
      blurFaces: false,
      visible: false,
      wall: false,
      only: null,
    } as const;
    expect(subscriptionsFor(hidden).readings.kinds).toContain('insights');
  });
});
