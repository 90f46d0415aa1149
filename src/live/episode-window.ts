import type { Episode } from '../domain/records.js';
import type { EpisodeQuery, RecentEpisode } from './live-system.js';

export interface EpisodeWindowOptions {
  /** Episodes that have not changed for this long are forgotten; 0 keeps those that still go on, and nothing else. */
  readonly retainMs: number;
  /** Most episodes kept, whatever their age. */
  readonly capacity: number;
}

/** The newest state of each recent episode: all that a camera's past leaves in memory. */
export class EpisodeWindow {
  readonly #options: EpisodeWindowOptions;
  /** In order of the last change. */
  readonly #episodes = new Map<string, RecentEpisode>();

  constructor(options: EpisodeWindowOptions) {
    this.#options = options;
  }

  add(episode: Episode, wallTimeMs: number): void {
    this.#episodes.delete(episode.id);
    this.#episodes.set(episode.id, { episode, wallTimeMs });
    this.#forget(wallTimeMs);
  }

  /** Newest first. */
  recent(query: EpisodeQuery, nowMs: number): RecentEpisode[] {
    this.#forget(nowMs);
    const { source, kind, sinceMs = Number.NEGATIVE_INFINITY, limit = 100 } = query;
    const found: RecentEpisode[] = [];
    for (const item of [...this.#episodes.values()].reverse()) {
      if (found.length >= limit || item.wallTimeMs < sinceMs) break;
      if (source !== undefined && item.episode.source !== source) continue;
      if (kind !== undefined && item.episode.kind !== kind) continue;
      found.push(item);
    }
    return found;
  }

  dropSource(source: string): void {
    for (const [id, { episode }] of this.#episodes) if (episode.source === source) this.#episodes.delete(id);
  }

  #forget(nowMs: number): void {
    const { retainMs, capacity } = this.#options;
    for (const [id, { episode, wallTimeMs }] of this.#episodes) {
      const old = wallTimeMs < nowMs - retainMs && (episode.phase === 'end' || wallTimeMs < nowMs - retainMs - 60_000);
      if (!old && this.#episodes.size <= capacity) return;
      this.#episodes.delete(id);
    }
  }
}
