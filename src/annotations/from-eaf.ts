import { ANNOTATION_VERSION, type Annotation } from '../domain/annotation.js';

import type { EafDocument } from '../elan/read-eaf.js';
import { labelOfValue, type TierSubject, tierSubject } from '../elan/tiers.js';
import { clockText } from '../view/clock-words.js';
import { matched } from './match.js';
import type { PersonEpisode, Stretch } from './person-episodes.js';

/** What a rater's ELAN file says of measured episodes. */
export interface ReadRating {
  readonly annotations: readonly Annotation[];
  /** What is wrong in the file, one line each; with any, the annotations are not whole. */
  readonly problems: readonly string[];
  /** Tiers that are not ours and were left alone. */
  readonly leftOut: readonly string[];
}

/** What of a person one tier judges: of an emotion tier all emotions, of a unit's tier this unit. */
const scopeOf = ({ person, kind, label }: Pick<TierSubject, 'person' | 'kind' | 'label'>): string =>
  JSON.stringify([person, kind, kind === 'action-unit' ? label : null]);

/**
 * The judgement of a rater in an ELAN file. Their own tiers ("Person 1 emotion@anna") count if there are any, else the measured
 * ones as the rater left them. What is as it was measured was accepted, what is near it was corrected, what has no counterpart was
 * added; a measured episode that is gone was rejected. What has no tier in the file was not judged.
 */
export function ratingFromEaf(
  document: EafDocument,
  context: {
    readonly source: string;
    readonly rater: string;
    readonly episodes: readonly PersonEpisode[];
    /** Numbers of persons that there are. */
    readonly persons: readonly number[];
  },
): ReadRating {
  const { rater, persons, episodes } = context;
  const subjects = document.tiers.map((tier) => ({ tier, subject: tierSubject(tier.id) }));
  const own = subjects.some(({ subject }) => subject?.rater === rater);
  const judged = subjects.flatMap(({ tier, subject }) =>
    subject && subject.rater === (own ? rater : null) ? [{ tier, subject }] : [],
  );
  const problems: string[] = [];
  if (judged.length === 0) problems.push('no tier is named like "Person 1 emotion" or "Person 1 AU12"');
  const said: Stretch[] = [];
  for (const { tier, subject } of judged) {
    if (!persons.includes(subject.person))
      problems.push(
        `tier "${tier.id}": there is no person ${subject.person}; the persons are ${persons.join(', ') || 'none'}`,
      );
    for (const { fromUs, toUs, value } of tier.annotations) {
      const label = labelOfValue(subject, value);
      const at = `tier "${tier.id}" at ${clockText(fromUs / 1e6)}`;
      if (label === null) problems.push(`${at}: "${value}" is no label of such a tier`);
      else if (toUs <= fromUs) problems.push(`${at}: the annotation takes no time`);
      else said.push({ person: subject.person, kind: subject.kind, label, onsetUs: fromUs, offsetUs: toUs });
    }
  }
  const scopes = new Set(judged.map(({ subject }) => scopeOf(subject)));
  const measured = episodes.filter((each) => scopes.has(scopeOf(each)));
  return {
    annotations: problems.length > 0 ? [] : judgements(measured, said, context),
    problems,
    leftOut: subjects.filter(({ tier }) => !judged.some((each) => each.tier === tier)).map(({ tier }) => tier.id),
  };
}

/** ELAN keeps whole milliseconds: what differs by less is as it was. */
const isSame = (a: Stretch, b: Stretch): boolean =>
  a.label === b.label && Math.abs(a.onsetUs - b.onsetUs) <= 1000 && Math.abs(a.offsetUs - b.offsetUs) <= 1000;

function judgements(
  measured: readonly PersonEpisode[],
  said: readonly Stretch[],
  { source, rater }: { readonly source: string; readonly rater: string },
): Annotation[] {
  const common = { v: ANNOTATION_VERSION, source, rater, note: null } as const;
  const of = ({ person, kind, label, onsetUs, offsetUs }: Stretch): Stretch => ({
    person,
    kind,
    label,
    onsetUs,
    offsetUs,
  });
  const pairs = matched(measured, said, {
    may: (a, b) => a.person === b.person && a.kind === b.kind && (a.kind !== 'action-unit' || a.label === b.label),
  });
  const byEpisode = new Map(pairs.map(({ a, b }) => [a, b]));
  const taken = new Set(pairs.map(({ b }) => b));
  const about = measured.map((episode): Annotation => {
    const now = byEpisode.get(episode);
    const base = { ...common, id: `${rater}/${episode.id}`, episode: episode.id };
    if (!now) return { ...base, ...of(episode), verdict: 'rejected' };
    // The measured times are finer than ELAN's.
    return isSame(episode, now)
      ? { ...base, ...of(episode), verdict: 'accepted' }
      : { ...base, ...of(now), verdict: 'corrected' };
  });
  const added = said
    .filter((stretch) => !taken.has(stretch))
    .map(
      (stretch, at): Annotation => ({
        ...common,
        id: `${rater}/added/${at + 1}`,
        ...of(stretch),
        verdict: 'added',
        episode: null,
      }),
    );
  return [...about, ...added];
}
