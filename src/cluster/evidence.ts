import { pack, type Told, unpack } from './wire.js';

/** Pictures that wait for their insight, at most: each has some 10 KB. */
const MOST = 256;

type InsightEvent = Extract<Told, { type: 'insight' }>;

/** An event as it may be kept on disk: without the picture of a face. */
export const withoutPicture = (event: Told): Told =>
  event.type === 'insight' ? { ...event, evidenceJpeg: null } : event;

/** The picture of an insight by itself; null where it has none. */
export function packEvidence({ insight, evidenceJpeg }: InsightEvent): Uint8Array | null {
  return evidenceJpeg && pack({ insight: insight.id }, evidenceJpeg);
}

/** Pictures that came before their insights, which the bus keeps without. Pure but for its memory. */
export class EvidenceDesk {
  readonly #pictures = new Map<string, Uint8Array>();

  take(message: Uint8Array): void {
    const read = unpack<{ readonly insight: string }>(message);
    if (!read) return;
    this.#pictures.set(read.header.insight, read.body);
    if (this.#pictures.size > MOST) this.#pictures.delete(this.#pictures.keys().next().value!);
  }

  /** The event with its picture, if that came; an insight of before this process was started has none. */
  complete(event: Told): Told {
    if (event.type !== 'insight') return event;
    const evidenceJpeg = this.#pictures.get(event.insight.id) ?? null;
    this.#pictures.delete(event.insight.id);
    return { ...event, evidenceJpeg };
  }
}
