import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { asyncBufferFromFile } from 'hyparquet/src/node.js';
import { describe, expect, it } from 'vitest';
import { MAX_WAITING } from '../../../src/keeping/camera-recorder.js';
import { instantText, localDay } from '../../../src/keeping/kept-names.js';
import { readRecording } from '../../../src/rules/read-recording.js';
import { fullAfter, systemError } from '../../support/full-disk.js';
import {
  DAY_MS,
  episodeAt,
  filesBelow,
  frameAt,
  HOUR_MS,
  keepingWorld,
  MINUTE_MS,
  NOON_MS,
  ruleAt,
  timesIn,
} from '../../support/keeping-world.js';
import { emptyFrame } from '../../support/record-builders.js';
import { facesOf } from '../../support/rule-builders.js';
import { tempFolders } from '../../support/temp-folder.js';

const folder = tempFolders();
const DAY = localDay(NOON_MS);
const named = (atMs: number, ending: string, source = 'door'): string =>
  `${source}/${localDay(atMs)}/${instantText(atMs)}${ending}`;
const everything = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER, limit: 1000, cursor: null };
const pathTo = (place: string, atMs: number, ending: string): string => join(place, named(atMs, ending));

describe('recording', () => {
  it('writes the files of analyze, each line with its instant; they have their names only once they are whole', async () => {
    const place = folder();
    const { keeping } = await keepingWorld(place, { formats: ['jsonl', 'csv', 'parquet'] });
    for (let second = 0; second < 90; second++) keeping.take(frameAt(NOON_MS + second * 1_000));
    keeping.take(episodeAt(NOON_MS + 10_000));
    keeping.take(ruleAt(NOON_MS + 20_000));
    await keeping.history({ source: 'door', kind: 'rules', ...everything });
    expect(filesBelow(place).every((name) => name.startsWith('door/.writing/'))).toBe(true);
    await keeping.close();
    expect(filesBelow(place)).toEqual(
      ['.csv', '.episodes.jsonl', '.minutes.jsonl', '.parquet', '.records.jsonl', '.rules.jsonl'].map((ending) =>
        named(NOON_MS, ending),
      ),
    );
    expect(timesIn(pathTo(place, NOON_MS, '.records.jsonl'))).toHaveLength(90);
    expect(timesIn(pathTo(place, NOON_MS, '.episodes.jsonl'))).toEqual([NOON_MS + 10_000]);
    expect(timesIn(pathTo(place, NOON_MS, '.rules.jsonl'))).toEqual([NOON_MS + 20_000]);
    const minutes = readFileSync(pathTo(place, NOON_MS, '.minutes.jsonl'), 'utf8')
      .trim()
      .split('\n');
    expect(minutes.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({
        frames: 60,
        faces: { most: 1, mean: 1 },
        valence: 0.65,
        expressions: { happiness: 1 },
      }),
      expect.objectContaining({ frames: 30 }),
    ]);
    const rows = await parquetReadObjects({ file: await asyncBufferFromFile(pathTo(place, NOON_MS, '.parquet')) });
    expect(rows).toHaveLength(90);
    expect(rows[1]).toMatchObject({ label: 'happiness', wall_time: new Date(NOON_MS + 1_000).toISOString() });
  });

  it('can be replayed against rules', async () => {
    const place = folder();
    const { keeping } = await keepingWorld(place);
    for (let index = 0; index < 5; index++) keeping.take(frameAt(NOON_MS + index * 100, 'door', { frame: index }));
    await keeping.close();
    const frames = [];
    for await (const frame of readRecording(pathTo(place, NOON_MS, '.records.jsonl'), { startMs: null }))
      frames.push(frame);
    expect(frames.map(({ wallTimeMs }) => wallTimeMs)).toEqual([0, 1, 2, 3, 4].map((index) => NOON_MS + index * 100));
  });

  it('keeps only what and of whom it is told', async () => {
    const place = folder();
    const { keeping } = await keepingWorld(place, { what: ['episodes'], cameras: ['door'] });
    for (const source of ['door', 'yard']) {
      for (const event of [frameAt(NOON_MS, source), episodeAt(NOON_MS, source), ruleAt(NOON_MS, source)])
        keeping.take(event);
    }
    await keeping.close();
    expect(filesBelow(place)).toEqual([named(NOON_MS, '.episodes.jsonl')]);
  });

  it('begins another part with each local day, and with a clock that was set back', async () => {
    const place = folder();
    const { keeping } = await keepingWorld(place);
    const midnight = new Date(2026, 0, 16).getTime();
    for (const atMs of [NOON_MS, midnight - 1, midnight, midnight + HOUR_MS, midnight + MINUTE_MS])
      keeping.take(frameAt(atMs));
    await keeping.close();
    const records = filesBelow(place).filter((name) => name.endsWith('.records.jsonl'));
    expect(records).toEqual([named(NOON_MS, '.records.jsonl'), named(midnight, '.records.jsonl')]);
    const again = await keepingWorld(place);
    again.keeping.take(frameAt(NOON_MS));
    again.keeping.take(frameAt(NOON_MS - HOUR_MS));
    await again.keeping.close();
    expect(filesBelow(place).filter((name) => name.endsWith('.records.jsonl'))).toEqual([
      named(NOON_MS - HOUR_MS, '.records.jsonl'),
      named(NOON_MS, '.records.jsonl'),
      named(NOON_MS + 1, '.records.jsonl'),
      named(midnight, '.records.jsonl'),
    ]);
  });

  it('ends a part that is full, and one of yesterday though nothing comes any more', async () => {
    const place = folder();
    const { keeping, clock } = await keepingWorld(place, { partBytes: 1_000 });
    const records = () =>
      filesBelow(place).filter((name) => !name.includes('.writing') && name.endsWith('.records.jsonl'));
    /** Time goes on while the disk works. */
    const later = async <T>(byMs: number, look: () => T): Promise<T> => {
      await clock.advance(byMs);
      return look();
    };
    keeping.take(frameAt(NOON_MS));
    await expect.poll(() => later(2_000, records)).toEqual([named(NOON_MS, '.records.jsonl')]);
    keeping.take(episodeAt(NOON_MS + 5_000));
    await clock.advance(DAY_MS);
    await expect.poll(() => later(2_000, () => filesBelow(place))).toContain(named(NOON_MS + 5_000, '.episodes.jsonl'));
    await keeping.close();
  });

  it('drops what the disk does not keep up with, and counts it', async () => {
    const place = folder();
    const { keeping, telemetry } = await keepingWorld(place);
    for (let index = 0; index < MAX_WAITING + 7; index++) keeping.take(frameAt(NOON_MS + index));
    expect(telemetry.counts.get('keepDropped door queue full')).toBe(7);
    await keeping.close();
    expect(timesIn(pathTo(place, NOON_MS, '.records.jsonl'))).toHaveLength(MAX_WAITING);
  });

  it('says nothing of expressions where none is inferred, and tells minutes without a face', async () => {
    const place = folder();
    const { keeping } = await keepingWorld(place);
    keeping.take(facesOf([{ ...emptyFrame(0), source: 'door', wallTime: new Date(NOON_MS).toISOString() }], NOON_MS));
    await keeping.close();
    const [minute] = readFileSync(pathTo(place, NOON_MS, '.minutes.jsonl'), 'utf8').split('\n');
    expect(JSON.parse(minute!)).toMatchObject({ faces: { most: 0, mean: 0 }, valence: null, expressions: {} });
  });
});

