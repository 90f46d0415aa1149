import type { Subscription } from 'rxjs';
import type { LiveCameras } from '../live/live-cameras.js';
import type { Clock } from '../rx/clock.js';
import { packPicture } from './camera-requests.js';
import type { Bus } from './connection.js';
import { type PreviewWant, WANTS_EVERY_MS, type WantTable } from './wants.js';

export interface PreviewSenderOptions {
  readonly bus: Bus;
  readonly cameras: Pick<LiveCameras, 'previews'>;
  readonly wants: WantTable;
  readonly clock: Clock;
}

/** Sends pictures of cameras while gateways want them; each choice of size and rate once for all who want it. */
export class PreviewSender {
  readonly #options: PreviewSenderOptions;
  readonly #feeds = new Map<string, Map<string, Subscription>>();
  #cancelLook: () => void;

  constructor(options: PreviewSenderOptions) {
    this.#options = options;
    const again = (): void => {
      this.look(this.#feeds.keys());
      this.#cancelLook = options.clock.after(WANTS_EVERY_MS, again);
    };
    this.#cancelLook = options.clock.after(WANTS_EVERY_MS, again);
  }

  /** Begins what is wanted now, and ends what is wanted no longer. */
  look(cameras: Iterable<string>): void {
    const { wants, clock } = this.#options;
    for (const camera of [...cameras]) {
      const wanted = wants.previews(camera, clock.nowMs());
      const running = this.#feeds.get(camera) ?? new Map<string, Subscription>();
      for (const [choice, feed] of running) if (!wanted.has(choice)) feed.unsubscribe();
      for (const [choice, want] of wanted) if (!running.has(choice)) this.#begin(camera, choice, want, running);
    }
  }

  /** The camera is another machine's. */
  end(camera: string): void {
    for (const feed of this.#feeds.get(camera)?.values() ?? []) feed.unsubscribe();
  }

  close(): void {
    this.#cancelLook();
    for (const camera of [...this.#feeds.keys()]) this.end(camera);
  }

  #begin(camera: string, choice: string, want: PreviewWant, running: Map<string, Subscription>): void {
    const { bus, cameras } = this.#options;
    try {
      const feed = cameras.previews(camera, want).subscribe((picture) => {
        if (bus.connected) bus.connection.publish(bus.names.preview(camera, choice), packPicture(picture));
      });
      running.set(choice, feed);
      this.#feeds.set(camera, running);
      feed.add(() => {
        running.delete(choice);
        if (running.size === 0) this.#feeds.delete(camera);
      });
    } catch {
      // The camera is not open yet, or no longer: it is looked at again.
    }
  }
}
