import type { Micros } from '../../domain/units.js';

/** One decoded picture, as ffmpeg's log tells it before its bytes come. */
export interface PictureMark {
  readonly ptsUs: Micros;
  /** Nothing before it is needed to decode it. */
  readonly key: boolean;
  /** The decoder complained of it, or of what came since the picture before. */
  readonly complaint: boolean;
}

/**
 * Damage spreads from picture to picture until a key picture ends it. Streams without key pictures (intra refresh) renew
 * every picture piece by piece, within a few seconds: after so long without a complaint a picture counts as whole again.
 */
const HEALED_AFTER_US = 10_000_000;

/** Tells whole pictures from those that were decoded with errors or build on such. */
export class Damage {
  /** Media time of the last complaint that no key picture has ended. */
  #atUs: Micros | undefined;

  isDamaged({ ptsUs, key, complaint }: PictureMark): boolean {
    if (complaint) this.#atUs = ptsUs;
    else if (key || (this.#atUs !== undefined && ptsUs - this.#atUs >= HEALED_AFTER_US)) this.#atUs = undefined;
    return this.#atUs !== undefined;
  }
}
