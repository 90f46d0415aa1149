import type { SubscribeRequest } from '../../../../src/client/types.js';
import type { LandmarkChoice } from '../../../../src/domain/face.js';

export interface Wishes {
  readonly cameras: number;
  readonly landmarks: LandmarkChoice;
  readonly blurFaces: boolean;
  /** False while the page is hidden: pictures would be sent for nobody. */
  readonly visible: boolean;
  /** Pictures fill the screen: of all cameras, or of `only` one. */
  readonly wall: boolean;
  readonly only: string | null;
}

/** Pictures cost both ends: the more cameras, the smaller and fewer. On a wall they are shown larger. */
function previewFor(cameras: number, wall: boolean): { readonly maxFps: number; readonly maxSidePx: number } {
  if (cameras <= 1) return { maxFps: 15, maxSidePx: wall ? 1280 : 960 };
  if (cameras <= 4) return { maxFps: 12, maxSidePx: wall ? 960 : 640 };
  if (cameras <= 9) return { maxFps: 8, maxSidePx: wall ? 640 : 480 };
  return { maxFps: 5, maxSidePx: wall ? 480 : 400 };
}

/** The page's two subscriptions: what is read of all cameras, and the pictures that are looked at (null: none are). */
export function subscriptionsFor(wishes: Wishes): {
  readonly readings: SubscribeRequest;
  readonly pictures: SubscribeRequest | null;
} {
  const { cameras, landmarks, blurFaces, visible, wall, only } = wishes;
  const readings: SubscribeRequest = {
    sources: '*',
    kinds: ['faces', 'episodes', 'insights', 'rules', 'states', 'stats'],
    maxRateHz: 30,
    landmarks,
  };
  if (!visible) return { readings, pictures: null };
  const sources = only === null ? '*' : [only];
  const preview = { ...previewFor(only === null ? cameras : 1, wall), blurFaces };
  return { readings, pictures: { sources, kinds: ['preview'], preview } };
}
