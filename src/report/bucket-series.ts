import { type Micros, micros } from '../domain/units.js';

/** Channels that are present or absent together, such as the three angles of a pose. */
export interface BucketGroup {
  readonly name: string;
  readonly channels: number;
}

export interface BucketSeriesOptions {
  readonly groups: readonly BucketGroup[];
  /** Number of categories a sample can fall into (validity reasons). */
  readonly categories: number;
  /** Most buckets ever held; when one more is needed the bucket width doubles and neighbours merge. At least 2. */
  readonly maxBuckets: number;
  /** Width of a bucket before any merge; below the frame interval each frame keeps its own bucket. */
  readonly baseWidthUs: number;
}

/** One bucket as read back. A group without a sample in it has mean, min and max null. */
export interface Bucket {
  readonly firstUs: Micros;
  readonly lastUs: Micros;
  readonly samples: number;
  readonly categories: readonly number[];
  readonly groups: readonly {
    readonly count: number;
    readonly mean: readonly number[] | null;
    readonly min: readonly number[] | null;
    readonly max: readonly number[] | null;
  }[];
}

type Column = Float32Array | Float64Array | Uint32Array;

/**
 * Min, mean and max of many channels over time in bounded memory: samples fall into time buckets of one width that
 * doubles whenever `maxBuckets` would be exceeded, so an hour and a minute cost the same. Empty buckets are not
 * stored. Means are over samples, exact under merging. Samples come in order of time; one that is late counts into
 * the newest bucket.
 */
export class BucketSeries {
  readonly #options: BucketSeriesOptions;
  readonly #channels: number;
  #capacity = 0;
  #length = 0;
  #widthUs: number;
  #index = new Float64Array(0);
  #first = new Float64Array(0);
  #last = new Float64Array(0);
  #samples = new Uint32Array(0);
  #categories = new Uint32Array(0);
  #counts = new Uint32Array(0);
  #sum = new Float32Array(0);
  #min = new Float32Array(0);
  #max = new Float32Array(0);

  constructor(options: BucketSeriesOptions) {
    if (!(options.maxBuckets >= 2)) throw new RangeError(`maxBuckets must be at least 2, got ${options.maxBuckets}`);
    this.#options = options;
    this.#channels = options.groups.reduce((total, group) => total + group.channels, 0);
    this.#widthUs = options.baseWidthUs;
  }

  get length(): number {
    return this.#length;
  }

  get widthUs(): number {
    return this.#widthUs;
  }

