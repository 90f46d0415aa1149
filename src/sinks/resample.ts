/** Values of each face at one moment; null where a value is missing. */
export interface Moment {
  readonly ptsUs: number;
  /** Index of the analysed frame: only neighbours are interpolated. */
  readonly frame: number;
  readonly faces: ReadonlyMap<number, readonly (number | null)[]>;
}

/** One row on the uniform grid: the faces that have a value there. */
export interface GridRow {
  /** The row's time is step / rate. */
  readonly step: number;
  readonly faces: ReadonlyMap<number, readonly (number | null)[]>;
}

/** Longer gaps between two frames are not interpolated. */
export const MAX_INTERPOLATED_US = 5_000_000;
/** Longer gaps get no rows at all: broken time stamps must not fill a disk. */
export const MAX_FILLED_US = 3_600_000_000;

function between(before: Moment, after: Moment, part: number): Map<number, (number | null)[]> {
  const faces = new Map<number, (number | null)[]>();
  for (const [track, to] of after.faces) {
    const from = before.faces.get(track);
    if (!from) continue;
    faces.set(
      track,
      to.map((value, index) => {
        const start = from[index] ?? null;
        return value === null || start === null ? null : start + part * (value - start);
      }),
    );
  }
  return faces;
}

/**
 * Puts moments on a uniform time grid, one frame after the other: linear between two neighbouring frames that both have
 * the value, empty elsewhere. Remembers one moment only.
 */
export class Resampler {
  readonly #stepUs: number;
  #last: Moment | null = null;
  #nextStep = 0;

  constructor(rateHz: number) {
    this.#stepUs = 1e6 / rateHz;
  }

  /** Rows after the moment before (at first: from this one on) up to and with this one. */
  *advance(moment: Moment): Generator<GridRow, void, void> {
    const before = this.#last;
    if (before !== null && moment.ptsUs <= before.ptsUs) return;
    this.#last = moment;
    const gapUs = before === null ? 0 : moment.ptsUs - before.ptsUs;
    if (before === null || gapUs > MAX_FILLED_US) {
      this.#nextStep = Math.max(0, Math.ceil(moment.ptsUs / this.#stepUs));
    }
    const neighbours = before !== null && moment.frame === before.frame + 1 && gapUs <= MAX_INTERPOLATED_US;
    for (; this.#nextStep * this.#stepUs <= moment.ptsUs; this.#nextStep++) {
      const atUs = this.#nextStep * this.#stepUs;
      const step = this.#nextStep;
      if (atUs === moment.ptsUs) yield { step, faces: moment.faces };
      else if (neighbours) yield { step, faces: between(before, moment, (atUs - before.ptsUs) / gapUs) };
      else yield { step, faces: new Map() };
    }
  }
}
