/** The last `capacity` samples of `width` numbers with their media times; the oldest gives way. Plain data. */
export interface Ring {
  readonly capacity: number;
  readonly width: number;
  readonly ptsUs: Float64Array;
  readonly values: Float64Array;
  count: number;
  next: number;
}

export function createRing(shape: { readonly capacity: number; readonly width: number }): Ring {
  const { capacity, width } = shape;
  return {
    capacity,
    width,
    ptsUs: new Float64Array(capacity),
    values: new Float64Array(capacity * width),
    count: 0,
    next: 0,
  };
}

export function pushRing(ring: Ring, ptsUs: number, values: ArrayLike<number>): void {
  ring.ptsUs[ring.next] = ptsUs;
  for (let k = 0; k < ring.width; k += 1) ring.values[ring.next * ring.width + k] = values[k]!;
  ring.next = (ring.next + 1) % ring.capacity;
  ring.count = Math.min(ring.capacity, ring.count + 1);
}

/** Slot of the sample that is `age` steps before the newest (0 = newest). `age` must be under `count`. */
export function ringSlot(ring: Ring, age: number): number {
  return (ring.next - 1 - age + 2 * ring.capacity) % ring.capacity;
}