describe('after a crash', () => {
  it('finishes whole lines, removes what has no end or is empty, and says so', async () => {
    const place = folder();
    const writing = join(place, 'door/.writing');
    mkdirSync(writing, { recursive: true });
    const part = (ending: string, text: string) =>
      writeFileSync(join(writing, `${instantText(NOON_MS)}${ending}`), text);
    const line = `{"wallTime":"${new Date(NOON_MS).toISOString()}"}\n`;
    part('.records.jsonl', `${line}${line}{"wallTime":"2026`);
    part('.csv', 'a,wall_time\n1,x\n2,');
    part('.episodes.jsonl', '');
    part('.parquet', 'PAR1 and no end');
    writeFileSync(join(writing, 'cut-anything'), 'x');
    appendFileSync(join(place, 'notes.txt'), 'of somebody else');
    const { keeping, log } = await keepingWorld(place);
    expect(filesBelow(place)).toEqual([named(NOON_MS, '.csv'), named(NOON_MS, '.records.jsonl'), 'notes.txt'].sort());
    expect(readFileSync(pathTo(place, NOON_MS, '.records.jsonl'), 'utf8')).toBe(line + line);
    expect(readFileSync(pathTo(place, NOON_MS, '.csv'), 'utf8')).toBe('a,wall_time\n1,x\n');
    expect(log).toEqual([expect.stringContaining('mien ended while it wrote 5 files: 2 finished now, 3 removed')]);
    await keeping.close();
  });

  it('a folder that cannot be used ends the start with its name', async () => {
    const place = join(folder(), 'file');
    writeFileSync(place, '');
    await expect(keepingWorld(place)).rejects.toMatchObject({
      code: 'OUTPUT_UNWRITABLE',
      message: `keep.folder ${place} cannot be used (EEXIST); name another`,
    });
  });
});

