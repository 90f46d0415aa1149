/** A similarity transform from model points to observed points: observed ≈ scale · rotation · model + translation. */
export interface SimilarityFit {
  readonly scale: number;
  /** Row-major 3×3. */
  readonly rotation: readonly number[];
  readonly translation: readonly [number, number, number];
}

/** Largest eigenvector of a symmetric 4×4 matrix by cyclic Jacobi rotations. */
function largestEigenvector(matrix: number[][]): number[] {
  const a = matrix.map((row) => [...row]);
  const vectors: number[][] = [0, 1, 2, 3].map((i) => [0, 1, 2, 3].map((j) => (i === j ? 1 : 0)));
  for (let sweep = 0; sweep < 12; sweep++) {
    let off = 0;
    for (let p = 0; p < 3; p++) {
      for (let q = p + 1; q < 4; q++) {
        off += a[p]![q]! ** 2;
        if (Math.abs(a[p]![q]!) < 1e-14) continue;
        const theta = (a[q]![q]! - a[p]![p]!) / (2 * a[p]![q]!);
        const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        const c = 1 / Math.sqrt(t * t + 1);
        const s = t * c;
        for (let k = 0; k < 4; k++) {
          const akp = a[k]![p]!;
          const akq = a[k]![q]!;
          a[k]![p] = c * akp - s * akq;
          a[k]![q] = s * akp + c * akq;
        }
        for (let k = 0; k < 4; k++) {
          const apk = a[p]![k]!;
          const aqk = a[q]![k]!;
          a[p]![k] = c * apk - s * aqk;
          a[q]![k] = s * apk + c * aqk;
          const vkp = vectors[k]![p]!;
          const vkq = vectors[k]![q]!;
          vectors[k]![p] = c * vkp - s * vkq;
          vectors[k]![q] = s * vkp + c * vkq;
        }
      }
    }
    if (off < 1e-24) break;
  }
  let best = 0;
  for (let k = 1; k < 4; k++) if (a[k]![k]! > a[best]![best]!) best = k;
  return vectors.map((row) => row[best]!);
}

/**
 * Weighted least-squares similarity between two point sets (Horn 1987, closed form with unit quaternions).
 *
 * @param model - points x, y, z interleaved
 * @param observed - same points as seen, same order
 * @param weights - one per point; points of weight 0 are ignored
 */
export function fitSimilarity(model: Float32Array, observed: Float32Array, weights: Float32Array): SimilarityFit {
  const meanModel = [0, 0, 0];
  const meanObserved = [0, 0, 0];
  let total = 0;
  for (let i = 0; i < weights.length; i++) {
    const w = weights[i]!;
    if (w === 0) continue;
    total += w;
    for (let k = 0; k < 3; k++) {
      meanModel[k]! += w * model[i * 3 + k]!;
      meanObserved[k]! += w * observed[i * 3 + k]!;
    }
  }
  for (let k = 0; k < 3; k++) {
    meanModel[k]! /= total;
    meanObserved[k]! /= total;
  }
  const cross = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  let modelSpread = 0;
  for (let i = 0; i < weights.length; i++) {
    const w = weights[i]!;
    if (w === 0) continue;
    for (let r = 0; r < 3; r++) {
      const m = model[i * 3 + r]! - meanModel[r]!;
      modelSpread += w * m * m;
      for (let c = 0; c < 3; c++) cross[r * 3 + c]! += w * m * (observed[i * 3 + c]! - meanObserved[c]!);
    }
  }
  const [xx, xy, xz, yx, yy, yz, zx, zy, zz] = cross as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [w, x, y, z] = largestEigenvector([
    [xx + yy + zz, yz - zy, zx - xz, xy - yx],
    [yz - zy, xx - yy - zz, xy + yx, zx + xz],
    [zx - xz, xy + yx, yy - xx - zz, yz + zy],
    [xy - yx, zx + xz, yz + zy, zz - xx - yy],
  ]) as [number, number, number, number];
  const rotation = [
    w * w + x * x - y * y - z * z,
    2 * (x * y - w * z),
    2 * (x * z + w * y),
    2 * (x * y + w * z),
    w * w - x * x + y * y - z * z,
    2 * (y * z - w * x),
    2 * (x * z - w * y),
    2 * (y * z + w * x),
    w * w - x * x - y * y + z * z,
  ];
  let aligned = 0;
  for (let r = 0; r < 3; r++) for (let c = 0; c < 3; c++) aligned += rotation[r * 3 + c]! * cross[c * 3 + r]!;
  const scale = aligned / modelSpread;
  const translation = [0, 1, 2].map((r) => {
    let rotated = 0;
    for (let c = 0; c < 3; c++) rotated += rotation[r * 3 + c]! * meanModel[c]!;
    return meanObserved[r]! - scale * rotated;
  });
  return { scale, rotation, translation: translation as [number, number, number] };
}
