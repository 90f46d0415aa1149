import { reduce, rulesTold } from './model/reduce.js';
import type { DashboardState } from './model/state.js';
import { loadEpisodes } from './past-episodes.js';
import { loadInsights } from './past-insights.js';
import { loadRules } from './past-rules.js';

/** Reads what was before the page was opened, or while it was away. Lists that cannot be read begin with what comes. */
export function loadPast(change: (how: (before: DashboardState) => DashboardState) => void): void {
  loadRules()
    .then((told) => change((before) => rulesTold(before, told)))
    .catch(() => undefined);
  for (const load of [loadEpisodes, loadInsights]) {
    load()
      .then((messages) =>
        change((before) => messages.reduce((state, message) => reduce(state, message, Date.now()), before)),
      )
      .catch(() => undefined);
  }
}
