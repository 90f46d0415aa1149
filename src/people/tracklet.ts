import type { Box } from '../domain/face.js';
import type { SeenFrames, SeenTrack } from '../domain/people.js';
import type { FaceRecord } from '../domain/records.js';
import { elapsedSeconds, type Micros } from '../domain/units.js';
import type { Appearance } from '../faces/appearance.js';
import { SAME_VIEW, type View } from './find-view.js';
import type { Shown } from './setups.js';
import { Thinned } from './thinned.js';

/** Where a face is: its middle and the side of a square of its area, pixels of the first picture of its set-up. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

/** A place in a camera set-up. */
export interface Spot extends Place {
  readonly setup: number;
}

/** How fast a face moves, pixels of the first picture of its set-up a second; null of one that was seen too shortly. */
export interface Drift {
  readonly x: number;
  readonly y: number;
}

/** How somebody sits in the picture: medians over a track. */
export interface Stance {
  /** Yaw of the head in radians, nose to the left of the picture positive; null where none was read. */
  readonly yaw: number | null;
  /** Middle of the face, 0 left to 1 right of the picture, and its size in widths of the picture. */
  readonly across: number;
  readonly size: number;
}

/** What is known of one track when a run has ended: all that joining looks at. */
export interface Tracklet extends SeenTrack {
  readonly start: Spot;
  readonly end: Spot;
  /** How it came into sight and how it went out of it. */
  readonly coming: Drift | null;
  readonly leaving: Drift | null;
  readonly stance: Stance;
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

/** A place of a picture, in the picture that it lies in. */
const seenIn = (view: View, { x, y, side }: Place): Place => ({
  x: view.scale * x + view.x,
  y: view.scale * y + view.y,
  side: view.scale * side,
});

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

/** Seconds at both ends of a track over which its movement is taken, and the least that tell one. */
const DRIFT_SECONDS = 0.5;
const LEAST_DRIFT_SECONDS = 0.15;

interface Moment {
  readonly us: Micros;
  readonly spot: Spot;
}

/** How a face moved between the first and the last of some moments. */
function driftOf(moments: readonly Moment[]): Drift | null {
  const [first, last] = [moments[0], moments.at(-1)];
  if (!first || !last || first.spot.setup !== last.spot.setup) return null;
  const seconds = elapsedSeconds(first.us, last.us);
  if (seconds < LEAST_DRIFT_SECONDS) return null;
  return { x: (last.spot.x - first.spot.x) / seconds, y: (last.spot.y - first.spot.y) / seconds };
}

/** Gathers one track, frame by frame. Memory grows by a few bytes for each time the face is lost and found again. */
export class GrowingTracklet {
  readonly #track: number;
  readonly #seen: { fromFrame: number; toFrame: number; fromUs: SeenFrames['fromUs']; toUs: SeenFrames['toUs'] }[] = [];
  readonly #places = new Map<number, Thinned<Place>>();
  readonly #looks = new Thinned<Appearance>(LOOKS_KEPT);
  readonly #stances = new Thinned<Stance>(PLACES_KEPT);
  /** Of the first and of the last half second. */
  readonly #first: Moment[] = [];
  #last: Moment[] = [];

  constructor(track: number) {
    this.#track = track;
  }

  /** The track's record in the next frame that has one, and what of which set-up the frame shows. */
  add({ frame, ptsUs, box, pose }: FaceRecord, { setup, view }: Shown, widthPx: number): void {
    const last = this.#seen.at(-1);
    if (last?.toFrame === frame - 1) Object.assign(last, { toFrame: frame, toUs: ptsUs });
    else this.#seen.push({ fromFrame: frame, toFrame: frame, fromUs: ptsUs, toUs: ptsUs });
    if (!box) return;
    const inPicture = placeOf(box);
    this.#stances.add({ yaw: pose?.yaw ?? null, across: inPicture.x / widthPx, size: inPicture.side / widthPx });
    const place = seenIn(view, inPicture);
    const places = this.#places.get(setup) ?? new Thinned(PLACES_KEPT);
    places.add(place);
    this.#places.set(setup, places);
    const moment = { us: ptsUs, spot: { ...place, setup } };
    if (!this.#first[0] || elapsedSeconds(this.#first[0].us, ptsUs) <= DRIFT_SECONDS) this.#first.push(moment);
    this.#last = [...this.#last.filter(({ us }) => elapsedSeconds(us, ptsUs) <= DRIFT_SECONDS), moment];
  }

  look(read: () => Appearance): void {
    this.#looks.offer(read);
  }

  /** Null of a track that never had a box. @param settled - where a set-up lies, now that all has been seen */
  tracklet(settled: (shown: Shown) => Shown): Tracklet | null {
    const [first, last] = [this.#first[0], this.#last.at(-1)];
    if (!first || !last) return null;
    const spot = ({ setup, ...place }: Spot): Spot => {
      const shown = settled({ setup, view: SAME_VIEW });
      return { setup: shown.setup, ...seenIn(shown.view, place) };
    };
    const drift = (moments: readonly Moment[]): Drift | null =>
      driftOf(moments.map((moment) => ({ ...moment, spot: spot(moment.spot) })));
    const yaws = this.#stances.kept.flatMap(({ yaw }) => yaw ?? []);
    const places = [...this.#places].map(([setup, { kept }]) =>
      spot({
        setup,
        x: median(kept.map(({ x }) => x)),
        y: median(kept.map(({ y }) => y)),
        side: median(kept.map(({ side }) => side)),
      }),
    );
    return {
      track: this.#track,
      seen: this.#seen,
      start: spot(first.spot),
      end: spot(last.spot),
      coming: drift(this.#first),
      leaving: drift(this.#last),
      stance: {
        yaw: yaws.length > 0 ? median(yaws) : null,
        across: median(this.#stances.kept.map(({ across }) => across)),
        size: median(this.#stances.kept.map(({ size }) => size)),
      },
      places,
      looks: this.#looks.kept,
    };
  }
}
