import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { asyncBufferFromFile } from 'hyparquet/src/node.js';
import { expect, test } from 'vitest';
import type { FaceRecord } from '../../../src/domain/records.js';
import { RECORD_COLUMNS } from '../../../src/record/record-columns.js';
import { ROW_GROUP } from '../../../src/sinks/parquet-file.js';
import { createParquetSink } from '../../../src/sinks/parquet-sink.js';
import { fullAfter } from '../../support/full-disk.js';
import { emptyFrame, faceRecord, unreadableFace } from '../../support/record-builders.js';
import { tempFolders } from '../../support/temp-folder.js';

const folder = tempFolders();
const targetIn = (dir: string) => ({ base: join(dir, 'x'), overwrite: false });

async function written(path: string) {
  const file = await asyncBufferFromFile(path);
  return { metadata: await parquetMetadataAsync(file), rows: await parquetReadObjects({ file }) };
}

const expectedRow = (record: FaceRecord) =>
  Object.fromEntries(RECORD_COLUMNS.map(({ name, value }) => [name, value(record) ?? undefined]));
const plain = (row: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value ?? undefined]));

test('rows come back with their types and nulls', async () => {
  const dir = folder();
  const sink = await createParquetSink(targetIn(dir));
  const records = [faceRecord(0), emptyFrame(1), unreadableFace(2, { track: 2, blink: true })];
  for (const record of records) await sink.records([record]);
  await sink.close();
  const { metadata, rows } = await written(join(dir, 'x.parquet'));
  expect(rows.map(plain)).toEqual(records.map(expectedRow));
  expect(rows[1]).toMatchObject({ track: null, label: null, emotion_raw_happiness: null, blink: null });
  const types = Object.fromEntries(
    metadata.schema.map(({ name, type, converted_type }) => [name, converted_type ?? type]),
  );
  expect(types).toMatchObject({ frame: 'INT32', track: 'INT32', pts_s: 'DOUBLE', label: 'UTF8', blink: 'BOOLEAN' });
});

test('a run without records leaves a valid file with all columns', async () => {
  const dir = folder();
  const sink = await createParquetSink(targetIn(dir));
  await sink.close();
  const { metadata, rows } = await written(join(dir, 'x.parquet'));
  expect(rows).toEqual([]);
  expect(metadata.schema.slice(1).map(({ name }) => name)).toEqual(RECORD_COLUMNS.map(({ name }) => name));
});

test('rows are written in groups of bounded size while the run goes on', async () => {
  const dir = folder();
  const sink = await createParquetSink(targetIn(dir));
  const count = ROW_GROUP * 2 + 5;
  for (let frame = 0; frame < ROW_GROUP; frame++) await sink.records([emptyFrame(frame)]);
  const early = readFileSync(join(dir, 'x.parquet')).byteLength;
  expect(early).toBeGreaterThan(1000);
  // More records than one group in a single call.
  await sink.records(Array.from({ length: count - ROW_GROUP }, (_, index) => emptyFrame(ROW_GROUP + index)));
  await sink.close();
  const { metadata, rows } = await written(join(dir, 'x.parquet'));
  expect(metadata.row_groups.map(({ num_rows }) => Number(num_rows))).toEqual([ROW_GROUP, ROW_GROUP, 5]);
  expect(rows.map(({ frame }) => frame)).toEqual(Array.from({ length: count }, (_, frame) => frame));
});

test('a disk that fills up between groups leaves a readable file of the groups before', async () => {
  const dir = folder();
  let full = false;
  const none = fullAfter(0);
  const sink = await createParquetSink({
    ...targetIn(dir),
    // Room again for the footer: cutting back the failed group freed some.
    write: async (handle, bytes, position) =>
      full && bytes.byteLength > 20_000
        ? none(handle, bytes, position)
        : (await handle.write(bytes, 0, bytes.byteLength, position)).bytesWritten,
  });
  const batch = (from: number) => Array.from({ length: ROW_GROUP }, (_, index) => faceRecord(from + index));
  await sink.records(batch(0));
  full = true;
  // Values that do not repeat, so that the group is large.
  const varied = batch(ROW_GROUP).map((record, index) => ({ ...record, confidence: (index * 0.6180339887) % 1 }));
  await expect(sink.records(varied)).rejects.toMatchObject({ code: 'OUTPUT_UNWRITABLE' });
  await expect(sink.records([faceRecord(0)])).rejects.toMatchObject({ code: 'OUTPUT_UNWRITABLE' });
  await expect(sink.close()).rejects.toMatchObject({ code: 'OUTPUT_UNWRITABLE' });
  const { rows } = await written(join(dir, 'x.parquet'));
  expect(rows.map(({ frame }) => frame)).toEqual(Array.from({ length: ROW_GROUP }, (_, frame) => frame));
});

test('a first group that cannot be written leaves a valid file without rows', async () => {
  const dir = folder();
  let calls = 0;
  const sink = await createParquetSink({
    ...targetIn(dir),
    write: async (handle, bytes, position) => {
      if (calls++ === 0) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
      return (await handle.write(bytes, 0, bytes.byteLength, position)).bytesWritten;
    },
  });
  await sink.records([faceRecord(0)]);
  await expect(sink.close()).rejects.toMatchObject({ code: 'OUTPUT_UNWRITABLE' });
  expect((await written(join(dir, 'x.parquet'))).rows).toEqual([]);
});
