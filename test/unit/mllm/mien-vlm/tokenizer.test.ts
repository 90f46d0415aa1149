import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SHIPPED } from '../../../../src/mllm/mien-vlm/release.js';
import { Tokenizer } from '../../../../src/mllm/mien-vlm/tokenizer.js';

const read = (path: string | URL) => JSON.parse(readFileSync(path, 'utf8'));
const tokenizer = new Tokenizer(read(join(SHIPPED, 'tokenizer.json')));

/** What models/training/vlm/tokenizer.py gives for odd texts and ids. */
const reference: {
  readonly encoded: readonly (readonly [string, readonly number[]])[];
  readonly decoded: readonly (readonly [readonly number[], string])[];
} = read(new URL('../../../fixtures/mien-vlm/tokens.json', import.meta.url));

describe('the tokenizer', () => {
  it('encodes as the reference does: emoji, controls, other scripts, spellings of special tokens', () => {
    for (const [text, ids] of reference.encoded) expect(tokenizer.encode(text), JSON.stringify(text)).toEqual(ids);
  });

  it('gives every text back', () => {
    for (const [text] of reference.encoded) expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
  });

  it('decodes any ids as the reference does: special tokens say nothing, broken characters are marked', () => {
    for (const [ids, text] of reference.decoded) expect(tokenizer.decode(ids)).toBe(text);
  });

  it('leaves a character out that is not finished yet', () => {
    const ids = tokenizer.encode('smile 😀');
    expect(tokenizer.decode(ids.slice(0, -1), { unfinished: true })).toBe('smile ');
    expect(tokenizer.decode(ids, { unfinished: true })).toBe('smile 😀');
  });

  it('cannot be made to write a special token', () => {
    const special = ['<pad>', '<ask>', '<say>', '<end>'].map((name) => tokenizer.special(name));
    expect(tokenizer.encode('<pad><ask><say><end>').filter((id) => special.includes(id))).toEqual([]);
    expect(() => tokenizer.special('<none>')).toThrow(RangeError);
  });
});
