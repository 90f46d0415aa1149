import type { PackedColumns, PackedGroup, PackedSeries } from '../../../src/report/report-data.js';

/** One group of channels, decoded: `mean[channel][bucket]`, NaN where there is no value. */
export interface Group {
  readonly mean: readonly Float32Array[];
  readonly min: readonly Float32Array[] | null;
  readonly max: readonly Float32Array[] | null;
}

export interface Series {
  /** Seconds of each bucket. */
  readonly times: Float64Array;
  /** `categories[category][bucket]`: shares of 1. */
  readonly categories: readonly Float32Array[];
  /** A longer step between two buckets is a gap, not a line. */
  readonly gapSeconds: number;
  readonly groups: Readonly<Record<string, Group>>;
}

export type Stage = 'raw' | 'baselined' | 'smoothed';

export const emotionsAt = (series: Series, stage: Stage): Group => series.groups[`emotions.${stage}`]!;
export const affectAt = (series: Series, stage: Stage): Group => series.groups[`valenceArousal.${stage}`]!;

function bytesOf(text: PackedColumns): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

function columnsOf(
  text: PackedColumns,
  {
    bits,
    buckets,
    ranges,
  }: { readonly bits: 8 | 16; readonly buckets: number; readonly ranges: PackedGroup['ranges'] },
): Float32Array[] {
  const bytes = bytesOf(text);
  const codes = bits === 16 ? new Uint16Array(bytes.buffer) : bytes;
  const missing = bits === 16 ? 65535 : 255;
  return ranges.map(([low, high], channel) =>
    Float32Array.from({ length: buckets }, (_, bucket) => {
      const code = codes[channel * buckets + bucket]!;
      return code === missing ? Number.NaN : low + (code / (missing - 1)) * (high - low);
    }),
  );
}

function gapSecondsOf(times: Float64Array): number {
  if (times.length < 2) return 1;
  const steps = Array.from(times.subarray(1), (time, at) => time - times[at]!).sort((a, b) => a - b);
  return Math.max(0.3, 3 * steps[Math.floor(steps.length / 2)]!);
}

/** A series as the page's data holds it (report-data.ts), decoded. `tickUs`: unit of its times. */
export function decodeSeries(packed: PackedSeries, tickUs: number): Series {
  const { buckets } = packed;
  const times = Float64Array.from(new Uint32Array(bytesOf(packed.times).buffer), (tick) => (tick * tickUs) / 1e6);
  const shares = bytesOf(packed.categories);
  const categories = Array.from({ length: buckets === 0 ? 0 : shares.length / buckets }, (_, category) =>
    Float32Array.from(shares.subarray(category * buckets, (category + 1) * buckets), (code) => code / 254),
  );
  const groups = packed.groups.map(({ name, ranges, bits, mean, min, max }): [string, Group] => [
    name,
    {
      mean: columnsOf(mean, { bits, buckets, ranges }),
      min: min === null ? null : columnsOf(min, { bits: 8, buckets, ranges }),
      max: max === null ? null : columnsOf(max, { bits: 8, buckets, ranges }),
    },
  ]);
  return { times, categories, gapSeconds: gapSecondsOf(times), groups: Object.fromEntries(groups) };
}

/** Position of the bucket nearest to a time, or -1 when the series is empty. */
export function nearestBucket(times: Float64Array, seconds: number): number {
  let low = 0;
  let high = times.length - 1;
  if (high < 0) return -1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! < seconds) low = middle + 1;
    else high = middle;
  }
  return low > 0 && seconds - times[low - 1]! <= times[low]! - seconds ? low - 1 : low;
}

/** The bucket under the cursor, or -1 where the series has none near enough. */
export function bucketAt(series: Series, seconds: number): number {
  const at = nearestBucket(series.times, seconds);
  return at >= 0 && Math.abs(series.times[at]! - seconds) <= series.gapSeconds ? at : -1;
}

/**
 * Widens a group's spread, in place, to the extremes of all readings within `seconds` on either side, so that it shows
 * the unrest of the readings also where each bucket holds a single one.
 */
export function widenSpread(
  { times, groups }: Series,
  { group, seconds }: { readonly group: string; readonly seconds: number },
): void {
  const { min, max } = groups[group]!;
  if (!min || !max) return;
  const widen = (column: Float32Array, beyond: (a: number, b: number) => boolean): void => {
    const own = column.slice();
    for (let at = 0; at < own.length; at++) {
      if (Number.isNaN(own[at]!)) continue;
      for (const step of [-1, 1]) {
        for (let near = at + step; near >= 0 && near < own.length; near += step) {
          if (Math.abs(times[near]! - times[at]!) > seconds || Number.isNaN(own[near]!)) break;
          if (beyond(own[near]!, column[at]!)) column[at] = own[near]!;
        }
      }
    }
  };
  for (const column of min) widen(column, (a, b) => a < b);
  for (const column of max) widen(column, (a, b) => a > b);
}
