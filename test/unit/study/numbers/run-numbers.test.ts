import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { readTable } from '../../../../src/csv/csv-rows.js';
import type { FaceRecord } from '../../../../src/domain/records.js';
import type { Study } from '../../../../src/domain/study.js';
import { micros } from '../../../../src/domain/units.js';
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
  writeMadeVideo,
} from '../../../support/made-study.js';
import { tempFolders } from '../../../support/temp-folder.js';

const folder = tempFolders();
const FPS = 10;
const range = <T>(count: number, of: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => of(at));

/** 40 s at 10 frames a second of one person: 0.2 happy, from second 20 on 0.6. */
const plain = (id = 'S1', record: (frame: number) => FaceRecord = face): MadeVideo => ({
  id,
  records: range(40 * FPS, record),
  episodes: [
    madeEpisode(1, ['emotion', 'happiness'], 20.03, 24.03),
    madeEpisode(1, ['emotion', 'happiness'], 30, 32),
    madeEpisode(1, ['blink', 'blink'], 5, 5.2),
    madeEpisode(1, ['blink', 'blink'], 25, 25.2),
    madeEpisode(2, ['blink', 'blink'], 26, 26.2),
  ],
  people: eachTrack(1),
});

function face(frame: number): FaceRecord {
  return madeFace(frame, 1, frame * 100_000, { happiness: frame < 20 * FPS ? 0.2 : 0.6 });
}

type Cells = Readonly<Record<string, string>>;

async function tableOf(made: readonly MadeVideo[], study: Partial<Study>): Promise<readonly Cells[]> {
  const results = folder();
  for (const video of made) writeMadeVideo(results, video);
  await runNumbers(madeStudy(results, study), NUMBER_OPTIONS);
  const { header, rows } = readTable(readFileSync(join(results, 'numbers.csv'), 'utf8'), 'numbers.csv');
  return rows.map(({ fields }) => Object.fromEntries(header.map((name, at) => [name, fields[at]!])));
}

const one = (rows: readonly Cells[], where: Cells): Cells => {
  const found = rows.filter((row) => Object.entries(where).every(([name, cell]) => row[name] === cell));
  expect(found, JSON.stringify(where)).toHaveLength(1);
  return found[0]!;
};

const P1 = { level: 'person', participant: 'P1', speech: 'all', reference: 'raw' };
const question = (id: string, fromS: number, toS: number, more = {}) => madeMarker(id, fromS, toS, more);
const session = (markers: readonly ReturnType<typeof madeMarker>[], more = {}) => ({
  sessions: [madeSession('S1', { markers, ...more })],
});

describe('numbers of a window', () => {
  it('are of the frames from its begin up to its end, which is not in it', async () => {
    const rows = await tableOf([plain()], session([question('Q1', 19, 21), question('Q2', 19.95, 24.95)]));
    expect(one(rows, { ...P1, marker: 'Q2', measure: 'happiness_mean' })).toMatchObject({
      value: '0.6',
      n: '50',
      seconds: '5',
      window_s: '5',
      coverage: '1',
      reason: 'short-for-interval',
      from_s: '19.95',
      trait_age: '31',
    });
    // Two seconds are less than the limit of three: the value is left out, what it would be of is told.
    expect(one(rows, { ...P1, marker: 'Q1', measure: 'happiness_mean' })).toMatchObject({
      value: '',
      n: '20',
      seconds: '2',
      reason: 'few-seconds',
    });
  });

  it('count episodes where they begin, and tell shares, latency and apex', async () => {
    const rows = await tableOf([plain()], session([question('Q', 15, 35)]));
    const told = (measure: string): string => one(rows, { ...P1, marker: 'Q', measure }).value!;
    expect(told('happiness_mean')).toBe('0.5'); // 5 s of 0.2, 15 s of 0.6
    expect(told('happiness_share')).toBe('0.75');
    expect(told('neutral_share')).toBe('0.25');
    expect(told('happiness_rate')).toBe('6'); // two in a third of a minute
    expect(told('happiness_length')).toBe('3'); // 4 s and 2 s
    expect(told('happiness_latency')).toBe('5.03');
    expect(told('happiness_apex')).toBe('0.6');
    expect(told('happiness_apex_time')).toBe('5');
    expect(told('blink_rate')).toBe('3'); // the one at 25 s; that at 26 s is of nobody's track
    expect(told('au12_intensity_mean')).toBe('2.5');
    expect(one(rows, { ...P1, marker: 'Q', measure: 'sadness_latency' })).toMatchObject({
      value: '',
      reason: 'no-episode',
    });
  });

  it('are told relative to the person’s median, and where a marker is the baseline to that', async () => {
    const ask = [question('Q', 25, 35)];
    const [alone, against] = [
      await tableOf([plain()], session(ask)),
      await tableOf([plain()], session([question('rest', 0, 15, { kind: 'baseline' }), ...ask])),
    ];
    const mean = { ...P1, marker: 'Q', measure: 'happiness_mean' };
    // Half of the time is at 0.2: that is the median.
    expect(one(alone, { ...mean, reference: 'median' }).value).toBe('0.4');
    expect(one(against, { ...mean, reference: 'baseline' }).value).toBe('0.4');
    expect(one(against, { ...mean, measure: 'happiness_share', reference: 'baseline' }).value).toBe('1');
    expect(one(against, { ...mean, marker: 'rest', reference: 'baseline' })).toMatchObject({
      value: '',
      reason: 'is-baseline',
    });
  });

  it('leave out excluded time, and say how little is left', async () => {
    const excluded = [{ fromUs: micros(25e6), toUs: micros(35e6), reason: 'phone', participant: null }];
    const rows = await tableOf([plain()], session([question('Q', 15, 35)], { excluded }));
    expect(one(rows, { ...P1, marker: 'Q', measure: 'happiness_mean' })).toMatchObject({
      value: '0.4',
      seconds: '10',
      window_s: '10',
      coverage: '1',
    });
    expect(one(rows, { ...P1, marker: 'Q', measure: 'happiness_rate' }).value).toBe('6'); // one in ten seconds
  });
});

