import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { asyncBufferFromFile } from 'hyparquet/src/node.js';
import { describe, expect, test } from 'vitest';
import type { Episode, FaceRecord, RunInfo } from '../../../src/domain/records.js';
import { micros } from '../../../src/domain/units.js';
import { openOutputs } from '../../../src/outputs/open-outputs.js';
import { DEFAULT_OUTPUTS } from '../../../src/outputs/outputs.js';
import { RECORD_COLUMNS, recordColumns } from '../../../src/record/record-columns.js';
import { OPENFACE_COLUMNS } from '../../../src/sinks/openface-columns.js';
import { unitInterval, unitStretches } from '../../../src/sinks/unit-stretches.js';
import { readTable } from '../../support/csv-reader.js';
import {
  emptyFrame,
  episode,
  faceWithUnits,
  runInfo,
  runWithUnits,
  summaryOf,
  UNIT_KEYS,
  unitEpisode,
  unitReading,
  unreadableFace,
  videoInfo,
} from '../../support/record-builders.js';
import { tempFolders } from '../../support/temp-folder.js';
import { readVtt } from '../../support/webvtt-checker.js';

const folder = tempFolders();
const at = (label: string, fromMs: number, toMs: number, more: Partial<Episode> = {}): Episode =>
  unitEpisode(label, { onsetUs: micros(fromMs * 1000), offsetUs: micros(toMs * 1000), ...more });

async function written(
  frames: readonly FaceRecord[],
  episodes: readonly Episode[] = [],
  run: RunInfo = runWithUnits,
): Promise<(ending: string) => string> {
  const dir = folder();
  const { sink } = await openOutputs({
    base: join(dir, 'x'),
    outputs: DEFAULT_OUTPUTS,
    overwrite: false,
    landmarks: 'none',
    run,
    video: videoInfo,
  });
  for (const frame of frames) await sink.records([frame]);
  for (const each of episodes) await sink.episode(each);
  await sink.close(summaryOf(frames));
  return (ending) => (ending === 'dir' ? dir : readFileSync(join(dir, `x${ending}`), 'utf8'));
}

const FRAMES = [faceWithUnits(0), emptyFrame(1), unreadableFace(2)];

describe('CSV and Parquet', () => {
  test('seven columns of each unit after those of every run, in the model’s order', () => {
    const names = recordColumns(UNIT_KEYS).map(({ name }) => name);
    expect(names.slice(0, RECORD_COLUMNS.length)).toEqual(RECORD_COLUMNS.map(({ name }) => name));
    expect(names.slice(RECORD_COLUMNS.length)).toEqual(
      ['au01', 'au04', 'au12', 'au12_left', 'au12_right', 'au18'].flatMap((stem) =>
        [
          'presence_raw',
          'presence_baselined',
          'presence_smoothed',
          'intensity_raw',
          'intensity_baselined',
          'intensity_smoothed',
          'active',
        ].map((name) => `${stem}_${name}`),
      ),
    );
  });

  test('values are in their columns; a measured 0 is 0; missing is empty', async () => {
    const read = await written(FRAMES);
    const rows = readTable(read('.csv'));
    expect(rows[0]).toMatchObject({
      au12_presence_raw: '0.9125',
      au12_presence_baselined: '0.8875',
      au12_presence_smoothed: '0.875',
      au12_intensity_raw: '3.75',
      au12_intensity_baselined: '3.5',
      au12_intensity_smoothed: '3.25',
      au12_active: 'true',
      au12_left_intensity_smoothed: '4',
      au04_intensity_smoothed: '0',
      au04_active: 'false',
    });
    for (const row of rows.slice(1)) {
      for (const [name, value] of Object.entries(row))
        if (/^au\d/.test(name)) expect([name, value]).toEqual([name, '']);
    }
    const parquet = await parquetReadObjects({ file: await asyncBufferFromFile(join(read('dir'), 'x.parquet')) });
    expect(parquet[0]).toMatchObject({ au12_intensity_smoothed: 3.25, au12_active: true, au04_active: false });
    expect(parquet[1]).toMatchObject({ au12_intensity_smoothed: null, au12_active: null });
  });

  test('a unit without intensity, or whose resting level is not known, is empty there', async () => {
    const { intensity } = unitReading(2);
    const actionUnits = {
      '1': unitReading(0, { intensity: null, active: null }),
      '4': unitReading(2, { intensity: { ...intensity!, baselined: null } }),
    };
    const [row] = readTable((await written([faceWithUnits(0, { actionUnits })]))('.csv'));
    expect(row).toMatchObject({ au01_presence_raw: '0.9125', au01_intensity_smoothed: '', au01_active: '' });
    expect(row).toMatchObject({ au04_intensity_raw: '2.5', au04_intensity_baselined: '', au12_active: '' });
  });
});

