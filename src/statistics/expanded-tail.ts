const Z = 1.959964;

/** 97.5 % points of Student's t by degrees of freedom, from 1; above, the expansion in 1 / df is exact to four decimals. */
const T_975: readonly number[] = [
  12.7062, 4.30265, 3.18245, 2.77644, 2.57058, 2.44691, 2.36462, 2.306, 2.26216, 2.22814, 2.20098, 2.17881, 2.16037,
  2.14479, 2.13145, 2.11991, 2.10982, 2.10092, 2.09302, 2.08596, 2.07961, 2.07387, 2.06866, 2.0639, 2.05954, 2.05553,
  2.05183, 2.04841, 2.04523, 2.04227,
];

/** 97.5 % point of Student’s t with `df` degrees of freedom. */
export function student975(df: number): number {
  const tabled = T_975[df - 1];
  if (tabled !== undefined) return tabled;
  return Z + (Z ** 3 + Z) / (4 * df) + (5 * Z ** 5 + 16 * Z ** 3 + 3 * Z) / (96 * df ** 2);
}

/** Share of a standard normal distribution below -x, for x >= 0 (Abramowitz and Stegun 1964, 26.2.17: exact to 7.5e-8). */
function normalTail(x: number): number {
  const t = 1 / (1 + 0.2316419 * x);
  const series = ((((1.330274429 * t - 1.821255978) * t + 1.781477937) * t - 0.356563782) * t + 0.31938153) * t;
  return (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * series;
}

/**
 * Share of resamples that a 95 % percentile interval leaves out at either end, when `units` persons, segments or blocks
 * were drawn: less than 0.025, since percentiles of few units are too narrow (Hesterberg 2015, expanded percentiles).
 * NaN for fewer than two.
 */
export function expandedTail(units: number): number {
  if (units < 2) return Number.NaN;
  return normalTail(student975(units - 1) * Math.sqrt(units / (units - 1)));
}
