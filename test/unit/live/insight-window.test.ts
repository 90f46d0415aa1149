import { describe, expect, it } from 'vitest';
import type { Insight } from '../../../src/domain/insight.js';
import { InsightWindow } from '../../../src/live/insight-window.js';

const item = (id: string, source: string, wallTimeMs: number) => ({
  source,
  insight: { id } as Insight,
  fusion: null,
  evidenceJpeg: null,
  wallTimeMs,
});

describe('InsightWindow', () => {
  const filled = (capacity = 10) => {
    const window = new InsightWindow({ retainMs: 1000, capacity });
    for (const [id, source, at] of [
      ['a', 'door', 0],
      ['b', 'yard', 500],
      ['c', 'door', 900],
    ] as const)
      window.add(item(id, source, at));
    return window;
  };
  const ids = (found: readonly { readonly insight: Insight }[]) => found.map(({ insight }) => insight.id).join('');

  it.each([
    ['all, newest first', {}, 900, 'cba'],
    ['of a camera', { source: 'door' }, 900, 'ca'],
    ['the newest', { limit: 1 }, 900, 'c'],
    ['without the old', {}, 1400, 'cb'],
  ])('%s', (_, query, nowMs, expected) => expect(ids(filled().recent(query, nowMs))).toBe(expected));

  it('keeps no more than its capacity', () => expect(ids(filled(2).recent({}, 900))).toBe('cb'));

  it('forgets a camera', () => {
    const window = filled();
    window.dropSource('door');
    expect(ids(window.recent({}, 900))).toBe('b');
  });
});
