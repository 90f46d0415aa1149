import type { FaceReadings, UnitReadings } from '../domain/face-readings.js';
import type { Episode, FaceRecord } from '../domain/records.js';
import type { Micros } from '../domain/units.js';
import { unitReadings } from './record-readings.js';

/** Episodes that are remembered, the newest. */
const MAX_EPISODES = 256;

interface Onset {
  readonly track: string;
  /** Null until its face is seen. */
  seen: { readonly units: UnitReadings; readonly ptsUs: Micros } | null;
}

const keyOf = ({ source, track }: { readonly source: string; readonly track: number | null }): string =>
  `${source}/${track}`;

/** The action units of faces when their episodes began, for words about what has changed since. */
export class OnsetReadings {
  readonly #onsets = new Map<string, Onset>();

  /** Learns of an episode before the faces of its frame are seen. */
  episode({ id, source, track, phase, kind }: Episode): void {
    if (kind !== 'emotion' && kind !== 'action-unit') return;
    if (phase === 'end') this.#onsets.delete(id);
    if (phase !== 'new') return;
    this.#onsets.set(id, { track: keyOf({ source, track }), seen: null });
    if (this.#onsets.size > MAX_EPISODES) this.#onsets.delete(this.#onsets.keys().next().value!);
  }

  /** Looks at a face: what it reads is kept for episodes of it that have just begun. */
  see(record: FaceRecord): void {
    if (record.actionUnits === null) return;
    const key = keyOf(record);
    for (const onset of this.#onsets.values()) {
      if (onset.seen === null && onset.track === key)
        onset.seen = { units: unitReadings(record.actionUnits), ptsUs: record.ptsUs };
    }
  }

  /** What was read when an episode began; null where that was not seen, or is now. */
  of(episodeId: string | null, nowUs: Micros): FaceReadings['onset'] {
    const seen = episodeId === null ? null : (this.#onsets.get(episodeId)?.seen ?? null);
    if (seen === null || seen.ptsUs >= nowUs) return null;
    return { units: seen.units, secondsBefore: (nowUs - seen.ptsUs) / 1e6 };
  }

  endSource(source: string): void {
    for (const [id, { track }] of this.#onsets) if (track.startsWith(`${source}/`)) this.#onsets.delete(id);
  }
}
