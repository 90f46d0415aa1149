import type { SubscribeRequest } from '../../../../src/client/types.js';
import type { LandmarkChoice } from '../../../../src/domain/face.js';

export interface Wishes {
  readonly cameras: number;
  readonly landmarks: LandmarkChoice;
  readonly blurFaces: boolean;
  /** False while the page is hidden: pictures would be sent for nobody. */
  readonly visible: boolean;
}

/** Pictures cost both ends: the more cameras, the smaller and fewer. */
function previewFor(cameras: number): { readonly maxFps: number; readonly maxSidePx: number } {
  if (cameras <= 1) return { maxFps: 15, maxSidePx: 960 };
  if (cameras <= 4) return { maxFps: 12, maxSidePx: 640 };
  if (cameras <= 9) return { maxFps: 8, maxSidePx: 480 };
  return { maxFps: 5, maxSidePx: 400 };
}

/** The page's one subscription. */
export function subscriptionFor(wishes: Wishes): SubscribeRequest {
  const all = ['faces', 'episodes', 'insights', 'states', 'stats'] as const;
  const base = { sources: '*', maxRateHz: 30, landmarks: wishes.landmarks } as const;
  if (!wishes.visible) return { ...base, kinds: [...all] };
  const preview = { ...previewFor(wishes.cameras), blurFaces: wishes.blurFaces };
  return { ...base, kinds: [...all, 'preview'], preview };
}
