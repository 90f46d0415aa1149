import { expect, test } from 'vitest';
import { type GridRow, MAX_FILLED_US, type Moment, Resampler } from '../../../src/sinks/resample.js';

const moment = (frame: number, ms: number, faces: Record<number, (number | null)[]>): Moment => ({
  frame,
  ptsUs: ms * 1000,
  faces: new Map(Object.entries(faces).map(([track, values]) => [Number(track), values])),
});

/** Rows of a whole sequence at 25 Hz as [step, { track: values }]. */
function rowsOf(moments: readonly Moment[]): [number, Record<number, readonly (number | null)[]>][] {
  const resampler = new Resampler(25);
  const rows: GridRow[] = moments.flatMap((each) => [...resampler.advance(each)]);
  return rows.map(({ step, faces }) => [step, Object.fromEntries(faces)]);
}

test('frames on the grid come through unchanged', () => {
  expect(rowsOf([moment(0, 0, { 1: [0.5] }), moment(1, 40, { 1: [0.7] })])).toEqual([
    [0, { 1: [0.5] }],
    [1, { 1: [0.7] }],
  ]);
});

test('between two frames values are linear', () => {
  const rows = rowsOf([moment(0, 20, { 1: [0, 1] }), moment(1, 120, { 1: [1, 0] })]);
  expect(rows.map(([step]) => step)).toEqual([1, 2, 3]);
  expect(rows.map(([, faces]) => faces[1]![0])).toEqual([expect.closeTo(0.2, 9), expect.closeTo(0.6, 9), 1]);
  expect(rows[0]![1][1]![1]).toBeCloseTo(0.8, 9);
});

test('a slow sample rate is interpolated too: neighbouring frames, not a fixed gap', () => {
  const rows = rowsOf([moment(0, 0, { 1: [0] }), moment(1, 1000, { 1: [1] })]);
  expect(rows).toHaveLength(26);
  expect(rows[5]![1][1]![0]).toBeCloseTo(0.2, 9);
});

test.each([
  ['a face comes', { 2: [1] }, { 1: [1], 2: [1] }, { 2: [1] }],
  ['a face goes', { 1: [1], 2: [1] }, { 2: [1] }, { 2: [1] }],
  ['a value begins', { 1: [null, 1] }, { 1: [1, 1] }, { 1: [null, 1] }],
  ['a value ends', { 1: [1, 1] }, { 1: [null, 1] }, { 1: [null, 1] }],
])('%s: nothing is invented between the frames', (_, before, after, expected) => {
  const rows = rowsOf([moment(0, 20, before), moment(1, 60, after)]);
  expect(rows).toEqual([[1, expected]]);
});

test.each([
  ['frames in between are missing', moment(5, 120, { 1: [1] })],
  ['the gap is longer than 5 s', moment(1, 5_120, { 1: [1] })],
])('%s: rows are there and empty', (_, later) => {
  const rows = rowsOf([moment(0, 20, { 1: [0] }), later]);
  expect(rows.length).toBe(Math.floor(later.ptsUs / 40_000));
  for (const [step, faces] of rows) expect(faces).toEqual(step * 40_000 === later.ptsUs ? { 1: [1] } : {});
});

test('broken time stamps neither fill a disk nor go backwards', () => {
  const far = MAX_FILLED_US / 1000 + 1000;
  const rows = rowsOf([
    moment(0, 0, { 1: [0] }),
    moment(1, far, { 1: [1] }),
    moment(2, 40, { 1: [2] }),
    moment(3, far + 40, { 1: [3] }),
  ]);
  expect(rows.map(([step]) => step)).toEqual([0, far / 40, far / 40 + 1]);
});

test('rows begin at the first frame, and never before 0', () => {
  expect(rowsOf([moment(0, -100, { 1: [0] }), moment(1, 90, { 1: [1] })]).map(([step]) => step)).toEqual([0, 1, 2]);
  expect(rowsOf([moment(0, 1001, { 1: [0] }), moment(1, 1090, { 1: [1] })]).map(([step]) => step)).toEqual([26, 27]);
});