describe('OpenFace', () => {
  test('smoothed intensity and activity where the model reads the unit, empty elsewhere', async () => {
    const [row, none, unread] = readTable((await written(FRAMES))('.openface.csv'));
    const units = Object.fromEntries(Object.entries(row!).filter(([name, value]) => /^AU/.test(name) && value !== ''));
    expect(units).toEqual({
      ...{ AU01_r: '1.50', AU04_r: '0.00', AU12_r: '3.25' },
      ...{ AU01_c: '1', AU04_c: '0', AU12_c: '1', AU45_c: '0' },
    });
    for (const other of [none!, unread!]) {
      for (const name of OPENFACE_COLUMNS.filter((each) => /^AU/.test(each))) expect(other[name]).toBe('');
    }
  });

  test('AU45 is the model’s where it has one, else the blink', async () => {
    const record = faceWithUnits(0, { blink: true, actionUnits: { '45': unitReading(0) } });
    const [own] = readTable((await written([record], [], { ...runInfo, actionUnits: ['45'] }))('.openface.csv'));
    expect(own).toMatchObject({ AU45_r: '0.00', AU45_c: '0' });
    const [blink] = readTable((await written([faceWithUnits(0, { blink: true })]))('.openface.csv'));
    expect(blink).toMatchObject({ AU45_r: '', AU45_c: '1' });
  });
});

test('Fex: smoothed probabilities, not intensities', async () => {
  const [row, none] = readTable((await written(FRAMES))('.fex.csv'));
  expect(row).toMatchObject({ AU01: '0.875', AU04: '0.875', AU12: '0.875', AU06: '', AU43: '' });
  expect(none).toMatchObject({ AU01: '', AU12: '' });
});

test('JSONL: by key, rounded; nulls stay nulls', async () => {
  const { intensity } = unitReading(1 / 3);
  const actionUnits = {
    '12': unitReading(1 / 3),
    '12L': unitReading(1, { intensity: { ...intensity!, baselined: null } }),
  };
  const lines = (await written([faceWithUnits(0, { actionUnits }), emptyFrame(1)]))('.records.jsonl').split('\n');
  expect(JSON.parse(lines[0]!).actionUnits).toEqual({
    '12': {
      presence: { raw: 0.9125, baselined: 0.8875, smoothed: 0.875 },
      intensity: { raw: 0.8333, baselined: 0.5833, smoothed: 0.3333 },
      active: false,
    },
    '12L': {
      presence: { raw: 0.9125, baselined: 0.8875, smoothed: 0.875 },
      intensity: { raw: 0.8333, baselined: null, smoothed: 0.3333 },
      active: true,
    },
  });
  expect(JSON.parse(lines[1]!).actionUnits).toBeNull();
});

describe('stretches of units active together', () => {
  const stretches = (...episodes: Episode[]) =>
    unitStretches(episodes.flatMap((each) => unitInterval(each) ?? [])).map(({ beginMs, endMs, units }) => [
      beginMs,
      endMs,
      units.map(({ key }) => key).join('+'),
    ]);

  test.each<[string, Episode[], unknown[]]>([
    ['none', [], []],
    ['one', [at('AU12', 100, 900)], [[100, 900, '12']]],
    [
      'nested, in numeric order',
      [at('AU12', 100, 900), at('AU6', 300, 600)],
      [
        [100, 300, '12'],
        [300, 600, '6+12'],
        [600, 900, '12'],
      ],
    ],
    [
      'touching and apart',
      [at('AU1', 0, 100), at('AU2', 100, 200), at('AU1', 300, 400)],
      [
        [0, 100, '1'],
        [100, 200, '2'],
        [300, 400, '1'],
      ],
    ],
    ['begun and ended together', [at('AU2', 0, 100), at('AU1', 0, 100)], [[0, 100, '1+2']]],
    ['no blinks, no emotions', [at('AU45', 0, 100), episode()], []],
  ])('%s', (_, episodes, expected) => {
    expect(stretches(...episodes)).toEqual(expected);
  });
});

const SMILE = [
  at('AU6', 500, 1500, { peak: 0.4, confidence: 0.7 }),
  at('AU4', 1400, 1480),
  at('AU12', 500, 2000, { peak: 0.8, confidence: 0.9 }),
];

test('ELAN: one tier per person and half of the face, no annotation over another', async () => {
  const text = (await written([], [episode(), ...SMILE, at('AU12', 0, 300, { track: 2 })]))('.elan-intervals.tsv');
  expect(text.trimEnd().split('\n').slice(1)).toEqual([
    'Person 1 emotion\t200\t900\t700\thappiness\t0.912\t0.800',
    'Person 1 AU upper face\t500\t1400\t900\tAU6\t0.400\t0.700',
    'Person 1 AU upper face\t1400\t1480\t80\tAU4+AU6\t0.650\t0.700',
    'Person 1 AU upper face\t1480\t1500\t20\tAU6\t0.400\t0.700',
    'Person 1 AU lower face\t500\t2000\t1500\tAU12\t0.800\t0.900',
    'Person 2 AU lower face\t0\t300\t300\tAU12\t0.650\t0.900',
  ]);
});

