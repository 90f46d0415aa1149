import type { Look } from './face.js';

/** Media seconds between two readings of one face, by what is read of it; 0: in every frame. */
export type ReadingPace = Readonly<Record<Look, number>>;

/** What covers a face takes a quarter of a second to count, gaze is smoothed over a tenth: neither is read in every frame. */
export const FULL_PACE: ReadingPace = { affect: 0, gaze: 0.06, cover: 0.1 };
