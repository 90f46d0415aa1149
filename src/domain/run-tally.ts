import { VALIDITY, type Validity } from './face.js';
import type { Episode, FaceRecord, RunSummary } from './records.js';
import type { Micros } from './units.js';

/** Counts a run as it goes. */
export class Tally {
  #frames = 0;
  #records = 0;
  #episodes = 0;
  readonly #tracks = new Set<number>();
  #first: Micros | null = null;
  #last: Micros | null = null;
  readonly #coverage = Object.fromEntries(VALIDITY.map((validity) => [validity, 0])) as Record<Validity, number>;

  get frames(): number {
    return this.#frames;
  }

  get lastPtsUs(): Micros | null {
    return this.#last;
  }

  add(ptsUs: Micros, records: readonly FaceRecord[], episodes: readonly Episode[]): void {
    this.#frames += 1;
    this.#records += records.length;
    this.#episodes += episodes.filter((episode) => episode.phase === 'end').length;
    this.#first ??= ptsUs;
    this.#last = ptsUs;
    for (const record of records) if (record.track !== null) this.#tracks.add(record.track);
    // The best of the frame's faces, in VALIDITY's order: "ok" first.
    let best: Validity = records[0]?.validity ?? 'no-face';
    for (const { validity } of records) if (VALIDITY.indexOf(validity) < VALIDITY.indexOf(best)) best = validity;
    this.#coverage[best] += 1;
  }

  /** Episodes that ended after the last frame. */
  addFinal(episodes: readonly Episode[]): void {
    this.#episodes += episodes.filter((episode) => episode.phase === 'end').length;
  }

  summary(status: RunSummary['status'], problem: string | null, notes: readonly string[] = []): RunSummary {
    return {
      status,
      problem,
      notes: [...notes],
      frames: this.#frames,
      records: this.#records,
      tracks: this.#tracks.size,
      episodes: this.#episodes,
      firstPtsUs: this.#first,
      lastPtsUs: this.#last,
      coverage: { ...this.#coverage },
    };
  }
}
