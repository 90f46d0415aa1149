import type { Emotion } from '../domain/affect.js';
import type { FaceRecord } from '../domain/records.js';

const MINUTE_MS = 60_000;

/** What a minute of readings comes to: a line of `.minutes.jsonl`, from which a day is drawn. */
export interface Minute {
  readonly v: 1;
  /** RFC 3339: its beginning. */
  readonly wallTime: string;
  /** Analysed frames. */
  readonly frames: number;
  /** Faces in a frame: the most, and the mean. */
  readonly faces: { readonly most: number; readonly mean: number };
  /** Mean smoothed valence of faces that were read, -1..1; null without any. */
  readonly valence: number | null;
  /** Shares of the emotions in force among faces that have one; they sum to 1, or there are none. */
  readonly expressions: Readonly<Partial<Record<Emotion, number>>>;
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000;

/** Gathers the readings of one camera into minutes. */
export class MinuteDigest {
  #minute: number | null = null;
  #frames = 0;
  #faces = 0;
  #most = 0;
  #valence = { sum: 0, count: 0 };
  readonly #labels = new Map<Emotion, number>();

  /** The records of a frame. @returns the minute before, when this frame begins another */
  add(records: readonly FaceRecord[], atMs: number): Minute | null {
    const minute = Math.floor(atMs / MINUTE_MS);
    const before = minute === this.#minute ? null : this.take();
    this.#minute = minute;
    const faces = records.filter(({ track }) => track !== null);
    this.#frames++;
    this.#faces += faces.length;
    this.#most = Math.max(this.#most, faces.length);
    for (const { label, valenceArousal } of faces) {
      if (label !== null) this.#labels.set(label, (this.#labels.get(label) ?? 0) + 1);
      if (valenceArousal === null) continue;
      this.#valence.sum += valenceArousal.smoothed.valence;
      this.#valence.count++;
    }
    return before;
  }

  /** What was gathered of the last minute, which begins anew; null without a frame. */
  take(): Minute | null {
    if (this.#minute === null || this.#frames === 0) return null;
    const labelled = [...this.#labels.values()].reduce((sum, count) => sum + count, 0);
    const told: Minute = {
      v: 1,
      wallTime: new Date(this.#minute * MINUTE_MS).toISOString(),
      frames: this.#frames,
      faces: { most: this.#most, mean: rounded(this.#faces / this.#frames) },
      valence: this.#valence.count === 0 ? null : rounded(this.#valence.sum / this.#valence.count),
      expressions: Object.fromEntries([...this.#labels].map(([label, count]) => [label, rounded(count / labelled)])),
    };
    this.#frames = 0;
    this.#faces = 0;
    this.#most = 0;
    this.#valence = { sum: 0, count: 0 };
    this.#labels.clear();
    return told;
  }
}
