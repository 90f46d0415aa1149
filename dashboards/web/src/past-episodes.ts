import type { EpisodeJson, EpisodeMessage } from './model/wire.js';
import { call } from './rest.js';

/** Most episodes of the past that are asked for. */
const LIMIT = 300;

/** Episodes from before the page was opened, or missed while away, as messages; oldest first. */
export async function loadEpisodes(): Promise<readonly EpisodeMessage[]> {
  const { episodes } = (await call('GET', `episodes?limit=${LIMIT}`)) as {
    episodes: readonly { atMs: number; episode: EpisodeJson }[];
  };
  // One entry per change; the reducer keeps one row per episode.
  return [...episodes]
    .reverse()
    .map(({ atMs, episode }) => ({ type: 'episode', seq: 0, source: episode.source, atMs, episode }));
}
