import { expect, test } from 'vitest';
import { seenTogether } from '../../../src/people/seen-together.js';
import { shotTies } from '../../../src/people/shot-structure.js';
import type { Tracklet } from '../../../src/people/tracklet.js';
import { tracklet } from '../../support/tracklets.js';

/** Ties of people who are told by their tracks: "1 exchange 5". */
const told = (...people: Tracklet[][]): string[] =>
  shotTies(people, seenTogether(people.flat())).map(({ a, b, by }) => `${a.track} ${by} ${b.track}`);

/** Somebody alone in a picture for so many turns of two seconds, each two turns long. */
const turns = (
  first: number,
  setup: number,
  at: readonly number[],
  more: { x?: number; yaw?: number } = {},
): Tracklet[] =>
  at.map((turn, index) => tracklet(first + 10 * index, [2 * turn, 2 * turn + 2], { x: 300, setup, ...more }));

test('in an exchange, who sits as the one whose turn it is, is that one: the camera moved', () => {
  expect(told(turns(1, 1, [0, 2]), turns(2, 2, [1, 3, 5]), turns(3, 3, [4]))).toEqual(['1 exchange 3']);
});

test.each<[string, Tracklet[][]]>([
  ['an exchange that is not established', [turns(1, 1, [0]), turns(2, 2, [1, 3]), turns(3, 3, [2])]],
  ['somebody shown beside both', [turns(1, 1, [0, 2]), turns(2, 2, [1, 3]), turns(3, 3, [4]), turns(1, 1, [5])]],
  [
    'somebody who sits elsewhere in the picture',
    [turns(1, 1, [0, 2]), turns(2, 2, [1, 3, 5]), turns(3, 3, [4], { x: 520 })],
  ],
  ['somebody who looks elsewhere', [turns(1, 1, [0, 2]), turns(2, 2, [1, 3, 5]), turns(3, 3, [4], { yaw: 0.5 })]],
  ['a minute without anybody between', [turns(1, 1, [0, 2]), turns(2, 2, [1, 3]), turns(3, 3, [40])]],
])('no tie: %s', (_, people) => expect(told(...people)).toEqual([]));

const LEFT = tracklet(1, [0, 4], { x: 150, yaw: -0.05 });
const RIGHT = tracklet(2, [0, 4], { x: 450, yaw: 0.05 });
const single = (yaw: number, setup = 2): Tracklet => tracklet(3, [4, 8], { x: 320, setup, yaw });

test('of two who face each other, the one on the left looks to the right when alone, the other to the left', () => {
  expect(told([LEFT], [RIGHT], [single(-0.3)])).toEqual(['1 direction 3']);
  expect(told([LEFT], [RIGHT], [single(0.3)])).toEqual(['2 direction 3']);
});

test.each<[string, Tracklet[][]]>([
  ['who looks into the camera could be either', [[LEFT], [RIGHT], [single(0.05)]]],
  ['who is in the same set-up has a place of their own', [[LEFT], [RIGHT], [single(-0.3, 1)]]],
  [
    'two who both look into the camera',
    [[{ ...LEFT, stance: { ...LEFT.stance, yaw: 0.04 } }], [RIGHT], [single(-0.3)]],
  ],
  ['three who are seen together', [[LEFT], [RIGHT], [tracklet(4, [0, 4], { x: 600 })], [single(-0.3)]]],
])('%s', (_, people) => expect(told(...people)).toEqual([]));
