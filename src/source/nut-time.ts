import type { NutMainHeader, NutStream } from './nut-headers.js';

/** Completes a PTS of which only the low bits are coded; values above them carry the PTS itself. */
export function fullPts(coded: number, lastPts: number, stream: NutStream): number {
  const span = 2 ** stream.msbPtsShift;
  if (coded >= span) return coded - span;
  const base = lastPts - Math.floor((span - 1) / 2);
  return base + ((((coded - base) % span) + span) % span);
}

/** The PTS that a syncpoint tells, in the time base of the stream. */
export function syncpointPts(coded: number, main: NutMainHeader, stream: NutStream): number {
  const from = main.timeBases[coded % main.timeBases.length]!;
  const ticks = Math.floor(coded / main.timeBases.length);
  const to = stream.timeBase;
  if (from.numerator === to.numerator && from.denominator === to.denominator) return ticks;
  const scaled =
    (BigInt(ticks) * BigInt(from.numerator) * BigInt(to.denominator)) /
    (BigInt(from.denominator) * BigInt(to.numerator));
  return Number(scaled);
}
