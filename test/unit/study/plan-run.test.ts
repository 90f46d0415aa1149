import { describe, expect, it } from 'vitest';
import { taskOf } from '../../../src/study/plan-run.js';
import type { MadeFrom, VideoRun } from '../../../src/study/study-run.js';

const madeFrom: MadeFrom = {
  mien: '1.0.0',
  models: { 'mien-affect': '7' },
  file: { bytes: 10, ends: 'aa' },
  analysis: {
    ...{
      fps: null,
      mode: 'full',
      model: 'large',
      words: false,
      landmarks: '68',
      formats: ['jsonl', 'people'],
      rotate: 'auto',
    },
    ...{ maxSide: 1280, minFace: 24, blurOthers: false, joinAppearance: false, baseline: true },
  },
};
const run = (changes: Partial<VideoRun> = {}): VideoRun => ({
  ...{ id: 'v1', session: 'S1', state: 'complete', error: null, madeFrom, map: null, isCut: false, summary: null },
  ...changes,
});
const WHOLE = { results: true, journal: false };
const now = { madeFrom, map: null };

describe('what is to be done with a video', () => {
  it('is all of it where it is new, and nothing where it is whole', () => {
    expect(taskOf(undefined, now, { results: false, journal: false })).toEqual({
      ...{ type: 'analyze', how: 'anew', why: 'new' },
    });
    expect(taskOf(run(), now, WHOLE)).toEqual({ type: 'done' });
    expect(taskOf(run({ state: 'damaged' }), now, WHOLE)).toEqual({ type: 'done' });
  });

  it('says what has changed', () => {
    const changed = {
      ...{ mien: '1.1.0', models: { 'mien-affect': '8' }, file: { bytes: 11, ends: 'aa' } },
      analysis: { ...madeFrom.analysis, fps: 10, formats: ['jsonl', 'people', 'csv'] },
    };
    expect(taskOf(run(), { madeFrom: changed, map: null }, WHOLE)).toEqual({
      type: 'analyze',
      how: 'anew',
      why: 'changed: the file, fps none to 10, formats jsonl+people to jsonl+people+csv, mien 1.0.0 to 1.1.0, mien-affect 7 to 8',
    });
  });

  it('is the rest where an analysis did not end, if nothing has changed', () => {
    const open = { results: false, journal: true };
    expect(taskOf(run({ state: 'begun' }), now, open)).toMatchObject({ how: 'resume' });
    const other = { madeFrom: { ...madeFrom, mien: '2' }, map: null };
    expect(taskOf(run({ state: 'begun' }), other, open)).toMatchObject({ how: 'anew' });
    expect(taskOf(run({ state: 'begun' }), now, { results: false, journal: false })).toMatchObject({ how: 'anew' });
  });

  it('is all of it where it failed, or its results are gone', () => {
    expect(taskOf(run({ state: 'failed' }), now, { results: false, journal: false })).toMatchObject({
      why: 'failed before',
    });
    expect(taskOf(run(), now, { results: false, journal: false })).toMatchObject({ why: 'its results are gone' });
  });

  it('is naming where only the map of people is another, unless it is painted into pictures', () => {
    expect(taskOf(run({ map: 'old' }), { madeFrom, map: 'new' }, WHOLE)).toEqual({ type: 'name' });
    const blurred = { ...madeFrom, analysis: { ...madeFrom.analysis, blurOthers: true } };
    expect(taskOf(run({ map: 'old', madeFrom: blurred }), { madeFrom: blurred, map: 'new' }, WHOLE)).toEqual({
      ...{ type: 'analyze', how: 'anew', why: 'changed: the map of people' },
    });
  });

  it('is never a new analysis where someone was deleted', () => {
    const other = { madeFrom: { ...madeFrom, mien: '2' }, map: null };
    expect(taskOf(run({ isCut: true }), other, WHOLE)).toEqual({ type: 'kept', why: 'changed: mien 1.0.0 to 2' });
  });
});
