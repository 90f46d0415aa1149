import type { Box } from '../domain/face.js';
import type { SeenFrames, SeenTrack } from '../domain/people.js';
import type { FaceRecord } from '../domain/records.js';
import type { Appearance } from '../faces/appearance.js';
import { Thinned } from './thinned.js';

/** Where a face is: its middle and the side of a square of its area, pixels of the working frame. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

/** A place in a camera set-up. */
export interface Spot extends Place {
  readonly setup: number;
}

/** What is known of one track when a run has ended: all that joining looks at. */
export interface Tracklet extends SeenTrack {
  readonly start: Spot;
  readonly end: Spot;
  /** Median place in each set-up in which it was seen. */
  readonly places: readonly Spot[];
  /** A few appearances spread over the track; empty where they were not asked for. */
  readonly looks: readonly Appearance[];
}

/** Places kept for the median in one set-up, and appearances of one track. */
const PLACES_KEPT = 64;
const LOOKS_KEPT = 12;

const placeOf = ({ left, top, right, bottom }: Box<'frame'>): Place => ({
  x: (left + right) / 2,
  y: (top + bottom) / 2,
  side: Math.sqrt(Math.max(1, (right - left) * (bottom - top))),
});

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

/** Gathers one track, frame by frame. Memory grows by a few bytes for each time the face is lost and found again. */
export class GrowingTracklet {
  readonly #track: number;
  readonly #seen: { fromFrame: number; toFrame: number; fromUs: SeenFrames['fromUs']; toUs: SeenFrames['toUs'] }[] = [];
  readonly #places = new Map<number, Thinned<Place>>();
  readonly #looks = new Thinned<Appearance>(LOOKS_KEPT);
  #start: Spot | null = null;
  #end: Spot | null = null;

  constructor(track: number) {
    this.#track = track;
  }

  /** The track's record in the next frame that has one, and the set-up that the frame shows. */
  add({ frame, ptsUs, box }: FaceRecord, setup: number): void {
    const last = this.#seen.at(-1);
    if (last?.toFrame === frame - 1) Object.assign(last, { toFrame: frame, toUs: ptsUs });
    else this.#seen.push({ fromFrame: frame, toFrame: frame, fromUs: ptsUs, toUs: ptsUs });
    if (!box) return;
    const place = placeOf(box);
    const places = this.#places.get(setup) ?? new Thinned(PLACES_KEPT);
    places.add(place);
    this.#places.set(setup, places);
    this.#end = { ...place, setup };
    this.#start ??= this.#end;
  }

  look(read: () => Appearance): void {
    this.#looks.offer(read);
  }

  /** Null of a track that never had a box. */
  tracklet(): Tracklet | null {
    if (!this.#start || !this.#end) return null;
    const places = [...this.#places].map(([setup, { kept }]) => ({
      setup,
      x: median(kept.map(({ x }) => x)),
      y: median(kept.map(({ y }) => y)),
      side: median(kept.map(({ side }) => side)),
    }));
    return {
      track: this.#track,
      seen: this.#seen,
      start: this.#start,
      end: this.#end,
      places,
      looks: this.#looks.kept,
    };
  }
}
