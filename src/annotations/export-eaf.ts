import { isBlinkUnit } from '../domain/action-units.js';
import type { Annotation } from '../domain/annotation.js';
import { elanLink } from '../elan/links.js';
import { eafText } from '../elan/write-eaf.js';
import { type PersonEpisode, seenBy } from './person-episodes.js';
import type { Results } from './results.js';

/** The ELAN file of results, with tiers of the raters beside the measured ones. */
export function resultsEaf(
  { run, people, episodes }: Pick<Results, 'run' | 'people' | 'episodes'>,
  options: {
    readonly videoPath: string;
    /** Where the file will be, for relative links. */
    readonly eafPath: string;
    readonly ratings: readonly (readonly Annotation[])[];
  },
): string {
  const measured = episodes.map(({ id: _, peak: __, confidence: ___, ...stretch }: PersonEpisode) => ({
    ...stretch,
    rater: null,
  }));
  const said = options.ratings
    .flatMap(seenBy)
    .map(({ person, kind, label, onsetUs, offsetUs, rater }) => ({ person, kind, label, onsetUs, offsetUs, rater }));
  const content = {
    media: elanLink(options.videoPath, options.eafPath),
    linked: [],
    people: people.people,
    entries: [...measured, ...said],
    units: run.actionUnits.filter((key) => !isBlinkUnit(key)),
    properties: {},
  };
  return [...eafText(content)].join('');
}
