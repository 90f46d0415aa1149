import { mulberry32 } from '../../src/statistics/random.js';

/** Standard normal numbers (Box and Muller 1958). */
export function normals(seed: number): () => number {
  const uniform = mulberry32(seed);
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

/**
 * A series with mean 0 and deviation 1 whose values forget each other: after `memory` steps what is left of a value is
 * 1 / e of it (AR(1)).
 */
export function ar1(length: number, memory: number, normal: () => number): Float64Array {
  const keeps = Math.exp(-1 / memory);
  const fresh = Math.sqrt(1 - keeps * keeps);
  let value = normal();
  return Float64Array.from({ length }, (_, at) => {
    if (at > 0) value = keeps * value + fresh * normal();
    return value;
  });
}
