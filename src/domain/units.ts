declare const unit: unique symbol;
type Unit<U extends string> = number & { readonly [unit]: U };

/** Presentation time of the source, in microseconds. It alone orders evidence; it is never a frame count. */
export type Micros = Unit<'us:media'>;
/** Our own monotonic clock, in milliseconds: ages and timeouts. */
export type Millis = Unit<'ms:monotonic'>;
/** A number in [0, 1]. */
export type Probability = Unit<'0..1'>;
/** An angle in radians. */
export type Radians = Unit<'rad'>;

/** Media time from a number of microseconds. Throws RangeError when it is not finite. */
export function micros(value: number): Micros {
  if (!Number.isFinite(value)) throw new RangeError(`media time must be finite, got ${value}`);
  return Math.round(value) as Micros;
}

/** Media time from seconds, rounded to the nearest microsecond. */
export function microsFromSeconds(seconds: number): Micros {
  return micros(seconds * 1e6);
}

/** Seconds in a media time. */
export function secondsOf(value: Micros): number {
  return value / 1e6;
}

/** Media time elapsed from `from` to `to`, in seconds; negative when `to` is earlier. */
export function elapsedSeconds(from: Micros, to: Micros): number {
  return (to - from) / 1e6;
}

/** `at` moved by a number of seconds. */
export function addSeconds(at: Micros, seconds: number): Micros {
  return micros(at + seconds * 1e6);
}

export function millis(value: number): Millis {
  return value as Millis;
}

/** A probability. Throws RangeError outside [0, 1]. */
export function probability(value: number): Probability {
  if (!(value >= 0 && value <= 1)) throw new RangeError(`probability must be in [0, 1], got ${value}`);
  return value as Probability;
}

export function radians(value: number): Radians {
  return value as Radians;
}

/** What a list's angles may be in. */
export const ANGLE_UNITS = ['degrees', 'radians'] as const;
export type AngleUnit = (typeof ANGLE_UNITS)[number];
