const meanOf = (values: Uint8Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Standard deviation of samples, in their own unit. */
export function spread(values: Uint8Array): number {
  const mean = meanOf(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

/** Pearson's correlation of two samples of one length, -1..1: brightness and contrast do not count. 0 where one is of a single tone. */
export function correlation(a: Uint8Array, b: Uint8Array): number {
  const [meanA, meanB] = [meanOf(a), meanOf(b)];
  let [aa, bb, ab] = [0, 0, 0];
  for (let at = 0; at < a.length; at++) {
    const [x, y] = [a[at]! - meanA, b[at]! - meanB];
    aa += x * x;
    bb += y * y;
    ab += x * y;
  }
  return aa * bb === 0 ? 0 : ab / Math.sqrt(aa * bb);
}
