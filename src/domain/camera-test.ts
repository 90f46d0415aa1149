import type { SourceEnd, StreamFacts } from './live.js';

/** Whether a test shows a picture: as it is, made unrecognisable, not as pictures are off, or not as none came. */
export const TEST_PICTURES = ['shown', 'blurred', 'off', 'none'] as const;

/** What came of opening a camera for a few seconds. */
export interface CameraTest {
  /** Of its own size; null when it brought no picture. */
  readonly stream: StreamFacts | null;
  /** Milliseconds from opening it to its first picture; null likewise. */
  readonly firstPictureMs: number | null;
  /** Pictures a second that arrived; null with fewer than two. */
  readonly fps: number | null;
  /** Pictures that arrived damaged. */
  readonly damaged: number;
  /** How it ended by itself, or why nothing came; null: pictures came until the test was over. */
  readonly end: SourceEnd | null;
  readonly picture: (typeof TEST_PICTURES)[number];
  readonly jpeg: Uint8Array | null;
}
