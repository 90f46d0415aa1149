import sharp from 'sharp';
import type { Insight } from '../domain/insight.js';
import { clampInsight } from './insight-words.js';

/** Bounds of what a report keeps of insights, however many there are and however long they are. */
export const INSIGHTS_IN_REPORT = { perTrack: 12, total: 120, pictureSidePx: 144 } as const;
/** Pictures longer than this are not even decoded, bytes. */
const MAX_PICTURE_BYTES = 4 * 2 ** 20;
const MAX_PICTURE_PIXELS = 16_000_000;

/** An insight of the page; `jpeg` is null where there is no picture that can be shown. */
export interface ReportInsight {
  readonly insight: Insight;
  readonly jpeg: Buffer | null;
}

/** Keeps insights of each track spread over its time: when full, one of the closest together gives way. */
export class BoundedInsights {
  readonly #kept = new Map<number, ReportInsight[]>();
  /** Insights that gave way to others of the same track, by track. */
  readonly omitted = new Map<number, number>();

  /** The picture is encoded anew, so that what is no JPEG never reaches the page; ends when it is. */
  async add(insight: Insight, evidenceJpeg: Uint8Array | null): Promise<void> {
    const clamped = clampInsight(insight);
    const jpeg = evidenceJpeg && (await smallPicture(evidenceJpeg));
    const kept = this.#kept.get(insight.track) ?? [];
    this.#kept.set(insight.track, kept);
    kept.push({ insight: clamped, jpeg });
    kept.sort((a, b) => a.insight.ptsUs - b.insight.ptsUs);
    if (kept.length > INSIGHTS_IN_REPORT.perTrack) this.#thin(insight.track, kept);
    if (this.#total() > INSIGHTS_IN_REPORT.total) {
      const [track, fullest] = [...this.#kept].sort((a, b) => b[1].length - a[1].length)[0]!;
      this.#thin(track, fullest);
    }
  }

  /** Kept insights of a track by time. */
  ofTrack(track: number): readonly ReportInsight[] {
    return this.#kept.get(track) ?? [];
  }

  forget(track: number): void {
    this.#kept.delete(track);
    this.omitted.delete(track);
  }

  #total(): number {
    let total = 0;
    for (const { length } of this.#kept.values()) total += length;
    return total;
  }

  /** Drops the one between the two closest neighbours. */
  #thin(track: number, kept: ReportInsight[]): void {
    const at = (index: number): number => kept[index]!.insight.ptsUs;
    let drop = kept.length - 1;
    let least = Number.POSITIVE_INFINITY;
    for (let index = 1; index < kept.length - 1; index++) {
      const apart = at(index + 1) - at(index - 1);
      if (apart >= least) continue;
      least = apart;
      drop = index;
    }
    kept.splice(drop, 1);
    this.omitted.set(track, (this.omitted.get(track) ?? 0) + 1);
  }
}

async function smallPicture(bytes: Uint8Array): Promise<Buffer | null> {
  if (bytes.length > MAX_PICTURE_BYTES) return null;
  const { pictureSidePx: side } = INSIGHTS_IN_REPORT;
  try {
    return await sharp(bytes, { limitInputPixels: MAX_PICTURE_PIXELS })
      .resize(side, side, { fit: 'inside', withoutEnlargement: true })
      .jpeg({ quality: 78 })
      .toBuffer();
  } catch {
    // What cannot be decoded is no picture: the insight is shown without one.
    return null;
  }
}
