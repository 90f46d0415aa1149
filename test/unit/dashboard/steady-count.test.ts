import { expect, it } from 'vitest';
import { steadyCount } from '../../../dashboards/web/src/model/steady-count.js';

it('gives room to more cards at once, and takes it back once there were fewer for ten seconds, or none', () => {
  const counts: readonly (readonly [number, number])[] = [
    [0, 3],
    [1000, 5],
    [2000, 2],
    [4000, 5],
    [13_000, 2],
    [14_001, 2],
    [15_000, 0],
    [24_002, 0],
  ];
  let steady = { room: 0, atMs: 0 };
  const rooms = counts.map(([atMs, count]) => {
    steady = steadyCount(steady, count, atMs);
    return steady.room;
  });
  expect(rooms).toEqual([3, 5, 5, 5, 5, 2, 0, 0]);
});
