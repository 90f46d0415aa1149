import { describe, expect, it } from 'vitest';
import { timeText, timeUs } from '../../../src/study/session-time.js';

describe('a time', () => {
  it.each([
    [62.5, 62_500_000],
    ['62.5', 62_500_000],
    ['1:02.5', 62_500_000],
    ['00:01:02,500', 62_500_000],
    ['1:00:00.000001', 3_600_000_001],
    ['-1.24', -1_240_000],
    ['0', 0],
  ])('%s is read to the microsecond', (text, us) => {
    expect(timeUs(text)).toBe(us);
  });

  it.each(['', '1:2:3:4', '1:60', 'soon', '5 s', '1.2.3', ':30', Number.NaN, null, true])('%s is none', (text) => {
    expect(timeUs(text)).toBeNull();
  });

  it('is told with the digits that it has', () => {
    expect([62_500_000, 0, -1_240_000, 3_600_000_001].map(timeText)).toEqual([
      '1:02.5',
      '0:00',
      '-0:01.24',
      '1:00:00.000001',
    ]);
  });
});
