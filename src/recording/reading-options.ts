import type { Turn } from '../domain/frame.js';

/** What to read of a video, and how. */
export interface ReadingOptions {
  readonly streamIndex?: number;
  readonly startSeconds?: number;
  readonly endSeconds?: number;
  readonly sampleFps?: number;
  /** Turns the picture clockwise; auto: where faces are clearly upright only that way. @default 0 */
  readonly rotate?: Turn | 'auto';
  readonly maxSidePx: number;
  readonly minFacePx: number;
  readonly baseline: boolean;
  /** False keeps action units and leaves emotions out ('au-only'). @default true */
  readonly emotions?: boolean;
}
