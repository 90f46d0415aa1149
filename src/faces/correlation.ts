function meanOf(values: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += values[at]!;
  return sum / values.length;
}

/** Standard deviation of samples, in their own unit. */
export function spread(values: Uint8Array): number {
  const mean = meanOf(values);
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += (values[at]! - mean) ** 2;
  return Math.sqrt(sum / values.length);
}

/** Pearson's correlation of two samples of one length, -1..1: brightness and contrast do not count. 0 where one is of a single tone. */
export function correlation(a: Uint8Array, b: Uint8Array): number {
  const meanA = meanOf(a);
  const meanB = meanOf(b);
  let aa = 0;
  let bb = 0;
  let ab = 0;
  for (let at = 0; at < a.length; at++) {
    const x = a[at]! - meanA;
    const y = b[at]! - meanB;
    aa += x * x;
    bb += y * y;
    ab += x * y;
  }
  return aa * bb === 0 ? 0 : ab / Math.sqrt(aa * bb);
}
