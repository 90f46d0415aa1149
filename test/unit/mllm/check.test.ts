import { describe, expect, it } from 'vitest';
import type { Insight } from '../../../src/domain/insight.js';
import { checkClaims, EMPTY_TALLY, engineRates, tallyInsight } from '../../../src/mllm/check.js';

const at = (presence: number) => ({ presence, intensity: 1 });
const MEASURED = { '1': at(0.9), '4': at(0.3), '6': at(0.4), '12': at(0.5), '12L': at(0.99), '25': at(Number.NaN) };

describe('checkClaims', () => {
  it('tells agreed, contradicted, omitted and unverifiable claims apart', () => {
    expect(checkClaims({ claimed: ['43', '12', '6', '4', '25', '12'], measured: MEASURED, asked: true })).toEqual({
      agreed: ['12'],
      contradicted: ['4'],
      omitted: ['1'],
      unverifiable: ['6', '25', '43'],
    });
  });

  it('nothing is omitted where units were not asked for', () => {
    expect(checkClaims({ claimed: [], measured: MEASURED, asked: false }).omitted).toEqual([]);
  });

  it('without a measurement nothing can be checked', () => {
    expect(checkClaims({ claimed: ['12'], measured: null, asked: true })).toEqual({
      agreed: [],
      contradicted: [],
      omitted: [],
      unverifiable: ['12'],
    });
  });

  it('thresholds can be set', () => {
    const options = { presentFrom: 0.4, absentTo: 0.2, clearFrom: 0.95 };
    expect(checkClaims({ claimed: ['6', '4'], measured: MEASURED, asked: true }, options)).toEqual({
      agreed: ['6'],
      contradicted: [],
      omitted: [],
      unverifiable: ['4'],
    });
  });
});

describe('engineRates', () => {
  it('are null at first, then shares of what could be compared', () => {
    expect(engineRates(EMPTY_TALLY)).toEqual({ hallucination: null, disagreement: null, unparsable: null });
    const insights = [
      {
        parsed: 'json',
        agreesWithMeasured: true,
        check: { agreed: ['1', '2', '12'], contradicted: ['4'], omitted: [], unverifiable: ['9'] },
      },
      {
        parsed: 'unparsable',
        agreesWithMeasured: null,
        check: { agreed: [], contradicted: [], omitted: [], unverifiable: [] },
      },
      {
        parsed: 'text',
        agreesWithMeasured: false,
        check: { agreed: [], contradicted: [], omitted: ['1'], unverifiable: [] },
      },
    ] as unknown as Insight[];
    expect(engineRates(insights.reduce(tallyInsight, EMPTY_TALLY))).toEqual({
      hallucination: 0.25,
      disagreement: 0.5,
      unparsable: 1 / 3,
    });
  });
});
