import { clampInsight, insightWords, withoutEmotions } from '../../../../src/report/insight-words.js';
import { type DashboardState, KEEP, type PageEvent, type PageInsight } from './state.js';
import type { InsightMessage } from './wire.js';

/** A message as the page keeps it: cut to what is shown, and without emotions where none are shown. */
export function insightOf(
  { insight, fusion, evidenceJpeg, atMs, source }: InsightMessage,
  facts: { readonly emotions: boolean; readonly keepEvidence: boolean },
): PageInsight {
  const shown = clampInsight(facts.emotions ? insight : withoutEmotions(insight));
  const fits = evidenceJpeg !== null && evidenceJpeg.length <= KEEP.evidenceChars;
  const evidence = facts.keepEvidence && fits && /^[A-Za-z0-9+/]+={0,2}$/.test(evidenceJpeg) ? evidenceJpeg : null;
  return { insight: { ...shown, source }, fusion: facts.emotions ? fusion : null, atMs, evidence };
}

/** Its row in the event list. */
export function eventOfInsight({ insight, atMs }: PageInsight): PageEvent {
  const { headline, standing } = insightWords(insight);
  return {
    id: insight.id,
    kind: 'insight',
    source: insight.source,
    track: insight.track,
    label: headline,
    atMs,
    apexMs: atMs,
    endMs: atMs,
    peak: null,
    confidence: insight.confidence,
    detail: standing,
  };
}

const samePerson = (a: PageInsight, b: PageInsight): boolean =>
  a.insight.source === b.insight.source && a.insight.track === b.insight.track;

/** With one more, in its place by time; the oldest of its person, then of all, give way, and the oldest pictures too. */
export function addInsight(before: readonly PageInsight[], added: PageInsight): readonly PageInsight[] {
  let insights = before.filter(({ insight }) => insight.id !== added.insight.id);
  const after = insights.findIndex(({ atMs }) => atMs > added.atMs);
  insights.splice(after < 0 ? insights.length : after, 0, added);
  const ofPerson = insights.filter((other) => samePerson(other, added));
  if (ofPerson.length > KEEP.insightsPerTrack) insights = insights.filter((other) => other !== ofPerson[0]);
  insights = insights.slice(-KEEP.insights);
  let room: number = KEEP.allEvidenceChars;
  for (let at = insights.length - 1; at >= 0; at--) {
    const one = insights[at]!;
    if (one.evidence === null) continue;
    room -= one.evidence.length;
    if (room < 0) insights[at] = { ...one, evidence: null };
  }
  return insights;
}

/** Whether pictures of insights are kept. Not: those there are forgotten, as faces are to be blurred now. */
export function keepEvidence(before: DashboardState, keep: boolean): DashboardState {
  if (keep) return { ...before, keepEvidence: true };
  const insights = before.insights.map((insight) => ({ ...insight, evidence: null }));
  return { ...before, keepEvidence: false, insights };
}

/** The newest of a person up to a moment, newest first. */
export function insightsOf(
  insights: readonly PageInsight[],
  who: { readonly source: string; readonly track: number; readonly atMs: number; readonly most: number },
): readonly PageInsight[] {
  return insights
    .filter(({ insight, atMs }) => insight.source === who.source && insight.track === who.track && atMs <= who.atMs)
    .slice(-who.most)
    .reverse();
}
