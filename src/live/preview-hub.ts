import { Observable, type Subscriber } from 'rxjs';
import sharp from 'sharp';
import { hideFaces } from '../areas/hide-faces.js';
import { matrixOf } from '../domain/colour.js';
import type { Box } from '../domain/face.js';
import type { Frame } from '../domain/frame.js';
import type { Preview } from '../domain/live.js';
import type { Telemetry } from '../domain/telemetry.js';
import { type Picture, shrinkToRgb } from './picture.js';

export interface PreviewOptions {
  readonly maxFps: number;
  /** Longer side of the JPEG; rounded up to 320, 640, 1280 or 1920, so that viewers share pictures. */
  readonly maxSidePx: number;
  readonly blurFaces: boolean;
}

interface Viewer {
  readonly options: PreviewOptions;
  readonly subscriber: Subscriber<Preview>;
  nextDueMs: number;
}

export interface PreviewFrame {
  readonly frame: Frame;
  readonly nowMs: number;
  /** Faces of this frame. */
  readonly boxes: readonly Box<'frame'>[];
}

const SIDES = [320, 640, 1280, 1920];
const QUALITY = 75;
/** Faces seen this long ago are still hidden where they were: a face that the mesh loses for a moment stays hidden. */
const HIDE_FOR_MS = 1_000;

/** Pictures of one camera for whoever watches. Without viewers it only remembers where faces were. */
export class PreviewHub {
  readonly #source: string;
  readonly #telemetry: Pick<Telemetry, 'stageDuration'>;
  readonly #viewers = new Set<Viewer>();
  readonly #busy = new Set<string>();
  /** Key: the last picture of that size, whose pixels the next one takes over: no megabyte is allocated for each. */
  readonly #pictures = new Map<string, Picture>();
  #recentBoxes: { readonly atMs: number; readonly box: Box<'frame'> }[] = [];

  constructor(options: { readonly source: string; readonly telemetry: Pick<Telemetry, 'stageDuration'> }) {
    this.#source = options.source;
    this.#telemetry = options.telemetry;
  }

  /** Pictures while subscribed; completes with `close`. */
  watch(options: PreviewOptions): Observable<Preview> {
    const side = SIDES.find((each) => each >= options.maxSidePx) ?? SIDES.at(-1)!;
    return new Observable((subscriber) => {
      const viewer: Viewer = { options: { ...options, maxSidePx: side }, subscriber, nextDueMs: 0 };
      this.#viewers.add(viewer);
      return () => {
        this.#viewers.delete(viewer);
        if (this.#viewers.size === 0) this.#pictures.clear();
      };
    });
  }

  /** Offers an analysed frame; reads it before returning. */
  offer({ frame, nowMs, boxes }: PreviewFrame): void {
    this.#recentBoxes = this.#recentBoxes.filter(({ atMs }) => nowMs - atMs < HIDE_FOR_MS).slice(-256);
    for (const box of boxes) this.#recentBoxes.push({ atMs: nowMs, box });
    const groups = new Map<string, Viewer[]>();
    for (const viewer of this.#viewers) {
      const key = `${viewer.options.maxSidePx} ${viewer.options.blurFaces}`;
      if (nowMs < viewer.nextDueMs || this.#busy.has(key)) continue;
      // Due times stay on their own grid, so that 10 a second of 30 are every third frame and not every fourth.
      const periodMs = 1000 / viewer.options.maxFps;
      viewer.nextDueMs = Math.max(viewer.nextDueMs + periodMs, nowMs + periodMs / 2);
      groups.set(key, [...(groups.get(key) ?? []), viewer]);
    }
    for (const [key, viewers] of groups) {
      const { maxSidePx, blurFaces } = viewers[0]!.options;
      const started = performance.now();
      const picture = shrinkToRgb(frame, { maxSidePx, matrix: matrixOf(frame), reuse: this.#pictures.get(key) });
      this.#pictures.set(key, picture);
      if (blurFaces) {
        hideFaces(
          picture,
          this.#recentBoxes.map(({ box }) => box),
          frame,
        );
      }
      const { ptsUs } = frame;
      this.#busy.add(key);
      void this.#encode(picture)
        .finally(() => this.#busy.delete(key))
        .then((jpeg) => {
          this.#telemetry.stageDuration('preview', performance.now() - started);
          const { widthPx, heightPx } = picture;
          for (const { subscriber } of viewers) {
            subscriber.next({ source: this.#source, ptsUs, widthPx, heightPx, jpeg });
          }
        });
    }
  }

  close(): void {
    for (const { subscriber } of [...this.#viewers]) subscriber.complete();
    this.#viewers.clear();
  }

  #encode({ data, widthPx, heightPx }: Picture): Promise<Buffer> {
    const raw = { width: widthPx, height: heightPx, channels: 3 } as const;
    return sharp(data, { raw }).jpeg({ quality: QUALITY }).toBuffer();
  }
}
