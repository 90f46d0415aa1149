import { finalize, map, type Observable, share } from 'rxjs';
import type { LiveSystem } from '../live/live-system.js';
import { PreviewMessages } from './encode.js';

export interface PreviewChoice {
  readonly maxFps: number;
  readonly maxSidePx: number;
  readonly blurFaces: boolean;
}

/** Pictures for many clients: one feed of the system for each camera and choice, while somebody looks. */
export class PreviewFeeds {
  readonly #feeds = new Map<string, Observable<PreviewMessages>>();

  constructor(private readonly system: LiveSystem) {}

  /** Ends with CAMERA_UNKNOWN where there is no such camera; completes when it is removed. */
  of(source: string, { maxFps, maxSidePx, blurFaces }: PreviewChoice): Observable<PreviewMessages> {
    const key = `${source} ${maxFps} ${maxSidePx} ${blurFaces}`;
    const known = this.#feeds.get(key);
    if (known) return known;
    const feed = this.system.previews(source, { maxFps, maxSidePx, blurFaces }).pipe(
      map((preview) => new PreviewMessages(preview)),
      // Nobody looks any more, or the camera is gone.
      finalize(() => this.#feeds.delete(key)),
      share(),
    );
    this.#feeds.set(key, feed);
    return feed;
  }
}