describe('retention', () => {
  /** A file of a day, so many days before today. */
  const old = (place: string, daysAgo: number, bytes = 10): string => {
    const atMs = new Date(2026, 0, 15 - daysAgo, 12).getTime();
    mkdirSync(join(place, 'door', localDay(atMs)), { recursive: true });
    writeFileSync(pathTo(place, atMs, '.records.jsonl'), 'x'.repeat(bytes));
    return named(atMs, '.records.jsonl');
  };

  it('keeps so many days, today included, from the start and as time goes by', async () => {
    const place = folder();
    const names = [3, 2, 1, 0].map((days) => old(place, days));
    const { keeping, clock } = await keepingWorld(place, { days: 3 });
    expect(filesBelow(place)).toEqual(names.slice(1));
    await clock.advance(DAY_MS);
    const later = async () => {
      await clock.advance(MINUTE_MS);
      return filesBelow(place);
    };
    await expect.poll(later).toEqual(names.slice(2));
    await keeping.close();
  });

  it('keeps so many bytes: the oldest goes first', async () => {
    const place = folder();
    const names = [3, 2, 1, 0].map((days) => old(place, days, 100));
    const { keeping, log, telemetry } = await keepingWorld(place, { maxBytes: 250 });
    expect(filesBelow(place)).toEqual(names.slice(2));
    expect(log).toEqual(['keep: 2 files out of time or over the limit removed']);
    expect(telemetry.counts.get('keptTotals')).toBe(1);
    await keeping.close();
  });
});

describe('a disk that fills', () => {
  it('stops the recording, keeps whole lines, and goes on when there is room again', async () => {
    const place = folder();
    let free = 1_000_000;
    const { keeping, clock, log, telemetry } = await keepingWorld(
      place,
      { minFreeBytes: 1_000 },
      { freeBytes: async () => free },
    );
    keeping.take(frameAt(NOON_MS));
    free = 10;
    await clock.advance(2_000);
    await expect.poll(() => keeping.health.state).toMatchObject({ status: 'stopped', reason: 'disk full' });
    await expect.poll(() => filesBelow(place)).toContain(named(NOON_MS, '.records.jsonl'));
    keeping.take(frameAt(NOON_MS + 3_000));
    expect(telemetry.counts.get('keepDropped door stopped')).toBe(1);
    expect((await keeping.summary()).state).toMatchObject({ status: 'stopped' });
    await clock.advance(5_000);
    await expect.poll(() => telemetry.counts.get('keepState disk full')).toBe(2);
    free = 1_000_000;
    await clock.advance(10_000);
    await expect.poll(() => keeping.health.state.status).toBe('recording');
    keeping.take(frameAt(NOON_MS + 30_000));
    await keeping.close();
    expect(timesIn(pathTo(place, NOON_MS + 30_000, '.records.jsonl'))).toEqual([NOON_MS + 30_000]);
    expect(log).toEqual([
      'keep: recording stopped: disk full; it is tried again until it can go on, and so does the analysis',
      'keep: recording again',
    ]);
  });

  it('in the middle of a write leaves whole lines, and never throws', async () => {
    const place = folder();
    const { keeping, clock, telemetry } = await keepingWorld(place, {}, { write: fullAfter(5_000) });
    for (let index = 0; index < 100; index++) keeping.take(frameAt(NOON_MS + index));
    await clock.advance(2_000);
    await expect.poll(() => keeping.health.state).toMatchObject({ status: 'stopped', reason: 'disk full' });
    await keeping.close();
    expect(timesIn(pathTo(place, NOON_MS, '.records.jsonl')).length).toBeGreaterThan(0);
    // What waited behind it begins no other part.
    expect(filesBelow(place).filter((name) => name.endsWith('.records.jsonl'))).toHaveLength(1);
    expect(telemetry.counts.get('keepDropped door stopped')).toBeGreaterThan(10);
  });

  it('tells a lost permission from a full disk', async () => {
    const write = async () => Promise.reject(systemError('EACCES'));
    const { keeping, clock } = await keepingWorld(folder(), {}, { write });
    keeping.take(frameAt(NOON_MS));
    await clock.advance(2_000);
    await expect.poll(() => keeping.health.state).toMatchObject({ status: 'stopped', reason: 'no permission' });
    await keeping.close();
  });
});

