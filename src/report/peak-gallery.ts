import type { Frame } from '../domain/frame.js';
import type { FaceRecord } from '../domain/records.js';
import { createPeakSelector, type Peak } from './peak-selector.js';
import { encodeThumbnail } from './thumbnail.js';

/** A chosen frame with its picture. */
export interface PeakImage {
  readonly peak: Peak;
  readonly jpeg: Buffer;
}

/** Pictures of peaks: offers frames to the selector, encodes the few it wants, forgets what was replaced. */
export class PeakGallery {
  readonly #selector = createPeakSelector();
  readonly #images = new Map<number, PeakImage>();
  /** The peak each slot stands for now; an encode that finishes for an older one is thrown away. */
  readonly #current = new Map<number, Peak>();

  /** Copies what it needs before it returns; the promise, if any, ends when the pictures are encoded. */
  consider(frame: Frame, records: readonly FaceRecord[]): Promise<void> | undefined {
    const encodes: Promise<void>[] = [];
    for (const record of records) {
      const peak = this.#selector.consider(record);
      if (peak && record.box) encodes.push(this.#encode(frame, record.box, peak));
    }
    return encodes.length === 0 ? undefined : Promise.all(encodes).then(() => undefined);
  }

  /** Kept pictures of a track by time. */
  ofTrack(track: number): PeakImage[] {
    return [...this.#images.values()]
      .filter((image) => image.peak.track === track)
      .sort((a, b) => a.peak.ptsUs - b.peak.ptsUs);
  }

  forget(track: number): void {
    for (const slot of this.#selector.forget(track)) this.#drop(slot);
  }

  #drop(slot: number): void {
    this.#current.delete(slot);
    this.#images.delete(slot);
  }

  async #encode(frame: Frame, box: NonNullable<FaceRecord['box']>, peak: Peak): Promise<void> {
    if (peak.evicted !== null) this.#drop(peak.evicted);
    this.#current.set(peak.slot, peak);
    const jpeg = await encodeThumbnail({ frame, box });
    if (this.#current.get(peak.slot) === peak) this.#images.set(peak.slot, { peak, jpeg });
  }
}