test('ELAN tracks: smoothed intensity of each unit, also of a face without emotions', async () => {
  const rows = readTable((await written([faceWithUnits(0), faceWithUnits(1, { emotions: null })]))('.elan-tracks.csv'));
  expect(Object.keys(rows[0]!).slice(-6)).toEqual(
    ['au01', 'au04', 'au12', 'au12_left', 'au12_right', 'au18'].map((stem) => `p1_${stem}_intensity`),
  );
  expect(rows[0]).toMatchObject({ p1_au12_intensity: '3.25', p1_au04_intensity: '0', p1_happiness: '0.8' });
  expect(rows[1]).toMatchObject({ p1_au12_intensity: '3.25', p1_happiness: '' });
});

test('WebVTT: cues carry names and intensities; captions name what is shown together, without flashes', async () => {
  const read = await written([], [episode(), ...SMILE, at('AU45', 100, 250)]);
  const cues = readVtt(read('.metadata.vtt')).map(({ text }) => JSON.parse(text));
  expect(cues).toHaveLength(5);
  expect(cues.find(({ label }) => label === 'AU12')).toMatchObject({
    kind: 'action-unit',
    title: 'AU12 lip corner puller',
    peak: 0.8,
    intensityPeak: 4,
    intensityMean: 2.5,
  });
  expect(cues.find(({ label }) => label === 'happiness')).not.toHaveProperty('intensityPeak');
  expect(readVtt(read('.captions.vtt')).map(({ beginMs, endMs, text }) => [beginMs, endMs, text])).toEqual([
    [200, 900, 'Person 1: happiness (80 %)'],
    [500, 1400, 'Person 1: AU6 cheek raiser, AU12 lip corner puller'],
    [1500, 2000, 'Person 1: AU12 lip corner puller'],
  ]);
});

test('a caption names the three strongest of many', async () => {
  const shown = ['AU1', 'AU2', 'AU5', 'AU25', 'AU26'].map((label, index) =>
    at(label, 0, 900, { peak: 0.1 * (index + 1) }),
  );
  expect(readVtt((await written([], shown))('.captions.vtt'))[0]!.text).toBe(
    'Person 1: AU5 upper lid raiser, AU25 lips part, AU26 jaw drop and 2 more',
  );
});

describe('the manifest', () => {
  const manifestOf = async (run: RunInfo) => JSON.parse((await written([], [], run))('.manifest.json'));
  const fileOf = (manifest: { files: { path: string }[] }, ending: string) =>
    manifest.files.find(({ path }) => path === `x${ending}`) as unknown as Record<
      'contents' | 'empty',
      Record<string, string>
    >;

  test('defines presence and intensity as different things and names every unit', async () => {
    const { actionUnits, run, ...manifest } = await manifestOf(runWithUnits);
    expect(run.actionUnits).toEqual(UNIT_KEYS);
    expect(actionUnits.units.map(({ code, name }: Record<string, string>) => `${code} ${name}`)).toEqual([
      ...['AU1 inner brow raiser', 'AU4 brow lowerer', 'AU12 lip corner puller', 'AU12L left lip corner puller'],
      ...['AU12R right lip corner puller', 'AU18 lip pucker'],
    ]);
    expect(actionUnits.definitions.presence).toContain('0..1');
    expect(actionUnits.definitions.intensity).toContain('5 maximum');
    expect(actionUnits.definitions.validity).toContain('models/mien-affect/card.md');
    const models = runWithUnits.models.map((model) => ({ ...model, id: 'mien-affect-small' }));
    const small = await manifestOf({ ...runWithUnits, models });
    expect(small.actionUnits.definitions.validity).toContain('models/mien-affect-small/card.md');
    expect(fileOf(manifest, '.csv').contents.au12_left_intensity_raw).toBe(
      'AU12L left lip corner puller: strength, 0 absent .. 5 maximum',
    );
    const openFace = fileOf(manifest, '.openface.csv');
    expect(openFace.contents).toHaveProperty('AU01_r, AU04_r, AU12_r');
    expect(openFace.contents).toHaveProperty('not in this file: AU12L, AU12R, AU18');
    const [empty] = Object.keys(openFace.empty).filter((names) => names.startsWith('AU'));
    expect(empty).toMatch(/^AU02_r, AU05_r, .*AU28_c$/);
    expect(empty).not.toMatch(/AU(01|04|12)_|AU45_c/);
    expect(fileOf(manifest, '.fex.csv').contents).toHaveProperty('AU01, AU04, AU12');
    expect(fileOf(manifest, '.records.jsonl').empty).not.toHaveProperty('actionUnits');
  });

  test('without units it says what it always said', async () => {
    const manifest = await manifestOf(runInfo);
    expect(manifest).not.toHaveProperty('actionUnits');
    expect(JSON.stringify(manifest.files)).not.toMatch(/intensity|au12/i);
    expect(fileOf(manifest, '.openface.csv').empty).toHaveProperty('AU*_r, AU*_c but AU45_c');
    expect(fileOf(manifest, '.records.jsonl').empty).toHaveProperty('actionUnits');
  });
});
