import { expect, it } from 'vitest';

interface Figure {
  readonly median: number;
  readonly noise: number;
}
interface Statistics {
  typical(values: readonly number[]): Figure;
  changeFrom(old: Figure, now: Figure): { readonly change: number; readonly noise: number };
}
const path = new URL('../../../bench/statistics.mjs', import.meta.url).href;
const { typical, changeFrom } = (await import(path)) as Statistics;

it('a figure is the median of its rounds, and one wild round makes it hardly noisier', () => {
  expect(typical([2, 2, 2])).toEqual({ median: 2, noise: 0 });
  const [calm, wild] = [typical([0.98, 1, 1.02, 0.99, 1.01]), typical([0.98, 1, 9, 0.99, 1.01])];
  expect(calm).toMatchObject({ median: 1, noise: expect.closeTo(0.0163, 3) });
  expect(wild.noise).toBeLessThan(2 * calm.noise);
});

it('a change is relative, and as noisy as both figures', () => {
  const { change, noise } = changeFrom({ median: 2, noise: 0.03 }, { median: 1.5, noise: 0.04 });
  expect(change).toBeCloseTo(-0.25, 9);
  expect(noise).toBeCloseTo(0.05, 9);
});
