import type { Micros } from './units.js';

/** A small JPEG of a camera's picture. */
export interface Preview {
  readonly source: string;
  readonly ptsUs: Micros;
  /** Size of the JPEG. */
  readonly widthPx: number;
  readonly heightPx: number;
  readonly jpeg: Uint8Array;
}