describe('reading back', () => {
  it('gives pages in order, across parts and what is being written', async () => {
    const place = folder();
    const first = await keepingWorld(place);
    for (let index = 0; index < 50; index++) first.keeping.take(frameAt(NOON_MS + index * 1_000));
    await first.keeping.close();
    const { keeping } = await keepingWorld(place);
    for (let index = 50; index < 100; index++) keeping.take(frameAt(NOON_MS + index * 1_000));
    const wish = {
      source: 'door',
      kind: 'readings',
      fromMs: NOON_MS + 10_000,
      toMs: NOON_MS + 90_000,
      limit: 30,
    } as const;
    const told: number[] = [];
    const sizes: number[] = [];
    for (let cursor: string | null = null, first = true; first || cursor !== null; first = false) {
      const page = await keeping.history({ ...wish, cursor });
      told.push(...page.lines.map((line) => (Date.parse(JSON.parse(line).wallTime) - NOON_MS) / 1_000));
      sizes.push(page.lines.length);
      cursor = page.next;
    }
    expect(told).toEqual(Array.from({ length: 80 }, (_, index) => index + 10));
    expect(sizes).toEqual([30, 30, 20]);
    await keeping.close();
  });

  it('finds a time in a large file without reading it all', async () => {
    const place = folder();
    mkdirSync(join(place, 'door', DAY), { recursive: true });
    const text = 'x'.repeat(2_000);
    const lines = Array.from({ length: 20_000 }, (_, index) =>
      JSON.stringify({ wallTime: new Date(NOON_MS + index * 1_000).toISOString(), text }),
    );
    writeFileSync(pathTo(place, NOON_MS, '.records.jsonl'), `${lines.join('\n')}\n`);
    const { keeping } = await keepingWorld(place);
    const at = NOON_MS + 19_000_000;
    // 40 MB lie before it, and a page reads no more than 32.
    const page = await keeping.history({
      source: 'door',
      kind: 'readings',
      fromMs: at,
      toMs: at + 3_000,
      limit: 9,
      cursor: null,
    });
    expect(page.lines.map((line) => Date.parse(JSON.parse(line).wallTime))).toEqual([at, at + 1_000, at + 2_000]);
    expect(page.next).toBeNull();
    await keeping.close();
  });

  it('sums up days and cameras', async () => {
    const place = folder();
    const { keeping } = await keepingWorld(place);
    keeping.take(frameAt(NOON_MS));
    keeping.take(ruleAt(NOON_MS, 'yard'));
    await keeping.close();
    const summary = await keeping.summary();
    expect(summary).toMatchObject({ state: { status: 'recording' }, days: 7, blur: true, files: 3 });
    expect(summary.cameras.map(({ source, days }) => [source, days.map(({ day, files }) => [day, files])])).toEqual([
      ['door', [[DAY, 2]]],
      ['yard', [[DAY, 1]]],
    ]);
    const { fromMs, toMs } = summary.cameras[0]!.days[0]!;
    expect([fromMs, toMs]).toEqual([NOON_MS - 12 * HOUR_MS, NOON_MS + 12 * HOUR_MS]);
  });
});

