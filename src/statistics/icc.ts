/** Intraclass correlations of single ratings after Shrout and Fleiss (1979). */
export interface Icc {
  /** ICC(2,1): raters are a sample; how they differ on the whole counts against them. */
  readonly agreement: number;
  /** ICC(3,1): these raters alone; a constant difference does not count. */
  readonly consistency: number;
}

/**
 * Two-way analysis of variance of a table of targets (rows) by raters (columns), without missing cells. Null with fewer than two
 * of either, or when nothing differs.
 */
export function icc(table: readonly (readonly number[])[]): Icc | null {
  const [n, k] = [table.length, table[0]?.length ?? 0];
  if (n < 2 || k < 2) return null;
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = (values: readonly number[], middle: number): number =>
    values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  const whole = mean(table.flat());
  const rows = k * squares(table.map(mean), whole);
  const columns =
    n *
    squares(
      table[0]!.map((_, at) => mean(table.map((row) => row[at]!))),
      whole,
    );
  const rest = Math.max(0, squares(table.flat(), whole) - rows - columns);
  const [targets, raters, error] = [rows / (n - 1), columns / (k - 1), rest / ((n - 1) * (k - 1))];
  const spread = targets + (k - 1) * error;
  const spreadOfAll = spread + (k * (raters - error)) / n;
  if (spread === 0 || spreadOfAll === 0) return null;
  return { agreement: (targets - error) / spreadOfAll, consistency: (targets - error) / spread };
}
