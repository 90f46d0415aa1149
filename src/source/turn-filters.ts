import type { Turn } from '../domain/frame.js';

/** ffmpeg's filters that turn a picture clockwise. */
export const TURN_FILTERS: Readonly<Record<Turn, readonly string[]>> = {
  0: [],
  90: ['transpose=clock'],
  180: ['hflip', 'vflip'],
  270: ['transpose=cclock'],
};
