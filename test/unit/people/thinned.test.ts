import { expect, test } from 'vitest';
import { Thinned } from '../../../src/people/thinned.js';

test('what is thinned stays within its bound, in order, from the first on', () => {
  const thinned = new Thinned<number>(8);
  for (let value = 0; value < 1000; value++) thinned.add(value);
  const { kept } = thinned;
  expect(kept.length).toBeLessThanOrEqual(8);
  expect(kept.length).toBeGreaterThanOrEqual(4);
  expect(kept[0]).toBe(0);
  const steps = kept.slice(1).map((value, at) => value - kept[at]!);
  expect(new Set(steps).size).toBe(1);
});
