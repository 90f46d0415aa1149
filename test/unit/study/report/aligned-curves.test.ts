import { describe, expect, it } from 'vitest';
import type { PersonSeries } from '../../../../src/study/numbers/person-series.js';
import { ALIGNED, AlignedCurves } from '../../../../src/study/report/aligned-curves.js';

const START = ALIGNED.beforeS / ALIGNED.stepS;

/** A signal at 8 frames a second for 30 s: `of` tells its value from the seconds. */
function seriesOf(participant: string, of: (seconds: number) => number): PersonSeries {
  const timeUs = Float64Array.from({ length: 240 }, (_, at) => at * 125_000);
  const floats = Float32Array.from(timeUs, (us) => of(us / 1e6));
  const signals = new Map([['valence', { floats, digits: 4 }]]);
  return { participant, timeUs, weightUs: new Float64Array(240).fill(125_000), signals, episodes: [] };
}
const all = new Uint8Array(240).fill(1);

describe('curves around the start of markers', () => {
  it('have the start at their zero, and nothing outside of the session', () => {
    const curves = new AlignedCurves();
    curves.add(
      seriesOf('p01', (seconds) => (seconds < 1 ? 0 : 1)),
      'valence',
      { atUs: 1e6, condition: 0, counts: all },
    );
    const [curve] = curves.curves();
    expect(curve!.mean.slice(0, START)).toEqual([null, null, null, null, 0, 0, 0, 0]);
    expect(curve!.mean.slice(START)).toEqual(new Array(40).fill(1));
    expect(curve!.low.every((value) => value === null)).toBe(true);
  });

  it('are a mean of each person first, so that who is asked more often does not count more', () => {
    const curves = new AlignedCurves();
    const one = seriesOf('p01', () => 1);
    for (const atUs of [3e6, 5e6, 7e6]) curves.add(one, 'valence', { atUs, condition: 0, counts: all });
    curves.add(
      seriesOf('p02', () => 0),
      'valence',
      { atUs: 5e6, condition: 0, counts: all },
    );
    expect(curves.curves()).toMatchObject([{ condition: 0, persons: 2, mean: new Array(48).fill(0.5) }]);
  });

  it('have the interval of Student over three people and more', () => {
    const curves = new AlignedCurves();
    for (const [at, level] of [0.1, 0.2, 0.3].entries())
      curves.add(
        seriesOf(`p0${at}`, () => level),
        'valence',
        { atUs: 5e6, condition: 0, counts: all },
      );
    const [{ mean, low, high }] = curves.curves() as [ReturnType<AlignedCurves['curves']>[0]];
    // 0.2 ± 4.303 · 0.1 / √3
    expect([mean[9], low[9], high[9]]).toEqual([0.2, -0.0484, 0.4484]);
  });

  it('keep conditions apart, and leave out frames that do not count', () => {
    const curves = new AlignedCurves();
    const counts = all.slice();
    counts.fill(0, 0, 48);
    curves.add(
      seriesOf('p01', () => 1),
      'valence',
      { atUs: 5e6, condition: 1, counts },
    );
    curves.add(
      seriesOf('p02', () => 2),
      'valence',
      { atUs: 5e6, condition: 0, counts: all },
    );
    const [first, second] = curves.curves();
    expect([first!.condition, second!.condition]).toEqual([0, 1]);
    expect(second!.mean.slice(0, 12)).toEqual(new Array(12).fill(null));
    expect(second!.mean[12]).toBe(1);
  });

  it('know nothing of a signal that is not there', () => {
    const curves = new AlignedCurves();
    curves.add(
      seriesOf('p01', () => 1),
      'speaking',
      { atUs: 5e6, condition: 0, counts: all },
    );
    expect(curves.curves()).toEqual([]);
  });
});