describe('deleting', () => {
  const formats = ['jsonl', 'csv', 'parquet'] as const;

  it('takes a time out of every file, also of one that is being written, and leaves the rest as it was', async () => {
    const place = folder();
    const { keeping, log } = await keepingWorld(place, { formats });
    for (let minute = 0; minute < 10; minute++) {
      for (const source of ['door', 'yard']) {
        keeping.take(frameAt(NOON_MS + minute * MINUTE_MS, source));
        keeping.take(episodeAt(NOON_MS + minute * MINUTE_MS, source));
        keeping.take(ruleAt(NOON_MS + minute * MINUTE_MS, source));
      }
    }
    const range = { source: 'door', fromMs: NOON_MS + 3 * MINUTE_MS, toMs: NOON_MS + 6 * MINUTE_MS };
    const removal = await keeping.remove(range);
    expect(removal).toMatchObject({ removed: 0, rewritten: 6 });
    expect(removal.freedBytes).toBeGreaterThan(0);
    await keeping.close();
    const left = [0, 1, 2, 6, 7, 8, 9].map((minute) => NOON_MS + minute * MINUTE_MS);
    for (const ending of ['.records.jsonl', '.episodes.jsonl', '.rules.jsonl', '.minutes.jsonl']) {
      expect(timesIn(pathTo(place, NOON_MS, ending)), ending).toEqual(left);
      expect(timesIn(join(place, named(NOON_MS, ending, 'yard'))), ending).toHaveLength(10);
    }
    const instants = left.map((atMs) => new Date(atMs).toISOString());
    const csv = readFileSync(pathTo(place, NOON_MS, '.csv'), 'utf8')
      .trim()
      .split('\n');
    expect(csv[0]).toMatch(/^source,.*,wall_time$/);
    expect(csv.slice(1).map((row) => row.split(',').at(-1))).toEqual(instants);
    const [kept, whole] = await Promise.all(
      ['door', 'yard'].map(async (source) =>
        parquetReadObjects({ file: await asyncBufferFromFile(join(place, named(NOON_MS, '.parquet', source))) }),
      ),
    );
    expect(kept!.map((row) => row.wall_time)).toEqual(instants);
    const strip = (row: object) => ({ ...row, source: '' });
    expect(kept!.map(strip)).toEqual(whole!.filter((_, index) => index < 3 || index > 5).map(strip));
    expect(filesBelow(place).some((name) => name.includes('.writing'))).toBe(false);
    expect(log).toEqual(['keep: deleted by request: 0 files, and parts of 6']);
  });

  it('takes whole files and empty folders away', async () => {
    const place = folder();
    const { keeping } = await keepingWorld(place, { formats });
    keeping.take(frameAt(NOON_MS));
    const removal = await keeping.remove({ source: 'door', fromMs: NOON_MS, toMs: NOON_MS + MINUTE_MS });
    expect(removal).toMatchObject({ removed: 4, rewritten: 0 });
    expect(filesBelow(place)).toEqual([]);
    expect((await keeping.summary()).cameras).toEqual([]);
    keeping.take(frameAt(NOON_MS + HOUR_MS));
    await keeping.close();
    expect(filesBelow(place)).toContain(named(NOON_MS + HOUR_MS, '.records.jsonl'));
  });

  it('takes a minute that reaches into the time, and a clip that does', async () => {
    const place = folder();
    const { keeping } = await keepingWorld(place);
    keeping.take(frameAt(NOON_MS));
    keeping.take(frameAt(NOON_MS + 30_000));
    await keeping.remove({ source: 'door', fromMs: NOON_MS + 20_000, toMs: NOON_MS + 40_000 });
    writeFileSync(pathTo(place, NOON_MS + 10_000, '-smiles.mp4'), 'clip');
    writeFileSync(pathTo(place, NOON_MS + 10_000, '-smiles.jpg'), 'picture');
    await keeping.remove({ source: 'door', fromMs: NOON_MS + 10_900, toMs: NOON_MS + 12_000 });
    await keeping.close();
    expect(filesBelow(place)).toEqual([named(NOON_MS, '.records.jsonl'), named(NOON_MS + 10_000, '-smiles.jpg')]);
    expect(timesIn(pathTo(place, NOON_MS, '.records.jsonl'))).toEqual([NOON_MS]);
  });
});
