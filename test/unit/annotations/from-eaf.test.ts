import { describe, expect, test } from 'vitest';
import { ratingFromEaf } from '../../../src/annotations/from-eaf.js';
import type { PersonEpisode } from '../../../src/annotations/person-episodes.js';
import type { EpisodeKind } from '../../../src/domain/episode-kind.js';
import { micros } from '../../../src/domain/units.js';
import { parseEaf } from '../../../src/elan/read-eaf.js';
import { type EafEntry, eafText } from '../../../src/elan/write-eaf.js';

const measured = (id: string, kind: EpisodeKind, label: string, fromMs: number, toMs: number): PersonEpisode => ({
  id,
  person: 1,
  kind,
  label,
  onsetUs: micros(fromMs * 1000 + 123),
  offsetUs: micros(toMs * 1000 + 321),
  confidence: 0.8,
  peak: 0.5,
});

const EPISODES = [
  measured('e1', 'emotion', 'happiness', 1000, 2000),
  measured('e2', 'emotion', 'surprise', 3000, 4000),
  measured('e3', 'emotion', 'fear', 5000, 6000),
  measured('u1', 'action-unit', 'AU12', 1000, 2000),
  measured('b1', 'blink', 'blink', 2500, 2600),
];

const entryOf = ({ id: _, ...episode }: PersonEpisode): EafEntry => ({ ...episode, rater: null });

/** What a rater says who was handed these entries. */
function rated(entries: readonly EafEntry[], change: (text: string) => string = (text) => text) {
  const text = [
    ...eafText({
      media: { url: 'file:///v.mp4', relativeUrl: null, mimeType: 'video/mp4' },
      linked: [],
      people: [{ person: 1, name: null }],
      entries,
      units: ['12'],
      properties: {},
    }),
  ].join('');
  const context = { source: 'talk', rater: 'anna', episodes: EPISODES, persons: [1] };
  return ratingFromEaf(parseEaf(change(text), 'x.eaf'), context);
}

const told = ({ annotations }: ReturnType<typeof rated>) =>
  annotations.map(({ episode, verdict, label, onsetUs, offsetUs }) => [
    episode,
    verdict,
    label,
    onsetUs / 1000,
    offsetUs / 1000,
  ]);

test('a file that nobody changed: all accepted, with the measured times', () => {
  const rating = rated(EPISODES.map(entryOf));
  expect(rating.problems).toEqual([]);
  expect(told(rating)).toEqual(
    EPISODES.map(({ id, label, onsetUs, offsetUs }) => [id, 'accepted', label, onsetUs / 1000, offsetUs / 1000]),
  );
  expect(rating.annotations[0]).toMatchObject({
    v: 1,
    id: 'anna/e1',
    source: 'talk',
    rater: 'anna',
    person: 1,
    kind: 'emotion',
  });
});

test('moved, renamed, removed, added', () => {
  const [e1, e2, , u1, b1] = EPISODES.map(entryOf);
  const rating = rated([
    { ...e1!, onsetUs: micros(900_000) },
    { ...e2!, label: 'anger' },
    { ...e1!, label: 'sadness', onsetUs: micros(8_000_000), offsetUs: micros(9_000_000) },
    u1!,
    b1!,
  ]);
  expect(told(rating)).toEqual([
    ['e1', 'corrected', 'happiness', 900, 2000],
    ['e2', 'corrected', 'anger', 3000, 4000],
    ['e3', 'rejected', 'fear', 5000.123, 6000.321],
    ['u1', 'accepted', 'AU12', 1000.123, 2000.321],
    ['b1', 'accepted', 'blink', 2500.123, 2600.321],
    [null, 'added', 'sadness', 8000, 9000],
  ]);
});

test('what has no tier was not judged', () => {
  const rating = rated(EPISODES.slice(0, 3).map(entryOf));
  expect(told(rating).map(([episode]) => episode)).toEqual(['e1', 'e2', 'e3', 'b1']);
});

test('tiers of the rater’s own count alone', () => {
  const own = { ...entryOf(EPISODES[0]!), rater: 'anna' };
  const rating = rated([...EPISODES.map(entryOf), own]);
  expect(told(rating).map(([episode, verdict]) => `${episode} ${verdict}`)).toEqual([
    'e1 accepted',
    'e2 rejected',
    'e3 rejected',
    'b1 rejected',
  ]);
  expect(rating.leftOut).toContain('Person 1 AU12');
});

describe('what is wrong is told, all at once', () => {
  test('labels that there are not, persons that there are not', () => {
    const rating = rated(EPISODES.map(entryOf), (text) =>
      text
        .replace('<ANNOTATION_VALUE>happiness', '<ANNOTATION_VALUE>bliss')
        .replace('<ANNOTATION_VALUE>AU12', '<ANNOTATION_VALUE>AU6')
        .replace('TIER_ID="Person 1 speech"', 'TIER_ID="Person 7 speech"'),
    );
    expect(rating.problems).toEqual([
      'tier "Person 1 emotion" at 0:01.00: "bliss" is no label of such a tier',
      'tier "Person 1 AU12" at 0:01.00: "AU6" is no label of such a tier',
      'tier "Person 7 speech": there is no person 7; the persons are 1',
    ]);
    expect(rating.annotations).toEqual([]);
  });

  test('a file of something else', () => {
    const rating = rated([], (text) => text.replaceAll('TIER_ID="Person', 'TIER_ID="Speaker'));
    expect(rating.problems).toEqual(['no tier is named like "Person 1 emotion" or "Person 1 AU12"']);
    expect(rating.leftOut).toEqual(['Speaker 1 emotion', 'Speaker 1 blink', 'Speaker 1 speech']);
  });
});
