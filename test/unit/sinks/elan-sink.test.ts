import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EMOTIONS } from '../../../src/domain/affect.js';
import type { FaceRecord } from '../../../src/domain/records.js';
import { micros } from '../../../src/domain/units.js';
import { createElanSink, intervalLine } from '../../../src/sinks/elan-sink.js';
import { ELAN_MAX_FACES, ELAN_RATE_HZ } from '../../../src/sinks/elan-tracks.js';
import { readTable } from '../../support/csv-reader.js';
import { emptyFrame, episode, faceRecord, mostly, unreadableFace } from '../../support/record-builders.js';
import { tempFolders } from '../../support/temp-folder.js';

const folder = tempFolders();

async function tracksOf(frames: readonly (readonly FaceRecord[])[]) {
  const dir = folder();
  const sink = await createElanSink({ base: join(dir, 'x'), overwrite: false }, { videoPath: '/videos/x.mp4' });
  for (const records of frames) await sink.records(records);
  await sink.close();
  expect(readdirSync(dir).sort()).toEqual(['x.eaf', 'x.elan-intervals.tsv', 'x.elan-tracks.csv', 'x_tsconf.xml']);
  return { rows: readTable(readFileSync(join(dir, 'x.elan-tracks.csv'), 'utf8')), sink };
}

const happy = (frame: number, ms: number, share: number, more: Partial<FaceRecord> = {}): FaceRecord => {
  const distribution = mostly('happiness', share);
  return faceRecord(frame, {
    ptsUs: micros(ms * 1000),
    emotions: { raw: distribution, baselined: null, smoothed: distribution },
    ...more,
  });
};

test.each([
  [episode(), 'Person 1 emotion\t200\t900\t700\thappiness\t0.912\t0.800'],
  [
    episode({ track: 3, kind: 'blink', label: 'blink', onsetUs: micros(1_000_400), offsetUs: micros(1_000_700) }),
    'Person 3 blink\t1000\t1001\t1\tblink\t0.912\t0.800',
  ],
  [
    episode({ onsetUs: micros(-20_000), offsetUs: micros(-10_000) }),
    'Person 1 emotion\t0\t1\t1\thappiness\t0.912\t0.800',
  ],
  [episode({ label: 'two\twords\n' }), 'Person 1 emotion\t200\t900\t700\ttwo words \t0.912\t0.800'],
])('an interval: tier, whole milliseconds, label', (each, line) => {
  expect(intervalLine(each)).toBe(line);
});

test('intervals read back: begin + duration = end, one header line', async () => {
  const dir = folder();
  const sink = await createElanSink({ base: join(dir, 'x'), overwrite: false }, { videoPath: '/videos/x.mp4' });
  const episodes = [episode(), episode({ onsetUs: micros(900_400), offsetUs: micros(1_234_567) })];
  for (const each of episodes) await sink.episode(each);
  await sink.close();
  const [header, ...lines] = readFileSync(join(dir, 'x.elan-intervals.tsv'), 'utf8').trimEnd().split('\n');
  expect(header!.split('\t').slice(0, 5)).toEqual([
    'Tier',
    'Begin Time - msec',
    'End Time - msec',
    'Duration - msec',
    'Annotation',
  ]);
  const read = lines.map((line) => line.split('\t'));
  expect(read).toHaveLength(2);
  for (const [, begin, end, duration] of read) expect(Number(begin) + Number(duration)).toBe(Number(end));
  // Episodes that touch do not overlap: ELAN's tiers cannot hold that.
  expect(Number(read[1]![1])).toBeGreaterThanOrEqual(Number(read[0]![2]));
});

test('tracks: one time column in seconds at a constant rate, ten columns per person', async () => {
  const frames = Array.from({ length: 31 }, (_, frame) => [
    happy(frame, (frame * 1000) / 30, frame / 31),
    happy(frame, (frame * 1000) / 30, 0.5, { track: 2 }),
  ]);
  const { rows } = await tracksOf(frames);
  expect(Object.keys(rows[0]!)).toEqual([
    'time_s',
    ...[1, 2].flatMap((track) =>
      [...EMOTIONS, 'valence_derived', 'arousal_derived'].map((name) => `p${track}_${name}`),
    ),
  ]);
  expect(rows.map(({ time_s }) => Number(time_s))).toEqual(
    Array.from({ length: ELAN_RATE_HZ + 1 }, (_, step) => step / ELAN_RATE_HZ),
  );
  for (const row of rows) {
    // 30 frames a second on a grid of 25: the ramp of the share stays a ramp.
    expect(Number(row.p1_happiness)).toBeCloseTo((Number(row.time_s) * 30) / 31, 4);
    expect(row.p2_happiness).toBe('0.5');
    expect(row.p1_arousal_derived).toBe('-0.08');
  }
});

test('frames without a face or without a reading are empty cells, never 0', async () => {
  const { rows } = await tracksOf([[happy(0, 0, 0.5)], [unreadableFace(1)], [emptyFrame(2)], [happy(3, 120, 0.5)]]);
  expect(rows.map(({ p1_happiness }) => p1_happiness)).toEqual(['0.5', '', '', '0.5']);
});

test('a run without faces has the time column only', async () => {
  const { rows } = await tracksOf([[emptyFrame(0)], [emptyFrame(1)]]);
  expect(rows).toEqual([{ time_s: '0' }, { time_s: '0.04' }]);
});

test('of many people, those read longest get columns, and the manifest is told', async () => {
  const frames = Array.from({ length: 3 }, (_, frame) =>
    Array.from({ length: ELAN_MAX_FACES + 4 }, (_, index) => index + 1)
      // The first four are there for one frame only.
      .filter((track) => track > 4 || frame === 0)
      .map((track) => happy(frame, frame * 40, 0.5, { track })),
  );
  const { rows, sink } = await tracksOf(frames);
  const people = new Set(Object.keys(rows[0]!).flatMap((name) => /^p(\d+)_/.exec(name)?.[1] ?? []));
  expect([...people].map(Number)).toEqual(Array.from({ length: ELAN_MAX_FACES }, (_, index) => index + 5));
  expect(sink.files()[1]!.empty).toHaveProperty('4 faces');
});
