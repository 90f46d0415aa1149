import { expect, test } from 'vitest';
import type { Appearance } from '../../../src/faces/appearance.js';
import { joinTracks } from '../../../src/people/join-tracks.js';
import type { Tracklet } from '../../../src/people/tracklet.js';
import { tracklet } from '../../support/tracklets.js';

/** Tracks of each person, and why they are theirs: "1 first, 3 place". */
const told = (tracklets: readonly Tracklet[]): string[] =>
  joinTracks(tracklets).map(({ tracks }) => tracks.map(({ track, by }) => `${track} ${by}`).join(', '));

const OTHER_SETUP = { setup: 2 };
const RIGHT = { x: 400 };

test.each<[string, Tracklet[], string[]]>([
  ['one track is one person', [tracklet(1, [0, 5])], ['1 first']],
  ['lost and soon found nearby', [tracklet(1, [0, 5]), tracklet(2, [6, 9], { x: 130 })], ['1 first, 2 place']],
  ['lost and soon found far away', [tracklet(1, [0, 5]), tracklet(2, [6, 9], RIGHT)], ['1 first', '2 first']],
  ['of twice the size', [tracklet(1, [0, 5]), tracklet(2, [6, 9], { side: 160 })], ['1 first', '2 first']],
  ['back at the same place after a minute', [tracklet(1, [0, 5]), tracklet(2, [65, 70])], ['1 first, 2 scene']],
  [
    'the same place of another set-up is not the same place',
    [tracklet(1, [0, 5]), tracklet(2, [5, 9], OTHER_SETUP)],
    ['1 first', '2 first'],
  ],
  [
    'shot, reverse shot, shot, reverse shot',
    [tracklet(1, [0, 5]), tracklet(2, [5, 10], OTHER_SETUP), tracklet(3, [10, 15]), tracklet(4, [15, 20], OTHER_SETUP)],
    ['1 first, 3 scene', '2 first, 4 scene'],
  ],
  [
    'tracks seen in one frame are two people, however near',
    [tracklet(1, [0, 5]), tracklet(2, [4, 9], { x: 110 })],
    ['1 first', '2 first'],
  ],
  [
    'each returns to their own seat',
    [tracklet(1, [0, 5]), tracklet(2, [0, 5], RIGHT), tracklet(3, [60, 65], RIGHT), tracklet(4, [60, 65])],
    ['1 first, 4 scene', '2 first, 3 scene'],
  ],
  [
    'between two seats, either could be meant: nobody is joined',
    [tracklet(1, [0, 5]), tracklet(2, [0, 5], { x: 180 }), tracklet(3, [60, 65], { x: 140 })],
    ['1 first', '2 first', '3 first'],
  ],
  [
    'who is in the picture cannot be meant: the other one is',
    [tracklet(1, [0, 5]), tracklet(2, [0, 65], { x: 180 }), tracklet(3, [60, 65], { x: 140 })],
    ['1 first, 3 scene', '2 first'],
  ],
  [
    'two who pass each other go on as they went',
    [
      { ...tracklet(1, [0, 5], { x: 250 }), leaving: { x: 150, y: 0 } },
      { ...tracklet(2, [0, 5], { x: 350 }), leaving: { x: -150, y: 0 } },
      tracklet(3, [6, 9], { x: 400 }),
      tracklet(4, [6, 9], { x: 200 }),
    ],
    ['1 first, 3 place', '2 first, 4 place'],
  ],
  [
    'a face that is found twice for a frame is no rival',
    [tracklet(1, [0, 5]), tracklet(2, [4.9, 4.98], { x: 120 }), tracklet(3, [5.1, 9])],
    ['1 first, 3 place', '2 first'],
  ],
])('%s', (_, tracklets, people) => expect(told(tracklets)).toEqual(people));

test('people are numbered as they were first seen, whatever the order of tracks', () => {
  const people = joinTracks([tracklet(7, [9, 12], RIGHT), tracklet(2, [3, 5])]);
  expect(people.map(({ person, tracks }) => [person, tracks[0]!.track])).toEqual([
    [1, 2],
    [2, 7],
  ]);
});

/** A face whose luma is a wave of this many periods: other numbers do not correlate. */
function looking(periods: number): Appearance {
  const wave = (length: number): Uint8Array =>
    Uint8Array.from({ length }, (_, at) => 128 + 100 * Math.sin((2 * Math.PI * periods * at) / length));
  return { skin: wave(117), tint: [110, 150], around: wave(144), aroundTint: new Uint8Array(288).fill(128) };
}
const withLooks = (each: Tracklet, periods: number): Tracklet => ({ ...each, looks: [looking(periods)] });

test('with appearance, a face that looks alike is joined wherever it is, and another one in the same seat is not', () => {
  const elsewhere = [withLooks(tracklet(1, [0, 5]), 3), withLooks(tracklet(2, [20, 25], { ...RIGHT, setup: 2 }), 3)];
  expect(told(elsewhere)).toEqual(['1 first, 2 appearance']);
  const sameSeat = [withLooks(tracklet(1, [0, 5]), 3), withLooks(tracklet(2, [20, 25]), 5)];
  expect(told(sameSeat)).toEqual(['1 first', '2 first']);
});

test('a track that was joined says how sure that is; a first one does not', () => {
  const [person] = joinTracks([tracklet(1, [0, 5]), tracklet(2, [6, 9]), tracklet(3, [80, 90])]);
  const [first, soon, later] = person!.tracks.map(({ confidence }) => confidence);
  expect(first).toBeUndefined();
  expect(soon).toBeGreaterThan(later!);
  expect(later).toBeGreaterThan(0.5);
});