describe('what is missing', () => {
  it('is never 0: frames without the person lower the coverage, and half of it ends the value', async () => {
    const seen = plain('S1', (frame) => (frame % 4 === 0 ? face(frame) : madeGap(frame, frame * 100_000)));
    const rows = await tableOf([seen], session([question('Q', 0, 20)]));
    expect(one(rows, { ...P1, marker: 'Q', measure: 'happiness_mean' })).toMatchObject({
      value: '',
      n: '50',
      seconds: '5',
      coverage: '0.25',
      reason: 'low-coverage',
    });
  });

  it('is told of somebody who was never seen', async () => {
    const rows = await tableOf([plain()], session([]));
    expect(one(rows, { ...P1, participant: 'P2', window: 'session', measure: 'valence_mean' })).toMatchObject({
      value: '',
      n: '0',
      coverage: '0',
      reason: 'not-seen',
    });
  });

  it('weighs frames by the gaps beside them, which count at most a second', async () => {
    const at = [0, 1, 2, 3, 4, 8, 9, 10]; // seconds; nothing for four
    const records = at.map((seconds, frame) =>
      madeFace(frame, 1, seconds * 1e6, { happiness: seconds < 8 ? 0.25 : 1 }),
    );
    const rows = await tableOf([{ ...plain(), records, episodes: [] }], session([]));
    expect(one(rows, { ...P1, window: 'session', measure: 'happiness_mean' })).toMatchObject({
      value: '0.53125', // 5 s of 0.25, 3 s of 1
      seconds: '8',
      window_s: '11',
    });
  });
});

describe('speech', () => {
  const speaking = (from: number, to: number) => ({
    ...plain(),
    more: ({ frame }: FaceRecord) => ({ speaking: frame >= from * FPS && frame < to * FPS ? 0.9 : 0.1 }),
  });

  it('has no rows where results do not know who speaks', async () => {
    const rows = await tableOf([plain()], session([]));
    expect(rows.filter(({ speech, measure }) => speech === 'silent' || measure === 'speaking_share')).toEqual([]);
  });

  it('gives numbers with it and without it', async () => {
    const video = speaking(10, 30);
    const turns = [madeEpisode(1, ['speech', 'speech'], 10, 20), madeEpisode(1, ['speech', 'speech'], 24, 30)];
    const rows = await tableOf([{ ...video, episodes: turns }], session([]));
    const whole = { ...P1, window: 'session' };
    expect(one(rows, { ...whole, measure: 'happiness_mean' }).value).toBe('0.4');
    expect(one(rows, { ...whole, measure: 'happiness_mean', speech: 'silent' })).toMatchObject({
      value: '0.4', // 10 s of 0.2, 10 s of 0.6
      window_s: '20',
    });
    expect(one(rows, { ...whole, measure: 'speaking_share' }).value).toBe('0.5');
    expect(one(rows, { ...whole, measure: 'turns' }).value).toBe('2');
    expect(one(rows, { ...whole, measure: 'turn_length' }).value).toBe('8');
  });
});

