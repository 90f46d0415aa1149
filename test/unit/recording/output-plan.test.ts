import { describe, expect, it } from 'vitest';
import { planOutputs, sourceName } from '../../../src/recording/output-plan.js';

describe('sourceName', () => {
  it.each([
    ['/a/interview.mp4', 'interview'],
    ['über uns.v2.mov', 'über uns.v2'],
    ['a:b*c?.mkv', 'a_b_c_'],
    ['...mp4', 'video'],
    ['<script>.mp4', '_script_'],
    ['two\nlines.mp4', 'two_lines'],
    ['100%.mp4', '100_'],
    ['smile 😀.mp4', 'smile _'],
    ['-dash.mp4', '_-dash'],
    ['name. .mp4', 'name'],
    ['NUL.mp4', '_NUL'],
    ['com1.take2.mp4', '_com1.take2'],
    ['console.mp4', 'console'],
  ])('%s gives %s', (path, name) => {
    expect(sourceName(path)).toBe(name);
  });
});

describe('a name that is too long', () => {
  it('is cut to 100 bytes, never within a letter, and ends in what tells it from others', () => {
    const [one, two] = [sourceName(`${'ü'.repeat(120)}1.mp4`), sourceName(`${'ü'.repeat(120)}2.mp4`)];
    expect(one).toMatch(/^ü{45}~[0-9a-f]{8}$/);
    expect(Buffer.byteLength(one)).toBeLessThanOrEqual(100);
    expect(two).not.toBe(one);
    expect(sourceName(`elsewhere/${'ü'.repeat(120)}1.mkv`)).toBe(one);
  });
});

describe('planOutputs', () => {
  it('keeps inputs of one name apart, also where case does not count', () => {
    const names = planOutputs(['x/a.mp4', 'y/A.mov', 'z/a.mkv', 'b.mp4'], 'out').map((plan) => plan.name);
    expect(names).toEqual(['a', 'A-2', 'a-3', 'b']);
  });
});
