import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { clockRule } from '../../../src/source/clock-rule.js';

/** What ffmpeg makes of frames with these times (ms; null for none) at a nominal interval of 40 ms. */
function repaired(times: readonly (number | null)[], leaps: boolean): number[] {
  const given = times.reduceRight<string>(
    (rest, ms, at) => `if(eq(N,${at}),${ms === null ? 'NAN' : ms * 1000},${rest})`,
    '0',
  );
  const rule = clockRule({ zeroUs: 1_000_000_000, stepUs: 40_000, leaps, tell: false });
  const filters = `settb=1/1000000,setpts='${given}',setpts='${rule}',showinfo`;
  const source = ['-f', 'lavfi', '-i', `color=size=16x16:rate=25:duration=${times.length / 25}`];
  const { stderr } = spawnSync('ffmpeg', ['-nostdin', '-nostats', ...source, '-vf', filters, '-f', 'null', '-'], {
    encoding: 'utf8',
  });
  return [...stderr.matchAll(/ n: *\d+ pts: *(\d+) /g)].map((match) => Number(match[1]) / 1000 - 1_000_000);
}

describe('times rise strictly', () => {
  test.each([
    { what: 'good times stay', times: [0, 40, 95, 120], leaps: true, becomes: [0, 40, 95, 120] },
    { what: 'a restart by little', times: [0, 400, 0, 40, 80], leaps: false, becomes: [0, 400, 440, 480, 520] },
    { what: 'a restart by much', times: [0, 5000, 0, 40], leaps: false, becomes: [0, 5000, 5040, 5080] },
    { what: 'one wrong time', times: [0, 40, 10, 120, 160], leaps: false, becomes: [0, 40, 80, 120, 160] },
    { what: 'jumbled times', times: [0, 120, 40, 80, 240], leaps: false, becomes: [0, 120, 160, 200, 240] },
    { what: 'two at one time', times: [0, 40, 40, 120], leaps: false, becomes: [0, 40, 60, 120] },
    { what: 'a missing time', times: [0, null, 80], leaps: false, becomes: [0, 40, 80] },
    { what: 'a leap is a new clock', times: [0, 40, 50_000, 50_040], leaps: true, becomes: [0, 40, 80, 120] },
    { what: 'a leap is a pause', times: [0, 40, 50_000, 50_040], leaps: false, becomes: [0, 40, 50_000, 50_040] },
    { what: 'one wrong leap', times: [0, 40, 50_000, 120], leaps: true, becomes: [0, 40, 80, 120] },
  ])('$what', ({ times, leaps, becomes }) => {
    expect(repaired(times, leaps)).toEqual(becomes);
  });
});
