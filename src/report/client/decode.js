/** @import { PackedColumns, PackedGroup, PackedSeries } from '../report-data.js' */

/**
 * One group of channels, decoded: `mean[channel][bucket]`, NaN where there is no value.
 * @typedef {{ mean: Float32Array[], min: Float32Array[] | null, max: Float32Array[] | null }} Group
 */

/**
 * A series, decoded. `times` in seconds, `categories[category][bucket]` shares of 1. `gapSeconds`: a longer step
 * between two buckets is a gap, not a line.
 * @typedef {{ times: Float64Array, categories: Float32Array[], gapSeconds: number, groups: Record<string, Group> }} Series
 */

/** @param {PackedColumns} text */
function bytesOf(text) {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

/**
 * @param {PackedColumns} text
 * @param {{ bits: 8 | 16, buckets: number, ranges: PackedGroup['ranges'] }} options
 */
function columnsOf(text, { bits, buckets, ranges }) {
  const bytes = bytesOf(text);
  const codes = bits === 16 ? new Uint16Array(bytes.buffer) : bytes;
  const missing = bits === 16 ? 65535 : 255;
  return ranges.map(([low, high], channel) =>
    Float32Array.from({ length: buckets }, (_, bucket) => {
      const code = codes[channel * buckets + bucket];
      return code === missing ? Number.NaN : low + (code / (missing - 1)) * (high - low);
    }),
  );
}

/** @param {Float64Array} times */
function gapSecondsOf(times) {
  if (times.length < 2) return 1;
  const steps = Array.from(times.subarray(1), (time, at) => time - times[at]).sort((a, b) => a - b);
  return Math.max(0.3, 3 * steps[Math.floor(steps.length / 2)]);
}

/**
 * @param {PackedSeries} packed
 * @param {number} tickUs
 * @returns {Series}
 */
export function decodeSeries(packed, tickUs) {
  const { buckets } = packed;
  const times = Float64Array.from(new Uint32Array(bytesOf(packed.times).buffer), (tick) => (tick * tickUs) / 1e6);
  const shares = bytesOf(packed.categories);
  const categories = Array.from({ length: buckets === 0 ? 0 : shares.length / buckets }, (_, category) =>
    Float32Array.from(shares.subarray(category * buckets, (category + 1) * buckets), (code) => code / 254),
  );
  /** @type {Record<string, Group>} */
  const groups = {};
  for (const { name, ranges, bits, mean, min, max } of packed.groups) {
    groups[name] = {
      mean: columnsOf(mean, { bits, buckets, ranges }),
      min: min === null ? null : columnsOf(min, { bits: 8, buckets, ranges }),
      max: max === null ? null : columnsOf(max, { bits: 8, buckets, ranges }),
    };
  }
  return { times, categories, gapSeconds: gapSecondsOf(times), groups };
}

/** Groups of what a person expresses, at one stage. @typedef {'raw' | 'baselined' | 'smoothed'} Stage */

/** @param {Series} series @param {Stage} stage */
export const emotionsAt = (series, stage) => series.groups[`emotions.${stage}`];

/** @param {Series} series @param {Stage} stage */
export const affectAt = (series, stage) => series.groups[`valenceArousal.${stage}`];

/**
 * Position of the bucket nearest to a time, or -1 when the series is empty.
 * @param {Float64Array} times
 * @param {number} seconds
 */
export function nearestBucket(times, seconds) {
  let low = 0;
  let high = times.length - 1;
  if (high < 0) return -1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] < seconds) low = middle + 1;
    else high = middle;
  }
  return low > 0 && seconds - times[low - 1] <= times[low] - seconds ? low - 1 : low;
}

/**
 * Widens a group's spread, in place, to the extremes of all readings within `seconds` on either side, so that it shows
 * the unrest of the readings also where each bucket holds a single one.
 * @param {Series} series
 * @param {{ group: string, seconds: number }} options
 */
export function widenSpread({ times, groups }, { group, seconds }) {
  const { min, max } = groups[group];
  if (!min || !max) return;
  /** @param {Float32Array} column @param {(a: number, b: number) => boolean} beyond */
  const widen = (column, beyond) => {
    const own = column.slice();
    for (let at = 0; at < own.length; at++) {
      if (Number.isNaN(own[at])) continue;
      for (const step of [-1, 1]) {
        for (let near = at + step; near >= 0 && near < own.length; near += step) {
          if (Math.abs(times[near] - times[at]) > seconds || Number.isNaN(own[near])) break;
          if (beyond(own[near], column[at])) column[at] = own[near];
        }
      }
    }
  };
  for (const column of min) widen(column, (a, b) => a < b);
  for (const column of max) widen(column, (a, b) => a > b);
}
