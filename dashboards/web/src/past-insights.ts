import type { InsightMessage } from './model/wire.js';
import { call } from './rest.js';

/** Most insights of the past that are asked for. */
const LIMIT = 60;

/** Insights from before the page was opened, or missed while away, as messages; oldest first. */
export async function loadInsights(): Promise<readonly InsightMessage[]> {
  const { insights } = (await call('GET', `insights?limit=${LIMIT}`)) as {
    insights: readonly Pick<InsightMessage, 'atMs' | 'insight' | 'fusion' | 'evidenceJpeg'>[];
  };
  return [...insights].reverse().map((item) => ({ type: 'insight', seq: 0, source: item.insight.source, ...item }));
}
