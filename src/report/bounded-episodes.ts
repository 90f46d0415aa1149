import type { Episode, EpisodeKind } from '../domain/records.js';

const lengthUs = (episode: Episode): number => (episode.offsetUs ?? episode.apexUs) - episode.onsetUs;

/** Keeps at most `limits[kind]` ended episodes of each kind: when full, the shortest gives way and is counted. */
export class BoundedEpisodes {
  readonly #limits: Readonly<Record<EpisodeKind, number>>;
  readonly #kept = new Map<EpisodeKind, Episode[]>();
  readonly omitted: Record<EpisodeKind, number> = { emotion: 0, blink: 0, 'action-unit': 0, speech: 0 };

  constructor(limits: Readonly<Record<EpisodeKind, number>>) {
    this.#limits = limits;
  }

  add(episode: Episode): void {
    if (episode.phase !== 'end') return;
    const kept = this.#kept.get(episode.kind) ?? [];
    this.#kept.set(episode.kind, kept);
    if (kept.length < this.#limits[episode.kind]) {
      kept.push(episode);
      return;
    }
    this.omitted[episode.kind] += 1;
    let shortest = 0;
    for (let at = 1; at < kept.length; at++) if (lengthUs(kept[at]!) < lengthUs(kept[shortest]!)) shortest = at;
    if (kept.length > 0 && lengthUs(episode) > lengthUs(kept[shortest]!)) kept[shortest] = episode;
  }

  /** Kept episodes by onset, then track. */
  all(): Episode[] {
    return [...this.#kept.values()].flat().sort((a, b) => a.onsetUs - b.onsetUs || a.track - b.track);
  }
}
