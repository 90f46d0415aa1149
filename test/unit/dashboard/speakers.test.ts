import { expect, test } from 'vitest';
import { speakersOf, turnsText } from '../../../dashboards/report/src/speakers.js';
import type { EpisodeData, PeopleData, TrackData } from '../../../src/report/report-data.js';

const track = (id: number, firstS: number, lastS: number): TrackData =>
  ({ id, firstUs: firstS * 1e6, lastUs: lastS * 1e6 }) as TrackData;
const episode = (of: number, kind: string, onsetS: number, offsetS: number): EpisodeData =>
  ({ track: of, kind, onsetUs: onsetS * 1e6, offsetUs: offsetS * 1e6 }) as EpisodeData;

const PAGE = {
  tracks: [track(1, 0, 10), track(2, 0, 20), track(3, 10, 20)],
  episodes: [
    episode(1, 'speech', 8, 10),
    episode(3, 'speech', 10.3, 12),
    episode(3, 'speech', 15, 16),
    episode(2, 'emotion', 1, 2),
  ],
};
const mine = (of: number) => ({ track: of, fromUs: null, toUs: null, by: 'first' as const });
const PEOPLE: PeopleData = {
  source: 'a',
  people: [
    { person: 1, name: 'Ada', tracks: [mine(1), mine(3)] },
    { person: 2, name: null, tracks: [mine(2)] },
  ],
  ignored: [],
  tracks: [1, 2, 3],
};

test('turns are a person’s, and one that a cut divides is one', () => {
  const [ada, other] = speakersOf(PAGE, PEOPLE);
  expect(ada).toMatchObject({
    name: 'Ada',
    turns: [
      { fromUs: 8e6, toUs: 12e6 },
      { fromUs: 15e6, toUs: 16e6 },
    ],
  });
  expect(ada!.seen).toEqual([{ fromUs: 0, toUs: 20e6 }]);
  expect(turnsText(ada!)).toBe('5.0 s in 2 turns');
  expect(other).toMatchObject({ name: 'Person 2', turns: [] });
  expect(turnsText(other!)).toBe('not heard');
});

test('faces speak where nobody said who is who; nobody of interest is left out', () => {
  expect(speakersOf(PAGE, null).map(({ name, turns }) => [name, turns.length])).toEqual([
    ['Face 1', 1],
    ['Face 2', 0],
    ['Face 3', 2],
  ]);
  expect(speakersOf(PAGE, { ...PEOPLE, people: PEOPLE.people.slice(0, 1), ignored: [2] })).toHaveLength(1);
});
