import type { Areas } from '../domain/areas.js';
import type { Turn } from '../domain/frame.js';
import { DEFAULT_MAX_SIDE_PX, DEFAULT_MIN_FACE_PX } from '../domain/reading-size.js';
import type { SoundChoice } from '../domain/sound.js';

/** What to read of a video, and how. */
export interface ReadingOptions {
  /** Which video stream, from 0; cover art is not counted. @default 0 */
  readonly streamIndex?: number;
  /** Which sound is listened to for who speaks. @default 'auto', the one that players choose */
  readonly sound?: SoundChoice;
  /** Seconds since the start of the video: frames from there on. @default all */
  readonly startSeconds?: number;
  /** Seconds since the start of the video: frames before it. @default all */
  readonly endSeconds?: number;
  /** Frames a second that are read at most; fewer is faster, and tells less of quick movements. @default all */
  readonly sampleFps?: number;
  /** Turns the picture clockwise; auto: where faces are clearly upright only that way. @default 0 */
  readonly rotate?: Turn | 'auto';
  /**
   * What is never looked at, and the places with names, of the picture as `rotate` has turned it; where mien turns it by
   * itself, they turn along. @default none
   */
  readonly areas?: Areas;
  /** Longer side that frames are shrunk to, pixels; raising it finds smaller faces, and is slower. */
  readonly maxSidePx: number;
  /** Smallest face to look for, pixels of the frame so shrunk. */
  readonly minFacePx: number;
  /** False leaves out the subtraction of each person's resting face. */
  readonly baseline: boolean;
  /** False keeps action units and leaves emotions out ('au-only'). @default true */
  readonly emotions?: boolean;
}

/** How `mien analyze` and `analyze` read when they are not told otherwise. */
export const READING_DEFAULTS = {
  rotate: 'auto',
  maxSidePx: DEFAULT_MAX_SIDE_PX,
  minFacePx: DEFAULT_MIN_FACE_PX,
  baseline: true,
} as const;
