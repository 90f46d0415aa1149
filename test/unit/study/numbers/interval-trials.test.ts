import { describe, expect, it } from 'vitest';
import { meanCoverage, synchronyFound } from '../../../support/interval-trials.js';

/** `npm run soak:study` asks for more and prints them; docs/study-numbers.md has what it told. */
const trials = Number(process.env.MIEN_TRIALS ?? 0);
const soak = trials > 0;
const tell = (line: string): void => {
  if (soak) process.stdout.write(`${line}\n`);
};

/** Least and most share of intervals that hold the true mean, of few trials here and of 500 in the soak. */
const WINDOWS = [
  { seconds: 12, memorySeconds: 1, few: null, within: [0.75, 0.95] },
  { seconds: 30, memorySeconds: 1, few: null, within: [0.85, 0.96] },
  { seconds: 60, memorySeconds: 1, few: null, within: [0.9, 0.97] },
  { seconds: 120, memorySeconds: 0.5, few: null, within: [0.93, 0.97] },
  { seconds: 120, memorySeconds: 1, few: [0.88, 0.99], within: [0.92, 0.97] },
  { seconds: 300, memorySeconds: 1, few: null, within: [0.93, 0.97] },
  { seconds: 600, memorySeconds: 1, few: null, within: [0.93, 0.97] },
  { seconds: 600, memorySeconds: 2, few: null, within: [0.9, 0.97] },
] as const;

describe('95 % intervals of means over time', () => {
  for (const { seconds, memorySeconds, few, within } of WINDOWS) {
    const bounds = soak ? within : few;
    it.runIf(bounds !== null)(
      `hold the mean of ${seconds} s of a signal that forgets itself in ${memorySeconds} s`,
      { timeout: 3_600_000 },
      () => {
        const held = meanCoverage({ seconds, memorySeconds, trials: soak ? trials : 100, seed: 11 });
        tell(`coverage: ${seconds} s, memory ${memorySeconds} s: ${held}`);
        expect(held).toBeGreaterThanOrEqual(bounds![0]);
        expect(held).toBeLessThanOrEqual(bounds![1]);
      },
    );
  }
});

describe('synchrony of two people', () => {
  const seconds = 120;
  const memorySeconds = 1;
  it('is found by chance in one of twenty pairs that have nothing to do with each other', {
    timeout: 3_600_000,
  }, () => {
    const { significant } = synchronyFound({
      seconds,
      memorySeconds,
      coupled: 0,
      trials: soak ? trials : 100,
      seed: 3,
    });
    tell(`synchrony by chance: ${significant}`);
    expect(significant).toBeLessThanOrEqual(soak ? 0.07 : 0.1);
    if (soak) expect(significant).toBeGreaterThanOrEqual(0.03);
  });

  it('is found, with its lag, where one follows the other', { timeout: 3_600_000 }, () => {
    for (const coupled of soak ? [0.2, 0.3, 0.5] : [0.5]) {
      const found = synchronyFound({ seconds, memorySeconds, coupled, trials: soak ? trials / 5 : 10, seed: 4 });
      tell(`synchrony of ${coupled}: found ${found.significant}, lag right ${found.lagRight}`);
      if (coupled < 0.5) continue;
      expect(found.significant).toBeGreaterThanOrEqual(0.95);
      expect(found.lagRight).toBeGreaterThanOrEqual(0.9);
    }
  });
});
