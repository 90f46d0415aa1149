import { describe, expect, it } from 'vitest';
import { nearest } from '../../../src/config/nearest.js';

describe('nearest', () => {
  it.each([
    ['id', 'di', ['xy', 'id']],
    ['format', 'fromat', ['frame', 'format']],
    ['csv', 'cvs', ['fex', 'csv']],
    ['on', 'no', ['off', 'on']],
    ['mode', 'Moed', ['mode']],
    ['server', 'servr', ['server', 'cameras']],
    [undefined, 'elephant', ['server', 'cameras']],
  ])('finds %s for "%s"', (meant, word, candidates) => expect(nearest(word, candidates)).toBe(meant));
});
