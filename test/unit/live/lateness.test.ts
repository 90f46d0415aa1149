import { describe, expect, it } from 'vitest';
import type { LiveFrame } from '../../../src/domain/live.js';
import { Lateness } from '../../../src/live/lateness.js';
import { FrameLender } from '../../support/live-frames.js';

interface Pace {
  readonly untilMs: number;
  /** Milliseconds between frames. */
  readonly everyMs: number;
  /** Milliseconds from one result to the next, none more often than frames; infinity: none come. */
  readonly resultEveryMs: number;
  /** Milliseconds from arrival to result. */
  readonly takesMs: number;
}

/** Plays paces one after the other, in steps of 10 ms; when it began and ended to be behind, and the last age. */
function play(...paces: readonly Pace[]) {
  const lateness = new Lateness();
  const lender = new FrameLender();
  const arrived: LiveFrame[] = [];
  const turns: number[] = [];
  let shownAt = Number.NEGATIVE_INFINITY;
  let before: string | null = null;
  for (let now = 0, pace = 0; pace < paces.length; now += 10) {
    const { untilMs, everyMs, resultEveryMs, takesMs } = paces[pace]!;
    if (now % everyMs === 0) {
      const frame = lender.lend({ arrivedAt: now });
      arrived.push(frame);
      lateness.arrived(frame, now);
    }
    const ready = arrived.findLast(({ arrivedAt }) => now - arrivedAt >= takesMs);
    if (ready && now - shownAt >= resultEveryMs) {
      lateness.shown(ready, now);
      shownAt = now;
      arrived.splice(0, arrived.indexOf(ready) + 1);
    }
    if ((lateness.behindSince === null) !== (before === null)) turns.push(now);
    before = lateness.behindSince;
    if (now >= untilMs) pace += 1;
  }
  return { turns, ageMs: lateness.behindMs(paces.at(-1)!.untilMs), lateness };
}

const well = { everyMs: 40, resultEveryMs: 40, takesMs: 40 };

describe('Lateness', () => {
  it.each([
    ['a camera that is read at once', { ...well, untilMs: 20_000 }],
    ['one frame a second, read at once', { everyMs: 1_000, resultEveryMs: 1_000, takesMs: 40, untilMs: 20_000 }],
    ['one frame in five seconds', { everyMs: 5_000, resultEveryMs: 5_000, takesMs: 200, untilMs: 60_000 }],
    ['results after 0.9 s', { everyMs: 40, resultEveryMs: 40, takesMs: 900, untilMs: 20_000 }],
  ])('is none of %s', (_, pace) => {
    expect(play(pace)).toMatchObject({ turns: [], ageMs: null });
  });

  it('is told once of results that come late, with their age', () => {
    const { turns, ageMs } = play({ everyMs: 40, resultEveryMs: 40, takesMs: 3_400, untilMs: 20_000 });
    expect(turns).toHaveLength(1);
    expect(ageMs).toBeGreaterThan(3_300);
    expect(ageMs).toBeLessThan(3_500);
  });

  it('is told of quick results that come seldom: what is shown is old all the same', () => {
    const { turns, ageMs } = play({ everyMs: 40, resultEveryMs: 1_500, takesMs: 200, untilMs: 20_000 });
    expect(turns).toHaveLength(1);
    expect(ageMs).toBeGreaterThan(1_500);
  });

  it('is told while no result comes at all, and grows', () => {
    const { turns, ageMs } = play({ ...well, untilMs: 5_000 }, { ...well, resultEveryMs: 1e9, untilMs: 15_000 });
    expect(turns).toHaveLength(1);
    expect(turns[0]).toBeLessThanOrEqual(8_100);
    expect(ageMs).toBeGreaterThan(9_900);
  });

  it('does not begin for one slow result, nor end for some quick seconds', () => {
    const slow = { everyMs: 40, resultEveryMs: 40, takesMs: 2_000 };
    const hiccup = play(
      { ...well, untilMs: 5_000 },
      { ...well, resultEveryMs: 1_500, untilMs: 6_500 },
      { ...well, untilMs: 9_000 },
    );
    expect(hiccup.turns).toEqual([]);
    const quick = play({ ...slow, untilMs: 10_000 }, { ...well, untilMs: 18_000 }, { ...slow, untilMs: 30_000 });
    expect(quick.turns).toHaveLength(1);
  });

  it('ends ten seconds after what is shown is under 0.7 s old, not under 1 s', () => {
    const slow = { everyMs: 40, resultEveryMs: 40, takesMs: 1_200, untilMs: 10_000 };
    const between = { ...slow, takesMs: 800, untilMs: 40_000 };
    expect(play(slow, between).turns).toHaveLength(1);
    const { turns, ageMs } = play(slow, { ...slow, takesMs: 600, untilMs: 40_000 });
    expect(turns).toHaveLength(2);
    expect(turns[1]! - 10_000).toBeGreaterThanOrEqual(10_000);
    expect(turns[1]! - 10_000).toBeLessThan(11_500);
    expect(ageMs).toBeNull();
  });
});
