import { VALIDITY, type Validity } from '../domain/face.js';
import type { Episode, FaceRecord } from '../domain/records.js';
import { elapsedSeconds } from '../domain/units.js';
import { BoundedEpisodes } from './bounded-episodes.js';
import { BucketSeries } from './bucket-series.js';
import { TrackSummary } from './track-summary.js';

/** Bounds of what a report keeps, however long the video is. */
export const REPORT_LIMITS = {
  bucketsPerTrack: 4000,
  /** Over all tracks, when the page is written. */
  bucketsInPage: 6000,
  coverageBuckets: 1000,
  tracks: 24,
  episodes: { emotion: 600, blink: 1500, 'action-unit': 1000, speech: 1000 },
  thumbnailsInPage: 60,
} as const;

/** A track out of view this long may give way to a new one. */
const OUT_OF_VIEW_SECONDS = 5;

/** The validity that comes first in VALIDITY: `ok` if any face has it. */
function bestValidity(records: readonly FaceRecord[]): Validity {
  return VALIDITY.find((validity) => records.some((record) => record.validity === validity)) ?? 'no-face';
}

/** Everything a report remembers of a run, in bounded memory: see REPORT_LIMITS. */
export class RunAccumulator {
  readonly tracks = new Map<number, TrackSummary>();
  readonly episodes = new BoundedEpisodes(REPORT_LIMITS.episodes);
  readonly coverage = new BucketSeries({
    groups: [],
    categories: VALIDITY.length,
    maxBuckets: REPORT_LIMITS.coverageBuckets,
    baseWidthUs: 1000,
  });
  /** Tracks whose details were let go to keep the bound. */
  omittedTracks = 0;
  readonly #frameSeconds: number;
  readonly #units: readonly string[];
  readonly #onDropTrack: (track: number) => void;

  constructor(options: {
    readonly frameSeconds: number;
    /** Keys of the action units that the run reads. */
    readonly units: readonly string[];
    readonly onDropTrack: (track: number) => void;
  }) {
    this.#frameSeconds = options.frameSeconds;
    this.#units = options.units;
    this.#onDropTrack = options.onDropTrack;
  }

  /** All records of one frame. */
  records(records: readonly FaceRecord[]): void {
    const first = records[0];
    if (!first) return;
    this.coverage.add(first.ptsUs, VALIDITY.indexOf(bestValidity(records)), []);
    for (const record of records) if (record.track !== null) this.#trackOf(record.track, record)?.add(record);
  }

  episode(episode: Episode): void {
    this.episodes.add(episode);
    const track = this.tracks.get(episode.track);
    if (track && episode.kind === 'blink' && episode.phase === 'end') track.blinks += 1;
  }

  readonly #refused = new Set<number>();

  #trackOf(id: number, record: FaceRecord): TrackSummary | null {
    const known = this.tracks.get(id);
    if (known) return known;
    if (this.#refused.has(id)) return null;
    if (this.tracks.size >= REPORT_LIMITS.tracks && !this.#dropBriefest(record)) {
      this.omittedTracks += 1;
      // Refused ids are remembered only while they can come back: a track in view is among the newest few hundred.
      if (this.#refused.size >= 512) this.#refused.delete(this.#refused.values().next().value!);
      this.#refused.add(id);
      return null;
    }
    const track = new TrackSummary(id, record, {
      maxBuckets: REPORT_LIMITS.bucketsPerTrack,
      frameSeconds: this.#frameSeconds,
      units: this.#units,
    });
    this.tracks.set(id, track);
    return track;
  }

  /** Lets go of the track with the least valid time among those out of view; false when all are in view. */
  #dropBriefest(record: FaceRecord): boolean {
    const gone = [...this.tracks.values()]
      .filter((track) => elapsedSeconds(track.lastUs, record.ptsUs) > OUT_OF_VIEW_SECONDS)
      .sort((a, b) => a.validSeconds - b.validSeconds)[0];
    if (!gone) return false;
    this.tracks.delete(gone.id);
    this.omittedTracks += 1;
    this.#onDropTrack(gone.id);
    return true;
  }
}
