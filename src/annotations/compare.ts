import type { Annotation } from '../domain/annotation.js';
import { type Micros, micros } from '../domain/units.js';
import type { Comparison } from './agree.js';
import type { Span } from './match.js';
import { type Stretch, seenBy } from './person-episodes.js';
import type { Results } from './results.js';

/** Name under which measured results are compared. */
export const MEASURED = 'mien';

/** What one of those who are compared said of one video. */
export interface Judge {
  /** "mien", or the rater's word. */
  readonly name: string;
  readonly stretches: readonly Stretch[];
  /** Null: mien, which judges everything. */
  readonly annotations: readonly Annotation[] | null;
}

/** One comparison with whom and what it is about. */
export interface NamedComparison extends Comparison {
  readonly source: string;
  readonly person: number;
  /** The reference. */
  readonly a: string;
  readonly b: string;
}

/** mien and all raters of a video. */
export function judgesOf(results: Results, ratings: ReadonlyMap<string, readonly Annotation[]>): Judge[] {
  const raters = [...ratings].map(([name, annotations]) => ({ name, annotations, stretches: seenBy(annotations) }));
  return [...raters, { name: MEASURED, stretches: results.episodes, annotations: null }];
}

const DEFAULT_FPS = 25;

/** Every label of every person that two judges of a video judged, for every two. A rater is the reference of mien. */
export function comparisonsOf(results: Results, judges: readonly Judge[]): NamedComparison[] {
  const { run, people } = results;
  const frameUs = 1e6 / (run.video.nominalFps ?? DEFAULT_FPS);
  const comparisons: NamedComparison[] = [];
  for (const [at, a] of judges.entries())
    for (const b of judges.slice(at + 1))
      for (const { person } of people.people)
        for (const { kind, label } of labelsOf([a, b], person)) {
          const of = (judge: Judge) =>
            judge.stretches.filter((each) => each.person === person && each.label === label && each.kind === kind);
          const unjudged = [a, b].flatMap((judge) => unjudgedTime(results, judge, { person, kind, label }));
          const judged = without(seenTime(results, person), unjudged);
          const [eventsA, eventsB] = [of(a), of(b)].map((events) =>
            events.filter((each) => !touches(each, unjudged)),
          ) as [Stretch[], Stretch[]];
          comparisons.push({
            source: run.source,
            person,
            kind,
            label,
            a: a.name,
            b: b.name,
            judged,
            eventsA,
            eventsB,
            frameUs,
          });
        }
  return comparisons;
}

/** Kinds that all raters among two judged of a person, with every label that either of them saw there. */
function labelsOf(pair: readonly Judge[], person: number): Pick<Stretch, 'kind' | 'label'>[] {
  const isJudged = ({ kind, label }: Stretch): boolean =>
    pair.every(
      ({ annotations }) =>
        annotations === null ||
        annotations.some(
          (each) => each.person === person && each.kind === kind && (kind !== 'action-unit' || each.label === label),
        ),
    );
  const seen = pair.flatMap(({ stretches }) => stretches.filter((each) => each.person === person && isJudged(each)));
  const labels = new Map(seen.map(({ kind, label }) => [`${kind}/${label}`, { kind, label }]));
  return [...labels.keys()].sort().map((key) => labels.get(key)!);
}

/** Measured episodes of this kind that a rater has not come to yet. */
function unjudgedTime(
  { episodes }: Results,
  { annotations }: Judge,
  subject: Pick<Stretch, 'person' | 'kind' | 'label'>,
): Span[] {
  if (annotations === null) return [];
  const judged = new Set(annotations.map(({ episode }) => episode));
  // The rater's own tiers need not speak of measured episodes at all.
  if (annotations.every(({ episode }) => episode === null)) return [];
  const { person, kind, label } = subject;
  return episodes.filter(
    (each) =>
      each.person === person &&
      each.kind === kind &&
      (kind !== 'action-unit' || each.label === label) &&
      !judged.has(each.id),
  );
}

/** When a person was in the picture: only then can anybody see what their face does. */
function seenTime({ tracks, people, run }: Results, person: number): Span[] {
  const end = micros((run.video.durationSeconds ?? 0) * 1e6);
  if (tracks === null) return [{ onsetUs: micros(0), offsetUs: end }];
  const frameUs = 1e6 / (run.video.nominalFps ?? DEFAULT_FPS);
  const theirs = people.people.find((each) => each.person === person)?.tracks ?? [];
  const spans = theirs.flatMap(({ track, fromUs, toUs }) =>
    (tracks.find((each) => each.track === track)?.seen ?? []).map((seen) => ({
      onsetUs: Math.max(seen.fromUs, fromUs ?? seen.fromUs) as Micros,
      offsetUs: micros(Math.min(seen.toUs + frameUs, toUs ?? Number.POSITIVE_INFINITY)),
    })),
  );
  return joined(spans.filter(({ onsetUs, offsetUs }) => offsetUs > onsetUs));
}

const touches = (span: Span, others: readonly Span[]): boolean =>
  others.some(({ onsetUs, offsetUs }) => onsetUs < span.offsetUs && offsetUs > span.onsetUs);

/** Spans in order of time, those that overlap or touch as one. */
function joined(spans: readonly Span[]): Span[] {
  const whole: Span[] = [];
  for (const span of [...spans].sort((x, y) => x.onsetUs - y.onsetUs)) {
    const last = whole.at(-1);
    if (last && span.onsetUs <= last.offsetUs)
      whole[whole.length - 1] = { ...last, offsetUs: Math.max(last.offsetUs, span.offsetUs) as Micros };
    else whole.push(span);
  }
  return whole;
}

/** Spans less others. */
function without(spans: readonly Span[], others: readonly Span[]): Span[] {
  const gaps = joined(others);
  return spans.flatMap((span) => {
    const left: Span[] = [];
    let from = span.onsetUs;
    for (const gap of gaps) {
      if (gap.offsetUs <= from || gap.onsetUs >= span.offsetUs) continue;
      if (gap.onsetUs > from) left.push({ onsetUs: from, offsetUs: gap.onsetUs });
      from = gap.offsetUs;
    }
    return from < span.offsetUs ? [...left, { onsetUs: from, offsetUs: span.offsetUs }] : left;
  });
}
