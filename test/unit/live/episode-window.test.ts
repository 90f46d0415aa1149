import { describe, expect, it } from 'vitest';
import type { Episode } from '../../../src/domain/records.js';
import { micros } from '../../../src/domain/units.js';
import { EpisodeWindow } from '../../../src/live/episode-window.js';

const episode = (id: string, more: Partial<Episode> = {}): Episode => ({
  v: 1,
  id,
  phase: 'end',
  source: 'door',
  track: 1,
  kind: 'emotion',
  label: 'happiness',
  onsetUs: micros(0),
  apexUs: micros(1),
  offsetUs: micros(2),
  peak: 0.9,
  mean: 0.8,
  confidence: 0.8,
  endReason: 'released',
  ...more,
});
const ids = (found: readonly { readonly episode: Episode }[]) => found.map(({ episode: { id } }) => id);

describe('EpisodeWindow', () => {
  it('keeps the newest phase of each episode, newest first', () => {
    const window = new EpisodeWindow({ retainMs: 1000, capacity: 10 });
    window.add(episode('a', { phase: 'new' }), 0);
    window.add(episode('b'), 10);
    window.add(episode('a', { phase: 'update' }), 20);
    const found = window.recent({}, 30);
    expect(ids(found)).toEqual(['a', 'b']);
    expect(found[0]!.episode.phase).toBe('update');
  });

  it('forgets ended episodes after the retention time', () => {
    const window = new EpisodeWindow({ retainMs: 1000, capacity: 10 });
    window.add(episode('a'), 0);
    window.add(episode('b'), 900);
    expect(ids(window.recent({}, 1500))).toEqual(['b']);
  });

  it('with a retention of 0 nothing that has ended can be read later', () => {
    const window = new EpisodeWindow({ retainMs: 0, capacity: 10 });
    window.add(episode('a'), 0);
    expect(window.recent({}, 1)).toEqual([]);
  });

  it('is bounded in number', () => {
    const window = new EpisodeWindow({ retainMs: 1e9, capacity: 2 });
    for (const id of ['a', 'b', 'c']) window.add(episode(id), 0);
    expect(ids(window.recent({}, 0))).toEqual(['c', 'b']);
  });

  it.each([
    { query: { source: 'yard' }, expected: ['c'] },
    { query: { kind: 'blink' as const }, expected: ['b'] },
    { query: { sinceMs: 20 }, expected: ['d', 'c'] },
    { query: { limit: 1 }, expected: ['d'] },
  ])('answers $query', ({ query, expected }) => {
    const window = new EpisodeWindow({ retainMs: 1000, capacity: 10 });
    window.add(episode('a'), 0);
    window.add(episode('b', { kind: 'blink', label: 'blink' }), 10);
    window.add(episode('c', { source: 'yard' }), 20);
    window.add(episode('d'), 30);
    expect(ids(window.recent(query, 40))).toEqual(expected);
  });

  it('forgets a source that was removed', () => {
    const window = new EpisodeWindow({ retainMs: 1000, capacity: 10 });
    window.add(episode('a'), 0);
    window.add(episode('b', { source: 'yard' }), 0);
    window.dropSource('door');
    expect(ids(window.recent({}, 0))).toEqual(['b']);
  });
});
