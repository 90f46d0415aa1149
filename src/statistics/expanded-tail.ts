const Z = 1.959964;

/** 97.5 % points of Student's t by degrees of freedom, from 1; above, the expansion in 1 / df is exact to four decimals. */
const T_975: readonly number[] = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
  2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
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
