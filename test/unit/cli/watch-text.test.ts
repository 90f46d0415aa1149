import { describe, expect, it } from 'vitest';
import { plainLine } from '../../../src/cli/watch-text.js';
import type { InsightMessage } from '../../../src/client/index.js';
import { insightOf, weighedIn } from '../../support/insight-builder.js';

const told = (fusion: InsightMessage['fusion']): InsightMessage => {
  const insight = JSON.parse(JSON.stringify(insightOf({ source: 'door' }))) as InsightMessage['insight'];
  return { type: 'insight', seq: 1, source: 'door', atMs: 0, insight, fusion, evidenceJpeg: null };
};

describe('plainLine of an insight', () => {
  it.each([
    ['weighed in', weighedIn(), 'person 1, happiness, as measured, weighed in at 0.3: A smile.'],
    [
      'refused',
      weighedIn({ outcome: 'refused', reason: 'too-late' }),
      'person 1, happiness, as measured, not weighed in (too-late): A smile.',
    ],
    ['no evidence', null, 'person 1, happiness, as measured: A smile.'],
  ])('%s', (_, fusion, words) => {
    expect(plainLine(told(fusion))).toBe(`door  a language model says of ${words}`);
  });
});
