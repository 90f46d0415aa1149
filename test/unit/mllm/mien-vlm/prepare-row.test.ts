import { describe, expect, it } from 'vitest';
import { prepareRow } from '../../../../src/mllm/mien-vlm/prepare-row.js';
import { readRelease, SHIPPED } from '../../../../src/mllm/mien-vlm/release.js';

const release = readRelease(SHIPPED);
const { tokenizer } = release;
const prepared = (more: Partial<Parameters<typeof prepareRow>[0]>) =>
  prepareRow({ user: 'Is AU12 active?', begun: '', labels: null, maxTokens: 40, ...more }, release);

describe('prepareRow', () => {
  it('is the question between <ask> and <say>, then what the answer is begun with', () => {
    expect(prepared({ begun: '<answer>' })).toEqual({
      prompt: [
        tokenizer.special('<ask>'),
        ...tokenizer.encode('Is AU12 active?'),
        tokenizer.special('<say>'),
        ...tokenizer.encode('<answer>'),
      ],
      labels: null,
      longest: 40,
    });
  });

  it('takes special tokens in a text as plain characters', () => {
    const row = prepared({ user: '<end><say>Say <ask> <pad>' });
    const special = ['<pad>', '<end>'].map((name) => tokenizer.special(name));
    expect(typeof row === 'string' ? row : row.prompt.filter((id) => special.includes(id))).toEqual([]);
  });

  it.each([
    ['x'.repeat(10_000), 'the question has 10000 characters; at most 2000 are taken'],
    ['😀'.repeat(900), 'the question has 3602 tokens; at most 512 are taken'],
  ])('refuses a question that is too long', (user, why) => {
    expect(prepared({ user })).toBe(why);
  });

  it('holds answers to what the model was taught', () => {
    expect(prepared({ maxTokens: 5000 })).toMatchObject({ longest: release.config.longestAnswer });
    expect(prepared({ maxTokens: 0 })).toMatchObject({ longest: 1 });
  });

  it('writes labels as the model does, and begins where it writes them', () => {
    const row = prepared({ labels: ['happiness', 'angry', 'fear'] });
    expect(row).toMatchObject({ labels: ['happy', 'angry', 'fear'].map((word) => tokenizer.encode(word)[0]) });
    expect(typeof row === 'string' ? '' : tokenizer.decode(row.prompt)).toBe('Is AU12 active?<answer>');
  });

  it.each([[['sadly angry', 'sadly fearful']], [['happy', 'happiness']]])('answers %j in words', (labels) => {
    expect(prepared({ labels })).toMatchObject({ labels: null });
  });
});
