import type { PlotGroup } from '../record/plot-groups.js';
import type { Bucket, BucketSeries } from './bucket-series.js';
import { type PackedColumns, type PackedSeries, TICK_US } from './report-data.js';

type Stat = 'mean' | 'min' | 'max';

function quantised(value: number, [low, high]: readonly [number, number], missing: number): number {
  const share = (value - low) / (high - low);
  return Math.round(Math.min(1, Math.max(0, share)) * (missing - 1));
}

function base64(values: Uint8Array | Uint16Array | Uint32Array): PackedColumns {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');
}

function column(buckets: readonly Bucket[], group: PlotGroup, at: number, stat: Stat): PackedColumns {
  const length = buckets.length * group.channels;
  const wide = stat === 'mean' && group.bits === 16;
  const packed = wide ? new Uint16Array(length) : new Uint8Array(length);
  const missing = wide ? 65535 : 255;
  for (let channel = 0; channel < group.channels; channel++) {
    for (const [b, bucket] of buckets.entries()) {
      const value = bucket.groups[at]![stat]?.[channel];
      packed[channel * buckets.length + b] =
        value === undefined || Number.isNaN(value) ? missing : quantised(value, group.ranges[channel]!, missing);
    }
  }
  return base64(packed);
}

/**
 * A bucket series as compact text: means to 1/65534 of each channel's range (1/254 in groups of 8 bits), spreads to 1/254, times to 0.1 ms.
 * Little-endian on every machine Node runs on. `groups` must be the ones the series was built with.
 */
export function packSeries(
  series: BucketSeries,
  options: { readonly groups: readonly PlotGroup[]; readonly categories: number },
): PackedSeries {
  const buckets = Array.from({ length: series.length }, (_, position) => series.at(position));
  const times = Uint32Array.from(buckets, (bucket) => Math.round((bucket.firstUs + bucket.lastUs) / 2 / TICK_US));
  const shares = new Uint8Array(buckets.length * options.categories);
  for (let category = 0; category < options.categories; category++) {
    for (const [b, bucket] of buckets.entries()) {
      shares[category * buckets.length + b] = Math.round((254 * bucket.categories[category]!) / bucket.samples);
    }
  }
  return {
    buckets: buckets.length,
    times: base64(times),
    categories: base64(shares),
    groups: options.groups.map((group, at) => ({
      name: group.name,
      ranges: group.ranges,
      bits: group.bits,
      mean: column(buckets, group, at, 'mean'),
      min: group.spread ? column(buckets, group, at, 'min') : null,
      max: group.spread ? column(buckets, group, at, 'max') : null,
    })),
  };
}
