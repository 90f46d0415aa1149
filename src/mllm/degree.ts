import { DEGREES, type Degree } from '../domain/insight.js';

/** The FACS degree A..E of an intensity of 0..5, in words; what is under 1 is a trace. */
export function degreeOf(intensity: number): Degree {
  return DEGREES[Math.min(5, Math.max(1, Math.round(intensity))) - 1]!;
}
