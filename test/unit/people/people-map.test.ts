import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PEOPLE_VERSION, type PeopleFile, personAt } from '../../../src/domain/people.js';
import { microsFromSeconds } from '../../../src/domain/units.js';
import { joinTracks } from '../../../src/people/join-tracks.js';
import { applyPeopleMap, readPeopleMap } from '../../../src/people/people-map.js';
import { tempFolders } from '../../support/temp-folder.js';
import { tracklet } from '../../support/tracklets.js';

const folder = tempFolders();

/** Tracks 1 and 2 are joined; 3 is in the picture together with 1. */
function file(): PeopleFile {
  const tracks = [tracklet(1, [0, 10]), tracklet(2, [60, 70]), tracklet(3, [2, 8], { x: 400 })];
  const people = joinTracks(tracks);
  return { v: PEOPLE_VERSION, source: 'talk', people, ignored: [], joined: people, tracks };
}

function map(text: string) {
  const path = join(folder(), 'map.csv');
  writeFileSync(path, text);
  return readPeopleMap(path);
}

/** Who a track is at some times: "1 Ada". */
const whose = (who: PeopleFile, track: number, ...seconds: number[]): (string | null)[] =>
  seconds.map((at) => {
    const found = personAt(who, track, microsFromSeconds(at));
    return found && [found.person, found.name].filter((part) => part !== null).join(' ');
  });

test('a track that a map names is as it says; others stay with whom they were joined', () => {
  const who = applyPeopleMap(file(), map('track,person,name\n2,5,Ada\n'));
  expect(whose(who, 1, 5)).toEqual(['1']);
  expect(whose(who, 2, 65)).toEqual(['5 Ada']);
  expect(who.people.map(({ person }) => person)).toEqual([1, 2, 5]);
});

test('stretches are half-open; outside of them the track is nobody’s', () => {
  const who = applyPeopleMap(file(), map('track,person,from_s,to_s\n1,1,,4\n1,7,4,6.5\n'));
  expect(whose(who, 1, 0, 3.999999, 4, 6.4, 6.5, 9)).toEqual(['1', '1', '7', '7', null, null]);
});

test('nobody of interest', () => {
  const who = applyPeopleMap(file(), map('track,person\n3,-\n'));
  expect(who.ignored).toEqual([3]);
  expect(whose(who, 3, 5)).toEqual([null]);
});

test('a second map starts from what was joined, not from the first map', () => {
  const first = applyPeopleMap(file(), map('track,person,name\n2,5,Ada\n'));
  expect(applyPeopleMap(first, map('track,person\n3,-\n'))).toEqual(applyPeopleMap(file(), map('track,person\n3,-\n')));
});

test.each([
  ['name,track\n', /line 1: there is no column person; columns are track,person,name,from_s,to_s/],
  ['track,person,when\n', /line 1: column "when" is none of/],
  [
    'track,person\nx,1\n1,0\n',
    /line 2: track "x" is no number of a track; line 3: person "0" is neither a number from 1 on nor - for nobody$/,
  ],
  [
    'track,person,from_s,to_s\n1,1,soon,\n1,1,4,3\n',
    /line 2: from_s "soon" is no time.*; line 3: to_s 3 is not after from_s 4/,
  ],
  ['track,person,from_s\n1,-,4\n', /line 2: a stretch of nobody is left out instead/],
  ['track,person,name\n1,1,person 2\n', /line 2: name "person 2" is how persons without a name are called/],
])('all that is wrong with a map by itself is told with its lines: %j', (text, message) => {
  expect(() => map(text)).toThrow(
    expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringMatching(message) }),
  );
});

test.each([
  ['track,person\n9,1\n8,2\n', /line 2: there is no track 9 in talk; line 3: there is no track 8 in talk/],
  ['track,person,name\n1,1,Ada\n2,1,Ben\n', /line 3: person 1 is "Ben" here, "Ada" in line 2/],
  ['track,person,name\n1,1,Ada\n3,2,Ada\n', /line 3: "Ada" is person 1 in line 2/],
  ['track,person,to_s\n1,1,4\n1,2,\n', /line 3: track 1 is already told in line 2/],
  ['track,person\n3,1\n', /line 2: tracks 1 and 3 are both in the picture at 2.00 s, so not both person 1/],
])('what cannot be of these tracks is refused: %j', (text, message) => {
  expect(() => applyPeopleMap(file(), map(text))).toThrow(
    expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringMatching(message) }),
  );
});

test('tracks that are together in a frame may be one person at other times', () => {
  const who = applyPeopleMap(file(), map('track,person,from_s,to_s\n1,4,,2\n3,4,2,\n'));
  expect(whose(who, 1, 1)).toEqual(['4']);
  expect(whose(who, 3, 2)).toEqual(['4']);
});
