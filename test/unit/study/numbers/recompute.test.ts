import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FaceRecord } from '../../../../src/domain/records.js';
import { micros } from '../../../../src/domain/units.js';
import { mulberry32 } from '../../../../src/statistics/random.js';
import { NUMBER_OPTIONS } from '../../../../src/study/numbers/number-options.js';
import { runNumbers } from '../../../../src/study/numbers/run-numbers.js';
import {
  eachTrack,
  type MadeVideo,
  madeEpisode,
  madeFace,
  madeGap,
  madeMarker,
  madeSession,
  madeStudy,
  madeStudyVideo,
  writeMadeVideo,
} from '../../../support/made-study.js';
import { tempFolders } from '../../../support/temp-folder.js';

/** A Python that has pandas: MIEN_PYTHON, or python3. */
const python = [process.env.MIEN_PYTHON ?? [], 'python3']
  .flat()
  .find((each) => spawnSync(each, ['-c', 'import pandas, numpy']).status === 0);

const folder = tempFolders();

/** Two faces for 100 s at uneven frame times; the second follows the first, both now and then not to be seen. */
function talk(id: string, seed: number): MadeVideo {
  const uniform = mulberry32(seed);
  const records: FaceRecord[] = [];
  const speaking: number[] = [];
  let [ptsUs, mood, other] = [0, 0, 0];
  for (let frame = 0; ptsUs < 100e6; frame++) {
    mood = 0.95 * mood + 0.3 * (uniform() - 0.5);
    other = 0.9 * other + 0.2 * mood + 0.2 * (uniform() - 0.5);
    const faces = [mood, other].flatMap((value, at) => {
      const happiness = Math.min(1, Math.max(0, 0.4 + value / 2));
      const more = { happiness, valence: Math.tanh(value), yaw: value / 5, blink: uniform() < 0.02 };
      return uniform() < 0.06 ? [] : [madeFace(frame, at + 1, ptsUs, more)];
    });
    for (const record of faces.length > 0 ? faces : [madeGap(frame, ptsUs)]) {
      records.push(record);
      speaking.push(Math.round(uniform() * 1000) / 1000);
    }
    ptsUs += 90_000 + Math.round(uniform() * 20_000) + (frame === 300 ? 2_500_000 : 0);
  }
  const episodes = [1, 2].flatMap((track) =>
    [
      ['emotion', 'happiness'],
      ['blink', 'blink'],
      ['blink', 'eyes-closed'],
      ['action-unit', 'AU12'],
      ['speech', 'speech'],
    ].flatMap(([kind, label]) =>
      Array.from({ length: 6 }, () => {
        const onset = Math.round(uniform() * 95e6) / 1e6;
        return madeEpisode(track, [kind!, label!], onset, onset + 0.1 + Math.round(uniform() * 3e6) / 1e6);
      }),
    ),
  );
  const said = new Map(records.map((record, at) => [record, speaking[at]!]));
  const more = (record: FaceRecord) => ({ speaking: said.get(record) ?? null });
  return { id, records, episodes, people: eachTrack(1, 2), more };
}

describe.skipIf(python === undefined)('examples/study/recompute.py', () => {
  it('finds the same table to the last digit', { timeout: 900_000 }, async () => {
    const results = folder();
    const ids = ['a', 'b', 'c', 'd'];
    for (const [at, id] of ids.entries()) writeMadeVideo(results, talk(id, 7 + at));
    const excluded = [
      { fromUs: micros(61e6), toUs: micros(64e6), reason: 'phone', participant: null },
      { fromUs: micros(63e6), toUs: micros(66.5e6), reason: 'phone', participant: 'P1' },
    ];
    const pairs = [
      ['P1', 'P2'],
      ['P3', 'P4'],
      ['P1', 'P2'],
    ] as const;
    const sessions = pairs.map(([one, two], at) =>
      madeSession(`S${at}`, {
        condition: ['calm', 'calm', 'tense'][at]!,
        videos: [
          madeStudyVideo(ids[at]!, { people: { '1': one, '2': two }, offsetUs: micros(at * 1_234_567) }),
          // The first person of the first session also in a part that goes on after it.
          ...(at === 0 ? [madeStudyVideo('d', { people: { '2': one }, offsetUs: micros(95e6) })] : []),
        ],
        markers: [
          ...(at === 1 ? [] : [madeMarker('rest', 2, 22, { kind: 'baseline' })]),
          madeMarker('Q1', 20, 45.5),
          madeMarker('Q2', 15.25, 92),
          madeMarker('own', 40, 70, { participant: one }),
          madeMarker('short', 50, 51),
        ],
        excluded,
      }),
    );
    const calmAgain = {
      ...sessions[0]!,
      id: 'S3',
      videos: [madeStudyVideo('d', { people: { '1': 'P1', '2': 'P5' } })],
    };
    const participants = ['P1', 'P2', 'P3', 'P4', 'P5'].map((id) => ({ id, traits: {} }));
    const study = madeStudy(results, { participants, sessions: [...sessions, calmAgain] });
    // Fewer shifts than by default: Python is slow.
    const synchrony = { ...NUMBER_OPTIONS.synchrony, surrogates: 39 };
    const { reasons } = await runNumbers(study, { ...NUMBER_OPTIONS, synchrony });
    // The table holds what is to be compared: values, and each way in which one is missing.
    expect(Object.keys(reasons)).toEqual(
      expect.arrayContaining(['few-seconds', 'no-episode', 'is-baseline', 'few-persons', 'short-for-interval']),
    );
    const recompute = () => spawnSync(python!, ['examples/study/recompute.py', results], { encoding: 'utf8' });
    const { stdout, stderr, status } = recompute();
    expect(`${stdout}${stderr}`).toMatch(/^\d{4,} rows, \d{5,} cells: 0 differ\n$/);
    expect(status).toBe(0);

    // One last digit that is another is found.
    const table = join(results, 'numbers.csv');
    const text = readFileSync(table, 'utf8');
    writeFileSync(
      table,
      text.replace(
        /(valence_mean,[^,]*,raw,-?0\.\d{8})(\d)/,
        (_, before, digit) => `${before}${(Number(digit) + 1) % 10}`,
      ),
    );
    expect(readFileSync(table, 'utf8')).not.toBe(text);
    expect(recompute()).toMatchObject({ status: 1, stdout: expect.stringMatching(/cells: 1 differ\n$/) });
  });
});
