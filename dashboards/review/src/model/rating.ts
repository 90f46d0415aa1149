import type { PersonEpisode, Stretch } from '../../../../src/annotations/person-episodes.js';
import type { Annotation, Verdict } from '../../../../src/domain/annotation.js';
import { micros } from '../../../../src/domain/units.js';

/** All that the rater says, by the id of each annotation. */
export type Rating = ReadonlyMap<string, Annotation>;

/** What the rating steps of undo are made of. */
export interface History {
  readonly now: Rating;
  readonly past: readonly Rating[];
  readonly future: readonly Rating[];
}

/** Steps that can be taken back. */
const MAX_STEPS = 500;

export const historyOf = (annotations: readonly Annotation[]): History => ({
  now: new Map(annotations.map((each) => [each.id, each])),
  past: [],
  future: [],
});

export function step({ now, past }: History, next: Rating): History {
  return { now: next, past: [...past, now].slice(-MAX_STEPS), future: [] };
}

export function undo(history: History): History {
  const before = history.past.at(-1);
  if (!before) return history;
  return { now: before, past: history.past.slice(0, -1), future: [history.now, ...history.future] };
}

export function redo(history: History): History {
  const [next, ...future] = history.future;
  return next ? { now: next, past: [...history.past, history.now], future } : history;
}

/** A measured episode, or one that the rater added, as it stands now. */
export interface Item extends Stretch {
  /** Of its annotation, whether there is one yet or not. */
  readonly id: string;
  readonly episode: PersonEpisode | null;
  /** Null: not judged yet. */
  readonly verdict: Verdict | null;
  /** Of the measurement; 1 of what was added. */
  readonly confidence: number;
}

interface Who {
  readonly source: string;
  readonly rater: string;
}

const idOf = ({ rater }: Who, episode: PersonEpisode): string => `${rater}/${episode.id}`;

/** Everything there is to judge and what was added, in order of time. */
export function itemsOf(episodes: readonly PersonEpisode[], rating: Rating, who: Who): Item[] {
  const byEpisode = new Map([...rating.values()].map((each) => [each.episode, each]));
  const measured = episodes.map((episode): Item => {
    const said = byEpisode.get(episode.id);
    const { person, kind, label, onsetUs, offsetUs } = said ?? episode;
    const stretch = { person, kind, label, onsetUs, offsetUs };
    return {
      id: said?.id ?? idOf(who, episode),
      episode,
      verdict: said?.verdict ?? null,
      confidence: episode.confidence,
      ...stretch,
    };
  });
  const added = [...rating.values()]
    .filter(({ episode }) => episode === null)
    .map(
      ({ id, verdict, person, kind, label, onsetUs, offsetUs }): Item => ({
        id,
        episode: null,
        verdict,
        confidence: 1,
        person,
        kind,
        label,
        onsetUs,
        offsetUs,
      }),
    );
  return [...measured, ...added].sort((a, b) => a.onsetUs - b.onsetUs || a.id.localeCompare(b.id));
}

/** Says yes or no to an episode, as it stands; what was added and is rejected is gone. */
export function judge(rating: Rating, item: Item, verdict: 'accepted' | 'rejected', who: Who): Rating {
  if (item.episode === null) return verdict === 'accepted' ? rating : without(rating, item.id);
  const { person, kind, label, onsetUs, offsetUs } = item.episode;
  const measured = { person, kind, label, onsetUs, offsetUs };
  // What was corrected stays so when it is accepted.
  if (verdict === 'accepted' && item.verdict === 'corrected') return rating;
  return set(rating, annotation(who, item, { ...measured, verdict }));
}

/** Takes a judgement back. */
export const forget = (rating: Rating, { id }: Item): Rating => without(rating, id);

/** Another label, onset or offset. A stretch that would take no time stays as it is. */
export function correct(
  rating: Rating,
  item: Item,
  change: { readonly label?: string; readonly onsetUs?: number; readonly offsetUs?: number },
  who: Who,
): Rating {
  const onsetUs = micros(Math.max(0, Math.round(change.onsetUs ?? item.onsetUs)));
  const offsetUs = micros(Math.round(change.offsetUs ?? item.offsetUs));
  if (offsetUs <= onsetUs) return rating;
  const { person, kind } = item;
  const stretch = { person, kind, label: change.label ?? item.label, onsetUs, offsetUs };
  const { episode } = item;
  const isMeasured =
    episode?.label === stretch.label && episode.onsetUs === stretch.onsetUs && episode.offsetUs === stretch.offsetUs;
  return set(
    rating,
    annotation(who, item, { ...stretch, verdict: episode === null ? 'added' : isMeasured ? 'accepted' : 'corrected' }),
  );
}

/** A new stretch that was not measured. */
export function add(rating: Rating, stretch: Stretch, who: Who): { readonly rating: Rating; readonly id: string } {
  let number = 1;
  while (rating.has(`${who.rater}/added/${number}`)) number += 1;
  const id = `${who.rater}/added/${number}`;
  return { rating: set(rating, annotation(who, { id, episode: null }, { ...stretch, verdict: 'added' })), id };
}

function annotation(
  { source, rater }: Who,
  { id, episode }: Pick<Item, 'id' | 'episode'>,
  said: Stretch & { readonly verdict: Verdict },
): Annotation {
  const { person, kind, label, onsetUs, offsetUs, verdict } = said;
  return {
    v: 1,
    id,
    source,
    rater,
    person,
    kind,
    label,
    onsetUs,
    offsetUs,
    verdict,
    episode: episode?.id ?? null,
    note: null,
  };
}

const set = (rating: Rating, each: Annotation): Rating => new Map(rating).set(each.id, each);

function without(rating: Rating, id: string): Rating {
  const next = new Map(rating);
  next.delete(id);
  return next;
}
