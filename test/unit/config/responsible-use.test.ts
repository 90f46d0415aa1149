import { describe, expect, it } from 'vitest';
import { assertPurpose, PURPOSES, parseStatement, purposeRefusal } from '../../../src/config/responsible-use.js';
import { AffectError } from '../../../src/domain/errors.js';

const statement = 'safety: drowsy crane drivers are warned';

describe('purposeRefusal', () => {
  it.each(Object.keys(PURPOSES))('%s may run without a statement', (purpose) => {
    expect(purposeRefusal({ purpose, purposeStatement: undefined })).toBeNull();
  });

  it.each([
    ['workplace', undefined, false],
    ['education', undefined, false],
    ['workplace', 'safety: short', false],
    ['workplace', 'productivity of the whole sales department', false],
    ['workplace', statement, true],
    ['education', 'medical: pupils with epilepsy agreed with their doctors', true],
  ])('%s with statement %s: may run %s', (purpose, purposeStatement, may) => {
    expect(purposeRefusal({ purpose, purposeStatement }) === null).toBe(may);
  });

  it('names every choice when no purpose is stated', () => {
    const refusal = purposeRefusal({ purpose: undefined, purposeStatement: undefined });
    for (const word of [...Object.keys(PURPOSES), 'workplace', 'education']) expect(refusal).toContain(word);
  });

  it('is PURPOSE_REFUSED as an error', () => {
    const refused = expect(() => assertPurpose({ purpose: 'workplace', purposeStatement: undefined }));
    refused.toThrow(AffectError);
    refused.toThrow(expect.objectContaining({ code: 'PURPOSE_REFUSED' }));
    expect(() => assertPurpose({ purpose: 'workplace', purposeStatement: statement })).not.toThrow();
  });
});

it('parseStatement parts ground and words', () => {
  expect(parseStatement(`  ${statement}`)).toEqual({ ground: 'safety', text: 'drowsy crane drivers are warned' });
});
