import type { LiveEvent } from '../domain/live.js';
import type { KeptItem } from './part.js';

/** What of an event is kept; null: nothing. Of an episode its end, which has all of it, as in files. */
export function itemOf(event: LiveEvent): { readonly source: string; readonly item: KeptItem } | null {
  switch (event.type) {
    case 'faces':
      return { source: event.source, item: { type: 'readings', records: event.records, atMs: event.wallTimeMs } };
    case 'episode': {
      const { source, episode, wallTimeMs: atMs } = event;
      return episode.phase === 'end' ? { source, item: { type: 'episodes', episode, atMs } } : null;
    }
    case 'insight':
      return { source: event.source, item: { type: 'insights', insight: event.insight, atMs: event.wallTimeMs } };
    case 'rule':
      return { source: event.source, item: { type: 'rules', firing: event.firing, atMs: event.wallTimeMs } };
    case 'writing':
    case 'state':
    case 'removed':
    case 'silent':
      return null;
  }
}