describe('several videos and sessions', () => {
  const shifted = (id: string, happiness: number): MadeVideo => ({
    ...plain(id, (frame) => madeFace(frame, 1, frame * 100_000, { happiness })),
    episodes: [],
  });

  it('go on on one clock; where two show a person, the first of the study file counts', async () => {
    const [a, b] = [shifted('a', 0.2), shifted('b', 0.8)];
    const videos = [a, b].map(({ id }, at) => ({
      ...madeSession('S1').videos[0]!,
      id,
      offsetUs: micros(at * 20e6),
    }));
    const rows = await tableOf([a, b], { sessions: [madeSession('S1', { videos })] });
    expect(one(rows, { ...P1, window: 'session', measure: 'happiness_mean' })).toMatchObject({
      value: '0.4', // 40 s of 0.2, then 20 s of 0.8
      seconds: '60',
      n: '600',
    });
  });

  it('of a condition count by their time, and groups are means over persons', async () => {
    const people = ['P1', 'P2', 'P3'];
    const made = ['a', 'b', 'c', 'd'].map((id, at) => shifted(id, [0.2, 0.6, 0.3, 0.5][at]!));
    const who = ['P1', 'P1', 'P2', 'P3'];
    const sessions = made.map(({ id }, at) =>
      madeSession(id, {
        condition: 'calm',
        videos: [{ ...madeSession(id).videos[0]!, people: { '1': who[at]! } }],
        markers: [question('Q', 0, 20)],
      }),
    );
    const rows = await tableOf(made, { participants: people.map((id) => ({ id, traits: {} })), sessions });
    const mean = { measure: 'happiness_mean', reference: 'raw', condition: 'calm' };
    expect(one(rows, { ...mean, ...P1, window: 'condition' })).toMatchObject({ value: '0.4', n: '800', session: '' });
    for (const where of [{ window: 'condition' }, { window: 'marker', marker: 'Q' }])
      expect(one(rows, { ...mean, ...where, level: 'group' })).toMatchObject({
        value: '0.4', // 0.4, 0.3, 0.5
        low: '0.3',
        high: '0.5',
        n: '3',
        participant: '',
      });
  });

  it('of too few persons are no group, and a session without results is told and left out', async () => {
    const results = folder();
    writeMadeVideo(results, plain());
    const study = madeStudy(results, { sessions: [madeSession('S1'), madeSession('S2')] });
    const { leftOut, reasons, rows } = await runNumbers(study, NUMBER_OPTIONS);
    expect(leftOut).toEqual([expect.stringMatching(/^session S2 is left out: .*S2\.manifest\.json is missing; run/)]);
    expect(reasons['few-persons']).toBeGreaterThan(50);
    expect(readFileSync(join(results, 'numbers.csv'), 'utf8').split('\n')).toHaveLength(rows + 2);
    await expect(runNumbers({ ...study, sessions: [madeSession('S2')] }, NUMBER_OPTIONS)).rejects.toMatchObject({
      code: 'INPUT_NOT_FOUND',
    });
  });
});

describe('the files', () => {
  it('are the same bytes again, and Parquet has the cells of CSV', async () => {
    const results = folder();
    writeMadeVideo(results, plain());
    const study = madeStudy(results, session([question('Q', 15, 35)]));
    await runNumbers(study, NUMBER_OPTIONS);
    const names = ['numbers.csv', 'numbers.parquet', 'codebook.csv', 'codebook.md'];
    const before = names.map((name) => readFileSync(join(results, name)));
    await runNumbers(study, NUMBER_OPTIONS);
    expect(names.map((name) => readFileSync(join(results, name)))).toEqual(before);

    const { header, rows } = readTable(before[0]!.toString('utf8'), 'numbers.csv');
    const file = await asyncBufferFromFile(join(results, 'numbers.parquet'));
    const read = await parquetReadObjects({ file });
    expect(read.map((row) => header.map((name) => String(row[name] ?? '')))).toEqual(rows.map(({ fields }) => fields));
  });

  it('have every column, measure and reason in the codebook', async () => {
    const results = folder();
    writeMadeVideo(results, plain());
    await runNumbers(madeStudy(results), NUMBER_OPTIONS);
    const table = readTable(readFileSync(join(results, 'numbers.csv'), 'utf8'), '');
    const book = readTable(readFileSync(join(results, 'codebook.csv'), 'utf8'), '');
    const named = (kind: string): string[] => book.rows.flatMap(({ fields }) => (fields[0] === kind ? fields[1]! : []));
    const used = (name: string): string[] => {
      const at = table.position(name, '');
      return [...new Set(table.rows.map(({ fields }) => fields[at]!))].filter((cell) => cell !== '');
    };
    expect(named('column')).toEqual(table.header);
    expect(named('measure')).toEqual(expect.arrayContaining(used('measure')));
    expect(named('reason')).toEqual(expect.arrayContaining(used('reason')));
    expect(new Set(named('measure')).size).toBe(named('measure').length);
    expect(book.rows.every(({ fields }) => fields[2] !== '')).toBe(true);
  });
});
