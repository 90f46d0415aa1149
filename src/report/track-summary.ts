import { activeUnits } from '../domain/action-units.js';
import type { BaselineState, Emotion } from '../domain/affect.js';
import { VALIDITY } from '../domain/face.js';
import type { FaceRecord } from '../domain/records.js';
import { elapsedSeconds, type Micros } from '../domain/units.js';
import { type PlotGroup, plotGroups } from '../record/plot-groups.js';
import { BucketSeries } from './bucket-series.js';

/** A longer step between two records of a track is time in which it was not seen. */
const LONGEST_STEP_SECONDS = 1;

/** What the report keeps of one track: a bounded series and a few totals. */
export class TrackSummary {
  readonly series: BucketSeries;
  readonly validity = new Uint32Array(VALIDITY.length);
  /** Seconds during which each emotion was in force; null when none was. */
  readonly labelSeconds = new Map<Emotion | null, number>();
  /** Seconds during which each action unit was active, by key. */
  readonly unitSeconds = new Map<string, number>();
  /** Seconds with a valid face. */
  validSeconds = 0;
  /** Blinks that ended, kept as episodes or not. */
  blinks = 0;
  firstUs: Micros;
  lastUs: Micros;
  baseline: BaselineState['status'] | null = null;
  readonly #frameSeconds: number;
  readonly #groups: readonly PlotGroup[];

  constructor(
    readonly id: number,
    first: FaceRecord,
    options: { readonly maxBuckets: number; readonly frameSeconds: number; readonly units: readonly string[] },
  ) {
    this.firstUs = first.ptsUs;
    this.lastUs = first.ptsUs;
    this.#frameSeconds = options.frameSeconds;
    this.#groups = plotGroups(options.units);
    this.series = new BucketSeries({
      groups: this.#groups,
      categories: VALIDITY.length,
      maxBuckets: options.maxBuckets,
      baseWidthUs: 1000,
    });
  }

  add(record: FaceRecord): void {
    const category = VALIDITY.indexOf(record.validity);
    this.series.add(
      record.ptsUs,
      category,
      this.#groups.map(({ values }) => values(record)),
    );
    this.validity[category]! += 1;
    this.baseline = record.baseline?.status ?? this.baseline;
    if (record.validity === 'ok') {
      const step = elapsedSeconds(this.lastUs, record.ptsUs);
      const seconds = step > 0 && step <= LONGEST_STEP_SECONDS ? step : this.#frameSeconds;
      this.validSeconds += seconds;
      this.labelSeconds.set(record.label, (this.labelSeconds.get(record.label) ?? 0) + seconds);
      for (const { key } of activeUnits(record.actionUnits)) {
        this.unitSeconds.set(key, (this.unitSeconds.get(key) ?? 0) + seconds);
      }
    }
    if (record.ptsUs > this.lastUs) this.lastUs = record.ptsUs;
  }
}
