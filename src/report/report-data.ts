import type { PeopleFile } from '../domain/people.js';
import type { RunSummary } from '../domain/records.js';
import type { ShownNumber } from '../record/plot-groups.js';

/** Version of the data inside the page; the page's own script is its only reader. */
export const REPORT_DATA_VERSION = 1;
/** Unit of bucket times: 0.1 ms, which keeps 119 hours in 32 bits. */
export const TICK_US = 100;

/**
 * One statistic of one group: base64 of little-endian integers, channel after channel, one per bucket. The highest
 * code means "no value"; code c of the others means low + c / (highest - 1) * (high - low).
 */
export type PackedColumns = string;

export interface PackedGroup {
  readonly name: string;
  readonly ranges: readonly (readonly [low: number, high: number])[];
  /** Bits per value of `mean`. */
  readonly bits: 8 | 16;
  readonly mean: PackedColumns;
  /** 8 bits per value; null where the spread is not kept. */
  readonly min: PackedColumns | null;
  readonly max: PackedColumns | null;
}

export interface PackedSeries {
  readonly buckets: number;
  /** Time of each bucket, unsigned 32 bits, in ticks of TICK_US. */
  readonly times: PackedColumns;
  /** Share of the bucket's samples in each category, 8 bits, category after category. */
  readonly categories: PackedColumns;
  readonly groups: readonly PackedGroup[];
}

export interface TrackData {
  readonly id: number;
  readonly firstUs: number;
  readonly lastUs: number;
  readonly baseline: 'warming' | 'ready' | 'off' | null;
  readonly series: PackedSeries;
}

/** One episode: track, kind, label, onset, apex and offset in microseconds, peak, mean, reason it ended. */
export interface EpisodeData {
  readonly track: number;
  readonly kind: string;
  readonly label: string;
  readonly onsetUs: number;
  readonly apexUs: number;
  readonly offsetUs: number;
  readonly peak: number;
  readonly mean: number;
  readonly endReason: string | null;
}

/** An action unit in the order in which the page lists them. */
export interface UnitData {
  /** "AU12": the label of its episodes. */
  readonly code: string;
  readonly name: string;
  readonly region: string | null;
  /** Its channel in the groups `actionUnits.intensity` and `actionUnits.presence`. */
  readonly channel: number;
}

/** What the page's script is told of who is who; embedded apart, as it may be put anew. */
export interface PeopleData extends Pick<PeopleFile, 'source' | 'people' | 'ignored'> {
  /** Tracks of the video. */
  readonly tracks: readonly number[];
}

/** Everything the page's script needs; embedded as JSON. */
export interface ReportData {
  readonly v: typeof REPORT_DATA_VERSION;
  readonly tickUs: typeof TICK_US;
  readonly startUs: number;
  readonly endUs: number;
  readonly emotions: readonly string[];
  readonly validity: readonly string[];
  /** Empty when the run read none. */
  readonly units: readonly UnitData[];
  /** Numbers that are plotted under their own names. */
  readonly shown: readonly ShownNumber[];
  readonly status: RunSummary['status'];
  readonly coverage: PackedSeries;
  readonly tracks: readonly TrackData[];
  readonly episodes: readonly EpisodeData[];
}
