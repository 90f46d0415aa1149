import type { Episode } from '../domain/records.js';
import type { Micros } from '../domain/units.js';
import type { Patch } from './patch.js';

/** Tracks whose views are kept, the newest; and of a track the newest onsets. */
const MAX_TRACKS = 32;
const MAX_ONSETS = 2;
/** A clip: so many views before the newest, at least so far apart, within so long. */
const CLIP_VIEWS = 3;
const CLIP_STEP_US = 250_000;
const CLIP_LENGTH_US = 1_000_000;
/** A track that was not seen for so long is forgotten. */
const FORGET_US = 5_000_000;

interface TrackViews {
  readonly onsets: Map<string, Patch>;
  clip: { readonly ptsUs: Micros; readonly patch: Patch }[];
  seenUs: Micros;
}

/** A face in a frame; `view` copies what shows it. */
export interface SeenFace {
  readonly source: string;
  readonly track: number;
  readonly ptsUs: Micros;
  readonly view: () => Patch;
}

/** Views before the one that is asked about. */
export interface Earlier {
  /** When the episode began; null where that was not seen. */
  readonly onset: Patch | null;
  /** Oldest first. */
  readonly clip: readonly Patch[];
}

/**
 * Faces of earlier moments, for questions about what has changed. Bounded: a view is copied when an episode begins, or
 * every quarter of a second for clips, and only where a question wants it.
 */
export class EarlierViews {
  readonly #tracks = new Map<string, TrackViews>();
  /** Episodes that began, whose track has not been seen since. */
  readonly #begun = new Map<string, Set<string>>();

  /** Learns of an episode before the faces of its frame are seen. */
  episode({ source, track, id, phase, kind }: Episode): void {
    if (kind !== 'emotion' && kind !== 'action-unit') return;
    const key = keyOf({ source, track });
    if (phase === 'end') {
      this.#tracks.get(key)?.onsets.delete(id);
      this.#begun.get(key)?.delete(id);
    } else if (phase === 'new') {
      this.#begun.set(key, (this.#begun.get(key) ?? new Set()).add(id));
      keepNewest(this.#begun, MAX_TRACKS);
    }
  }

  /** Looks at a face; copies it where a question may want it later. */
  see(face: SeenFace, wanted: { readonly onset: boolean; readonly clip: boolean }): void {
    const key = keyOf(face);
    const { ptsUs } = face;
    const before = this.#tracks.get(key);
    const track =
      before && ptsUs - before.seenUs <= FORGET_US ? before : { onsets: new Map(), clip: [], seenUs: ptsUs };
    track.seenUs = ptsUs;
    this.#tracks.delete(key);
    this.#tracks.set(key, track);
    keepNewest(this.#tracks, MAX_TRACKS);
    const begun = wanted.onset ? [...(this.#begun.get(key) ?? [])] : [];
    this.#begun.delete(key);
    track.clip = track.clip.filter((view) => ptsUs - view.ptsUs <= CLIP_LENGTH_US);
    const last = track.clip.at(-1);
    const forClip = wanted.clip && (last === undefined || ptsUs - last.ptsUs >= CLIP_STEP_US);
    if (begun.length === 0 && !forClip) return;
    const patch = face.view();
    for (const id of begun) track.onsets.set(id, patch);
    keepNewest(track.onsets, MAX_ONSETS);
    if (forClip) track.clip = [...track.clip, { ptsUs, patch }].slice(-(CLIP_VIEWS + 1));
  }

  /** Views of a track before a moment. */
  of(face: Pick<SeenFace, 'source' | 'track' | 'ptsUs'>, episodeId: string | null): Earlier {
    const track = this.#tracks.get(keyOf(face));
    return {
      onset: (episodeId === null ? undefined : track?.onsets.get(episodeId)) ?? null,
      clip: (track?.clip ?? [])
        .filter(({ ptsUs }) => ptsUs <= face.ptsUs - CLIP_STEP_US)
        .slice(-CLIP_VIEWS)
        .map(({ patch }) => patch),
    };
  }

  endSource(source: string): void {
    for (const map of [this.#tracks, this.#begun])
      for (const key of map.keys()) if (key.startsWith(`${source}/`)) map.delete(key);
  }
}

const keyOf = ({ source, track }: { readonly source: string; readonly track: number }): string => `${source}/${track}`;

function keepNewest(map: Map<string, unknown>, most: number): void {
  while (map.size > most) map.delete(map.keys().next().value!);
}
