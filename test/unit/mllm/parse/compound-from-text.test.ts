import { describe, expect, it } from 'vitest';
import { COMPOUND_EXPRESSIONS } from '../../../../src/domain/insight.js';
import { compoundFromText, saysNoCompound } from '../../../../src/mllm/parse/compound-from-text.js';

describe('compoundFromText', () => {
  it.each(COMPOUND_EXPRESSIONS)('%s, as written and turned round', (name) => {
    expect(compoundFromText(`The face is ${name}.`)).toBe(name);
    expect(compoundFromText(name.split(' ').reverse().join(' and '))).toBe(name);
  });

  it.each([
    ['<answer>happy and surprised</answer>', 'happily surprised'],
    ['surprise and happiness', 'happily surprised'],
    ['Sadness + Anger', 'sadly angry'],
    ['disgust/surprise', 'disgustedly surprised'],
    ['a mix of fear with some anger', 'fearfully angry'],
    ['happy-surprised', 'happily surprised'],
    ['Happily_Surprised', 'happily surprised'],
    ['not happily surprised but sadly surprised', 'sadly surprised'],
    ['It is not angry and surprised; fearful and surprised fits.', 'fearfully surprised'],
    ['<think>happily surprised?</think><answer>sadly surprised</answer>', 'sadly surprised'],
    ['Rather than happily surprised. Sadly angry.', 'sadly angry'],
    ['angry, surprised', 'angrily surprised'],
    ['The face is sad. Angry people look otherwise.', null],
    ['happy and sad', null],
    ['She is not happily surprised.', null],
    ['unhappy surprised', null],
    ['none', null],
  ])('%s: %s', (text, name) => {
    expect(compoundFromText(text)).toBe(name);
  });

  it('takes only what is allowed', () => {
    expect(compoundFromText('happily disgusted', COMPOUND_EXPRESSIONS.slice(0, 7))).toBeNull();
  });
});

describe('saysNoCompound', () => {
  it.each([
    ['none', true],
    ['None of them.', true],
    ['<answer>none</answer>', true],
    ['No compound expression.', true],
    ['neither', true],
    ['happily surprised', false],
    ['nonetheless sad', false],
    ['', false],
  ])('%s: %s', (text, none) => {
    expect(saysNoCompound(text)).toBe(none);
  });
});
