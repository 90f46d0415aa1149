/** A condition turned: it has held long enough, or has not been met for long enough. */
export type Turn =
  | { readonly phase: 'start'; readonly subject: number; readonly value: number; readonly onsetUs: number }
  | { readonly phase: 'end'; readonly endedUs: number };

interface HoldTimes {
  readonly forUs: number;
  readonly endAfterUs: number;
  readonly holdOffUs: number;
}

/**
 * When a condition that subjects (faces by track, or the camera) meet or do not meet begins and ends to hold. Pure but
 * for its own state: time comes with each sample, in microseconds, and never goes back.
 */
export class HeldCondition {
  /** Since when each subject meets the condition without a break. */
  readonly #since = new Map<number, number>();
  #firing = false;
  #lastMetUs = 0;
  #quietUntilUs = Number.NEGATIVE_INFINITY;

  constructor(private readonly times: HoldTimes) {}

  /** @param met - the subjects that meet the condition now, with what was measured of each */
  sample(atUs: number, met: ReadonlyMap<number, number>): Turn | null {
    for (const subject of [...this.#since.keys()]) if (!met.has(subject)) this.#since.delete(subject);
    for (const subject of met.keys()) if (!this.#since.has(subject)) this.#since.set(subject, atUs);
    return this.#firing ? this.#goOn(atUs, met.size > 0) : this.#begin(atUs, met);
  }

  /** When the next turn comes if nothing changes; null when none does. */
  get dueUs(): number | null {
    if (this.#firing) return this.#since.size > 0 ? null : this.#lastMetUs + this.times.endAfterUs;
    const [first] = [...this.#since.values()].sort((a, b) => a - b);
    return first === undefined ? null : Math.max(first + this.times.forUs, this.#quietUntilUs);
  }

  /** Nothing is known any more: what goes on has ended when it was last met. */
  cut(): Turn | null {
    this.#since.clear();
    return this.#firing ? this.#end(this.#lastMetUs) : null;
  }

  #goOn(atUs: number, isMet: boolean): Turn | null {
    if (isMet) this.#lastMetUs = atUs;
    else if (atUs - this.#lastMetUs >= this.times.endAfterUs) return this.#end(atUs);
    return null;
  }

  #end(atUs: number): Turn {
    this.#firing = false;
    this.#quietUntilUs = atUs + this.times.holdOffUs;
    return { phase: 'end', endedUs: this.#lastMetUs };
  }

  /** The subject that has met it longest is the one that is told. */
  #begin(atUs: number, met: ReadonlyMap<number, number>): Turn | null {
    if (atUs < this.#quietUntilUs) return null;
    const [longest] = [...this.#since].sort(([, a], [, b]) => a - b);
    if (!longest || atUs - longest[1] < this.times.forUs) return null;
    const [subject, onsetUs] = longest;
    this.#firing = true;
    this.#lastMetUs = atUs;
    return { phase: 'start', subject, value: met.get(subject)!, onsetUs };
  }
}