  /** Adds one sample; `values[g]` holds group g's channels, or null when it has no value. */
  add(ptsUs: Micros, category: number, values: readonly (ArrayLike<number> | null)[]): void {
    const at = this.#bucketFor(ptsUs);
    this.#last[at] = Math.max(this.#last[at]!, ptsUs);
    this.#samples[at]! += 1;
    this.#categories[at * this.#options.categories + category]! += 1;
    let channel = at * this.#channels;
    for (const [g, group] of this.#options.groups.entries()) {
      const present = values[g];
      if (present) {
        this.#counts[at * this.#options.groups.length + g]! += 1;
        for (let c = 0; c < group.channels; c++) {
          const value = present[c]!;
          this.#sum[channel + c]! += value;
          if (value < this.#min[channel + c]!) this.#min[channel + c] = value;
          if (value > this.#max[channel + c]!) this.#max[channel + c] = value;
        }
      }
      channel += group.channels;
    }
  }

  /** Merges neighbours until at most `maxBuckets` remain. */
  shrinkTo(maxBuckets: number): void {
    while (this.#length > Math.max(1, maxBuckets)) this.#mergePairs();
  }

  /** The bucket at `position`, 0 the earliest. */
  at(position: number): Bucket {
    if (!(position >= 0 && position < this.#length)) throw new RangeError(`no bucket ${position} of ${this.#length}`);
    let channel = position * this.#channels;
    const groups = this.#options.groups.map((group, g) => {
      const count = this.#counts[position * this.#options.groups.length + g]!;
      const from = channel;
      channel += group.channels;
      if (count === 0) return { count, mean: null, min: null, max: null };
      return {
        count,
        mean: Array.from(this.#sum.subarray(from, channel), (sum) => sum / count),
        min: Array.from(this.#min.subarray(from, channel)),
        max: Array.from(this.#max.subarray(from, channel)),
      };
    });
    const categories = this.#options.categories;
    return {
      firstUs: micros(this.#first[position]!),
      lastUs: micros(this.#last[position]!),
      samples: this.#samples[position]!,
      categories: Array.from(this.#categories.subarray(position * categories, (position + 1) * categories)),
      groups,
    };
  }

  #bucketFor(ptsUs: number): number {
    const newest = this.#length - 1;
    if (newest >= 0 && Math.floor(ptsUs / this.#widthUs) <= this.#index[newest]!) return newest;
    if (this.#length === this.#options.maxBuckets) {
      this.shrinkTo(Math.floor(this.#options.maxBuckets / 2));
      return this.#bucketFor(ptsUs);
    }
    if (this.#length === this.#capacity) this.#grow();
    const at = this.#length++;
    this.#index[at] = Math.floor(ptsUs / this.#widthUs);
    this.#first[at] = ptsUs;
    this.#last[at] = ptsUs;
    this.#samples[at] = 0;
    this.#categories.fill(0, at * this.#options.categories, (at + 1) * this.#options.categories);
    this.#counts.fill(0, at * this.#options.groups.length, (at + 1) * this.#options.groups.length);
    this.#sum.fill(0, at * this.#channels, (at + 1) * this.#channels);
    this.#min.fill(Number.POSITIVE_INFINITY, at * this.#channels, (at + 1) * this.#channels);
    this.#max.fill(Number.NEGATIVE_INFINITY, at * this.#channels, (at + 1) * this.#channels);
    return at;
  }

  #mergePairs(): void {
    this.#widthUs *= 2;
    let write = -1;
    for (let read = 0; read < this.#length; read++) {
      const index = Math.floor(this.#index[read]! / 2);
      if (write >= 0 && this.#index[write] === index) {
        this.#accumulate(write, read);
      } else {
        write += 1;
        this.#move(write, read);
        this.#index[write] = index;
      }
    }
    this.#length = write + 1;
  }

  #accumulate(into: number, from: number): void {
    this.#last[into] = this.#last[from]!;
    this.#samples[into]! += this.#samples[from]!;
    const fold = (column: Column, stride: number, combine: (a: number, b: number) => number): void => {
      for (let c = 0; c < stride; c++) {
        column[into * stride + c] = combine(column[into * stride + c]!, column[from * stride + c]!);
      }
    };
    const plus = (a: number, b: number): number => a + b;
    fold(this.#categories, this.#options.categories, plus);
    fold(this.#counts, this.#options.groups.length, plus);
    fold(this.#sum, this.#channels, plus);
    fold(this.#min, this.#channels, Math.min);
    fold(this.#max, this.#channels, Math.max);
  }

  #move(to: number, from: number): void {
    if (to === from) return;
    this.#first[to] = this.#first[from]!;
    this.#last[to] = this.#last[from]!;
    this.#samples[to] = this.#samples[from]!;
    const copy = (column: Column, stride: number): void => {
      column.copyWithin(to * stride, from * stride, (from + 1) * stride);
    };
    copy(this.#categories, this.#options.categories);
    copy(this.#counts, this.#options.groups.length);
    copy(this.#sum, this.#channels);
    copy(this.#min, this.#channels);
    copy(this.#max, this.#channels);
  }

  #grow(): void {
    const capacity = Math.min(this.#options.maxBuckets, Math.max(64, this.#capacity * 2));
    const grown = <C extends Column>(column: C, length: number): C => {
      const next = new (column.constructor as new (length: number) => C)(length);
      next.set(column);
      return next;
    };
    this.#index = grown(this.#index, capacity);
    this.#first = grown(this.#first, capacity);
    this.#last = grown(this.#last, capacity);
    this.#samples = grown(this.#samples, capacity);
    this.#categories = grown(this.#categories, capacity * this.#options.categories);
    this.#counts = grown(this.#counts, capacity * this.#options.groups.length);
    this.#sum = grown(this.#sum, capacity * this.#channels);
    this.#min = grown(this.#min, capacity * this.#channels);
    this.#max = grown(this.#max, capacity * this.#channels);
    this.#capacity = capacity;
  }
}
