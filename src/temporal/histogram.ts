/** Equal bins from `lowest` on; values beyond count in the outer ones. */
export interface Bins {
  readonly lowest: number;
  readonly width: number;
  readonly count: number;
}

/** Adds `seconds` at `value` to row `row` of a histogram: time, not frames, weighs, so the frame rate does not matter. */
export function addSeconds(
  histogram: Float64Array,
  bins: Bins,
  at: { readonly row: number; readonly value: number; readonly seconds: number },
): void {
  const bin = Math.floor((at.value - bins.lowest) / bins.width);
  histogram[at.row * bins.count + Math.min(bins.count - 1, Math.max(0, bin))]! += at.seconds;
}

/** Value under which the share `quantile` of `totalSeconds` of a row lies, interpolated within its bin; `lowest` in the first one. */
export function quantileOf(
  histogram: Float64Array,
  bins: Bins,
  of: { readonly row: number; readonly quantile: number; readonly totalSeconds: number },
): number {
  const wanted = of.quantile * of.totalSeconds;
  const start = of.row * bins.count;
  let below = histogram[start]!;
  if (below >= wanted) return bins.lowest;
  for (let bin = 1; bin < bins.count; bin += 1) {
    const here = histogram[start + bin]!;
    if (here > 0 && below + here >= wanted) return bins.lowest + bins.width * (bin + (wanted - below) / here);
    below += here;
  }
  return bins.lowest + bins.width * bins.count;
}
