import type { Box } from '../domain/face.js';
import type { Preview } from '../domain/live.js';

/** Most bytes of pictures that wait for a rule, of one camera. */
const MAX_RING_BYTES = 16 * 2 ** 20;

/** Where faces were in a frame, in its pixels. */
export interface SeenFaces {
  readonly ptsUs: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly boxes: readonly Box<'frame'>[];
}

/** The last pictures of a camera, and where faces were in the frames of that time: bounded by time and bytes. */
export class PictureRing {
  #pictures: Preview[] = [];
  #seen: SeenFaces[] = [];
  #bytes = 0;

  /**
   * @param keepUs - how far back pictures are kept
   * @param seenUs - how far back faces are remembered: longer, as pictures that were taken out are hidden later
   */
  constructor(
    private readonly limits: { readonly keepUs: number; readonly seenUs: number; readonly maxBytes?: number },
  ) {}

  get pictures(): readonly Preview[] {
    return this.#pictures;
  }

  get bytes(): number {
    return this.#bytes;
  }

  add(picture: Preview): void {
    const { keepUs, maxBytes = MAX_RING_BYTES } = this.limits;
    this.#pictures.push(picture);
    this.#bytes += picture.jpeg.length;
    while (this.#pictures[0]!.ptsUs < picture.ptsUs - keepUs || this.#bytes > maxBytes) {
      this.#bytes -= this.#pictures.shift()!.jpeg.length;
      if (this.#pictures.length === 0) return;
    }
  }

  see(seen: SeenFaces): void {
    this.#seen.push(seen);
    const oldest = seen.ptsUs - this.limits.seenUs;
    if (this.#seen[0]!.ptsUs < oldest) this.#seen = this.#seen.filter(({ ptsUs }) => ptsUs >= oldest);
  }

  /** Faces of frames up to so long before and after a picture. */
  seenAround(ptsUs: number, withinUs: number): readonly SeenFaces[] {
    return this.#seen.filter((seen) => seen.boxes.length > 0 && Math.abs(seen.ptsUs - ptsUs) <= withinUs);
  }
}
