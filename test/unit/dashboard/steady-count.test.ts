import { expect, it } from 'vitest';
import { steadyCount } from '../../../dashboards/web/src/model/steady-count.js';

it('gives room to more cards at once, and takes it back once there were fewer for six seconds, or none', () => {
  const counts: readonly (readonly [number, number])[] = [
    [0, 3],
    [1000, 5],
    [2000, 2],
    [4000, 5],
    [9000, 2],
    [10_001, 2],
    [11_000, 0],
    [20_002, 0],
  ];
  let steady = { room: 0, atMs: 0 };
  const rooms = counts.map(([atMs, count]) => {
    steady = steadyCount(steady, count, atMs);
    return steady.room;
  });
  expect(rooms).toEqual([3, 5, 5, 5, 5, 2, 0, 0]);
});
