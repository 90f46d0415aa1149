import { isBlinkUnit } from '../domain/action-units.js';
import type { Annotation } from '../domain/annotation.js';
import type { EpisodeKind } from '../domain/episode-kind.js';
import { type People, personFinder } from '../domain/people.js';
import type { Episode } from '../domain/records.js';
import type { Micros } from '../domain/units.js';

/** A stretch of time in which a person showed something, as mien measured it or a rater saw it. */
export interface Stretch {
  readonly person: number;
  readonly kind: EpisodeKind;
  readonly label: string;
  readonly onsetUs: Micros;
  readonly offsetUs: Micros;
}

/** A measured episode of a person. */
export interface PersonEpisode extends Stretch {
  /** As in the episodes of its track. */
  readonly id: string;
  readonly confidence: number;
  readonly peak: number;
}

/** Measured episodes of persons, in order of time. AU45 is left out: a blink has an episode of its own. */
export function personEpisodes(episodes: readonly Episode[], people: Pick<People, 'people'>): PersonEpisode[] {
  const find = personFinder(people);
  return episodes
    .flatMap(({ id, track, kind, label, onsetUs, apexUs, offsetUs, confidence, peak }) => {
      const person = isBlinkUnit(label) ? undefined : find(track, onsetUs)?.person;
      const stretch = { kind, label, onsetUs, offsetUs: offsetUs ?? apexUs };
      return person === undefined ? [] : [{ id, person, ...stretch, confidence, peak }];
    })
    .sort((a, b) => a.onsetUs - b.onsetUs || a.person - b.person || a.id.localeCompare(b.id));
}

/** What a rater saw: all that they did not reject. */
export const seenBy = (annotations: readonly Annotation[]): readonly Annotation[] =>
  annotations.filter(({ verdict }) => verdict !== 'rejected');
