import { describe, expect, it } from 'vitest';
import { corpusHalf, readingOf } from '../../../support/readings.js';

/**
 * Answers in the words of live engines. Their right reading: the emotion that is affirmed of the face and leads (null where
 * none is), and the action units that are said to be present, by code or FACS name, also with reserve ("possibly AU17").
 * The held-out half was written before the code and not looked at since; 144 of its 152 answers were read right at first
 * sight, 65 by the papers' scoring rules. Keep it so: do not fit the code to it.
 */
describe('the corpus of answers', () => {
  const open = corpusHalf('open');
  const heldOut = corpusHalf('held-out');

  it('has at least 300, half of them held out', () => {
    expect(open.length + heldOut.length).toBeGreaterThanOrEqual(300);
    expect(heldOut.length).toBeGreaterThanOrEqual(150);
  });

  it.each(open.map((one) => [one.task, one.answer, one] as const))('%s: %s', (_, __, { emotion, units, ...one }) => {
    expect(readingOf({ emotion, units, ...one })).toEqual({ emotion, units });
  });

  it('reads 94 of 100 of the held-out half', () => {
    const right = heldOut.filter((one) => {
      const { emotion, units } = readingOf(one);
      return emotion === one.emotion && units.join() === one.units.join();
    });
    expect(right.length / heldOut.length).toBeGreaterThanOrEqual(0.94);
  });
});
