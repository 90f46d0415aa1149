import { describe, expect, it } from 'vitest';
import { plainLine } from '../../../src/cli/watch-text.js';
import type { InsightMessage } from '../../../src/client/index.js';
import type { Insight } from '../../../src/domain/insight.js';
import { checkOf, insightOf, weighedIn } from '../../support/insight-builder.js';

const told = (fusion: InsightMessage['fusion'], more: Partial<Insight> = {}): InsightMessage => {
  const insight = JSON.parse(JSON.stringify(insightOf({ source: 'door', ...more }))) as InsightMessage['insight'];
  return { type: 'insight', seq: 1, source: 'door', atMs: 0, insight, fusion, evidenceJpeg: null };
};

describe('plainLine of an insight', () => {
  it.each([
    ['weighed in', weighedIn(), 'face 1, happiness, as measured, AU 12 as measured, weighed in at 0.3: A smile.'],
    [
      'refused',
      weighedIn({ outcome: 'refused', reason: 'too-late' }),
      'face 1, happiness, as measured, AU 12 as measured, not weighed in (too-late): A smile.',
    ],
    ['no evidence', null, 'face 1, happiness, as measured, AU 12 as measured: A smile.'],
  ])('%s', (_, fusion, words) => {
    expect(plainLine(told(fusion))).toBe(`door  a language model says of ${words}`);
  });

  it('keeps agreement, contradiction and what cannot be checked apart', () => {
    const check = checkOf({ contradicted: ['4'], told: ['6'], unclear: ['9'], covered: ['10'], notMeasured: ['43'] });
    const line = plainLine(told(null, { check, agreesWithMeasured: null, cannotTell: true, emotion: null }));
    expect(line).toContain('face 1, cannot tell, AU 4 measured as absent, AU 6 9 10 43 not checked: A smile.');
  });
});
