import type { LiveFrame } from '../domain/live.js';
import { RollingWindow } from './rolling-window.js';

/** What is shown counts as behind from this age on … */
const BEHIND_MS = 1_000;
/** … and no longer under this one, … */
const KEEPS_UP_MS = 700;
/** … once it was so all this while: a slow frame is no news, … */
const HOLD_MS = 2_000;
/** … nor are some quick seconds on a machine that others use too. */
const RELEASE_MS = 10_000;

/**
 * How far the analysis of one camera is behind its frames: the age of what is shown, from the arrival of the first
 * frame that is newer to the result that replaces it. So a camera of one frame a second is not late, and one whose
 * results come too seldom is, however quick each of them. Told by `arrived` and `shown` alone, in monotonic milliseconds.
 */
export class Lateness {
  /** Arrival of the frame after it. */
  readonly #nextArrival = new WeakMap<LiveFrame, number>();
  readonly #ages = new RollingWindow({ windowMs: RELEASE_MS, capacity: 2_000 });
  #newest: LiveFrame | undefined;
  /** Arrival of the first frame that is newer than what is shown. */
  #newerSince: number | undefined;
  /** Age at which what was shown before was replaced. */
  #replacedAtAge = 0;
  #youngAt = Number.NEGATIVE_INFINITY;
  #oldAt = Number.NEGATIVE_INFINITY;
  #behindSince: string | null = null;

  /** RFC 3339, by the clock of frames; null while it keeps up. */
  get behindSince(): string | null {
    return this.#behindSince;
  }

  /** True when no frame is newer than what is shown. */
  get caughtUp(): boolean {
    return this.#newerSince === undefined;
  }

  /** The greatest age of the last ten seconds while behind; null while it keeps up. */
  behindMs(now: number): number | null {
    if (this.#behindSince === null) return null;
    return Math.max(this.#age(now), ...(this.#ages.percentiles(now, [100]) ?? []));
  }

  /** A frame has arrived: the moments at which being behind begins and ends. */
  arrived(frame: LiveFrame, now: number): void {
    if (this.#newest) this.#nextArrival.set(this.#newest, frame.arrivedAt);
    this.#newest = frame;
    this.#newerSince ??= frame.arrivedAt;
    const age = this.#age(now);
    this.#ages.add(now, age);
    if (age < BEHIND_MS) this.#youngAt = now;
    if (age >= KEEPS_UP_MS) this.#oldAt = now;
    if (now - this.#youngAt >= HOLD_MS) this.#behindSince ??= new Date(frame.wallTimeMs).toISOString();
    else if (now - this.#oldAt >= RELEASE_MS) this.#behindSince = null;
  }

  /** The result of a frame that has arrived is shown. */
  shown(frame: LiveFrame, now: number): void {
    this.#replacedAtAge = now - (this.#newerSince ?? frame.arrivedAt);
    this.#newerSince = this.#nextArrival.get(frame);
  }

  /** What is shown may just have been replaced: then by the age it had. */
  #age(now: number): number {
    return Math.max(this.#replacedAtAge, now - (this.#newerSince ?? now));
  }
}
