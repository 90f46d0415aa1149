import { expect, test } from 'vitest';
import { mapText, personsOf, stateOf } from '../../../dashboards/report/src/people-rows.js';
import { micros } from '../../../src/domain/units.js';

test('a map of the page has every track, names, stretches, and nobody', () => {
  const state = stateOf({
    source: 'talk',
    people: [
      { person: 1, name: 'Ada, the first', tracks: [{ track: 1, fromUs: null, toUs: micros(4e6), by: 'map' }] },
      { person: 2, name: null, tracks: [{ track: 3, fromUs: null, toUs: null, by: 'first' }] },
    ],
    ignored: [2],
    tracks: [1, 2, 3],
  });
  expect(personsOf(state)).toEqual([1, 2]);
  expect(mapText(state)).toBe('track,person,name,from_s,to_s\n1,1,"Ada, the first",,4\n2,-,,,\n3,2,,,\n');
  state.rows.find(({ track }) => track === 1)!.person = 0;
  expect(mapText(state)).toBe('track,person,name,from_s,to_s\n1,-,,,\n2,-,,,\n3,2,,,\n');
});
