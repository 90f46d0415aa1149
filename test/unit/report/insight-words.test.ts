import { describe, expect, it } from 'vitest';
import {
  clampText,
  fusionWords,
  INSIGHT_LIMITS,
  insightWords,
  withoutEmotions,
} from '../../../src/report/insight-words.js';
import { checkOf, weighedIn } from '../../support/insight-builder.js';
import { insight } from '../../support/scripted-insights.js';

describe('insightWords', () => {
  it('says what both together come to, where it can and may be said', () => {
    expect(insightWords(insight()).fused).toBe('happiness, 87\u00a0%, the model weighed in at 0.3');
    expect(insightWords(insight({ fused: null })).fused).toBeNull();
    expect(insightWords(withoutEmotions(insight())).fused).toBeNull();
  });

  it('gives each claimed movement its verdict, by name', () => {
    const { claims, omitted } = insightWords(
      insight({
        claimedActionUnits: ['1', '4', '6', '9', '10', '12'],
        check: checkOf({
          agreed: ['12'],
          contradicted: ['4'],
          told: ['1'],
          notMeasured: ['6'],
          covered: ['9'],
          unclear: ['10'],
          omitted: ['25'],
        }),
      }),
    );
    expect(claims.map(({ code, name, verdict }) => `${code} ${name}: ${verdict}`)).toEqual([
      'AU1 inner brow raiser: told',
      'AU4 brow lowerer: contradicted',
      'AU6 cheek raiser: notMeasured',
      'AU9 nose wrinkler: covered',
      'AU10 upper lip raiser: unclear',
      'AU12 lip corner puller: agreed',
    ]);
    expect(omitted).toEqual(['AU25 lips part']);
  });

  it.each([
    ['agrees', {}, { disagreement: null, standing: 'agrees' }],
    [
      'another expression',
      { agreesWithMeasured: false },
      { disagreement: 'the expression measured was another', standing: 'disagrees' },
    ],
    [
      'an absent movement, though the expression is the measured one',
      { check: checkOf({ agreed: ['6'], contradicted: ['12'] }) },
      { disagreement: 'AU12 was measured as absent', standing: 'disagrees' },
    ],
    [
      'both',
      { agreesWithMeasured: false, check: checkOf({ contradicted: ['6', '12'] }) },
      { disagreement: 'the expression measured was another; AU6, AU12 were measured as absent', standing: 'disagrees' },
    ],
    [
      'nothing that could be compared',
      { agreesWithMeasured: null, check: checkOf({ told: ['6'], unclear: ['12'] }) },
      { disagreement: null, standing: 'unchecked' },
    ],
  ] as const)('says what disagrees: %s', (_, more, expected) => {
    expect(insightWords(insight(more))).toMatchObject(expected);
  });

  it.each([
    [{ compound: 'happily surprised' }, 'happily surprised', 'happiness, 82\u00a0% by its own account'],
    [{}, 'happiness', '82\u00a0% by its own account'],
    [{ confidence: null }, 'happiness', null],
    [
      { degree: 'strong', secondEmotion: 'surprise' },
      'happiness',
      'strong, with some surprise, 82\u00a0% by its own account',
    ],
    [{ emotion: null, cannotTell: true }, 'cannot tell', null],
    [{ emotion: null, compound: 'none' }, 'no compound expression', null],
    [{ emotion: null }, 'facial movements', null],
    [{ emotion: null, claimedActionUnits: [] }, 'description', null],
    [{ emotion: null, claimedActionUnits: [], description: null }, 'nothing named', null],
    [{ emotion: null, parsed: 'unparsable' }, 'unreadable answer', null],
  ] as const)('is headed by what it names: %o', (more, headline, detail) => {
    expect(insightWords(insight(more))).toMatchObject({ headline, detail });
  });

  it('cuts what an engine may make long, and drops what is no action unit', () => {
    const long = 'x'.repeat(5e6);
    const words = insightWords(
      insight({
        description: long,
        reasoning: long,
        model: long,
        claimedActionUnits: ['<b>', '12L', '__proto__', ...Array.from({ length: 1e5 }, () => '12')],
      }),
    );
    expect(words.description).toHaveLength(INSIGHT_LIMITS.description + 1);
    expect(words.reasoning).toHaveLength(INSIGHT_LIMITS.reasoning + 1);
    expect(words.origin.length).toBeLessThan(200);
    expect(words.claims.map(({ code }) => code)).toEqual(['AU12']);
  });
});

describe('clampText', () => {
  it.each([
    ['short', 'short'],
    ['one two three', 'one two th…'],
    ['12345678\u202e', '12345678\ufffd'],
    ['a\u0000b\nc\td', 'a\ufffdb\nc\td'],
    ['123456789😀', '123456789…'],
    ['\ud83d lone', '\ufffd lone'],
  ])('%j becomes %j', (text, expected) => {
    expect(clampText(text, 10)).toBe(expected);
  });
});

describe('withoutEmotions', () => {
  it('leaves movements and their verdicts alone', () => {
    const words = insightWords(withoutEmotions(insight({ compound: 'happily surprised', agreesWithMeasured: false })));
    expect(words).toMatchObject({ headline: 'facial movements', detail: null, description: null, reasoning: null });
    expect(words.disagreement).toBeNull();
    expect(words.claims).toHaveLength(2);
  });
});

describe('fusionWords', () => {
  it.each([
    [weighedIn(), 'weighed in at 0.3'],
    [weighedIn({ outcome: 'refused', reason: 'too-late' }), 'not weighed in: it came too late'],
    [null, null],
  ])('%j', (fusion, words) => expect(fusionWords(fusion)).toBe(words));
});
