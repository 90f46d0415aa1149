import type { ServeConfig } from '../config/serve-config.js';
import type { LiveSystem } from '../live/live-system.js';
import { RuleFirings } from '../rules/rule-firings.js';

/** What rules fire on, as long as episodes are remembered. */
export function watchFirings({ rules, retention }: ServeConfig, events: LiveSystem['events']): RuleFirings {
  const firings = new RuleFirings({ rules, retainMs: retention.episodesMs, capacity: retention.maxEpisodes });
  events.subscribe((event) => firings.take(event));
  return firings;
}
