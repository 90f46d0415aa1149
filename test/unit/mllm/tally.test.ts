import { describe, expect, it } from 'vitest';
import type { Insight } from '../../../src/domain/insight.js';
import { EMPTY_TALLY, engineRates, tallyInsight } from '../../../src/mllm/tally.js';
import { checkOf } from '../../support/insight-builder.js';

describe('engineRates', () => {
  it('are null at first, then shares of what could be compared', () => {
    expect(engineRates(EMPTY_TALLY)).toEqual({ hallucination: null, disagreement: null, unparsable: null });
    const insights = [
      {
        parsed: 'json',
        agreesWithMeasured: true,
        check: checkOf({ agreed: ['1', '2', '12'], contradicted: ['4'], told: ['6', '25'], notMeasured: ['9'] }),
      },
      {
        parsed: 'unparsable',
        agreesWithMeasured: null,
        check: checkOf(),
      },
      {
        parsed: 'text',
        agreesWithMeasured: false,
        check: checkOf({ omitted: ['1'] }),
      },
    ] as unknown as Insight[];
    expect(engineRates(insights.reduce(tallyInsight, EMPTY_TALLY))).toEqual({
      hallucination: 0.25,
      disagreement: 0.5,
      unparsable: 1 / 3,
    });
  });
});
