import { describe, expect, it } from 'vitest';
import { planOutputs, sourceName } from '../../../src/analysis/output-plan.js';

describe('sourceName', () => {
  it.each([
    ['/a/interview.mp4', 'interview'],
    ['über uns.v2.mov', 'über uns.v2'],
    ['a:b*c?.mkv', 'a_b_c_'],
    ['...mp4', 'video'],
    ['<script>.mp4', '_script_'],
  ])('%s gives %s', (path, name) => {
    expect(sourceName(path)).toBe(name);
  });
});

describe('planOutputs', () => {
  it('keeps inputs of one name apart, also where case does not count', () => {
    const names = planOutputs(['x/a.mp4', 'y/A.mov', 'z/a.mkv', 'b.mp4'], 'out').map((plan) => plan.name);
    expect(names).toEqual(['a', 'A-2', 'a-3', 'b']);
  });
});
