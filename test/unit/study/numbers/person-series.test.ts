import { describe, expect, it } from 'vitest';
import { micros } from '../../../../src/domain/units.js';
import { headSpeeds } from '../../../../src/study/numbers/head-speed.js';
import { frameWeights } from '../../../../src/study/numbers/person-series.js';
import { significant } from '../../../../src/study/numbers/significant.js';
import { countedUs, excludedOf, framesOutside } from '../../../../src/study/numbers/study-windows.js';
import { madeSession } from '../../../support/made-study.js';

describe('a frame', () => {
  it('stands for half the gap to either neighbour, which counts at most the limit', () => {
    expect([...frameWeights(Float64Array.from([0, 40, 100, 5100]), 1000)]).toEqual([40, 50, 530, 1000]);
    expect([...frameWeights(Float64Array.from([7]), 1000)]).toEqual([1000]);
    expect([...frameWeights(new Float64Array(0), 1000)]).toEqual([]);
  });

  it('is left out from the begin of an excluded range up to its end', () => {
    const range = (from: number, to: number, participant: string | null) => ({
      fromUs: micros(from),
      toUs: micros(to),
      reason: 'phone',
      participant,
    });
    const session = madeSession('S', { excluded: [range(50, 60, 'P1'), range(10, 20, null), range(15, 30, 'P1')] });
    expect(excludedOf(session, ['P2'])).toEqual([{ fromUs: 10, toUs: 20 }]);
    const own = excludedOf(session, ['P1']);
    expect(own).toEqual([
      { fromUs: 10, toUs: 30 },
      { fromUs: 50, toUs: 60 },
    ]);
    expect([...framesOutside(Float64Array.from([9, 10, 29, 30, 49, 55, 60]), own)]).toEqual([1, 0, 0, 1, 1, 0, 1]);
    expect(countedUs({ fromUs: 0, toUs: 55 }, own)).toBe(30);
  });
});

describe('the speed of a head', () => {
  const signals = (pitch: number[], yaw: number[], roll: number[]) =>
    new Map(
      Object.entries({ head_pitch: pitch, head_yaw: yaw, head_roll: roll }).map(([name, values]) => [
        name,
        { floats: Float32Array.from(values), digits: 5 },
      ]),
    );

  it('is the angle between two rotations over the time between them', () => {
    const turned = signals([0, 0, 0.1, 0.1], [0, 0.2, 0.2, 0.2], [0, 0, 0, 0.3]);
    const timeUs = Float64Array.from([0, 1e5, 2e5, 3e5]);
    const speeds = headSpeeds({ timeUs, signals: turned, maxFrameUs: 1e6 });
    // 0.2, 0.1 and 0.3 radians in 0.1 s each: turns about a single axis are told as they are.
    expect([...speeds].map((speed) => Math.round(speed * 1000) / 1000)).toEqual([Number.NaN, 114.592, 57.296, 171.887]);
  });

  it('is not known after a pause, and beside a frame without a pose', () => {
    const turned = signals([0, 0, Number.NaN, 0], [0, 0.2, Number.NaN, 0], [0, 0, Number.NaN, 0]);
    const timeUs = Float64Array.from([0, 2e6, 2.1e6, 2.2e6]);
    expect([...headSpeeds({ timeUs, signals: turned, maxFrameUs: 1e6 })]).toEqual(Array(4).fill(Number.NaN));
  });
});

it('numbers have nine significant digits, halves away from zero, and no negative zero', () => {
  expect([1 / 3, 2 ** -13, -(2 ** -13), 123456789.5, -0].map(significant)).toEqual([
    0.333333333, 0.000122070313, -0.000122070313, 123456790, 0,
  ]);
});
